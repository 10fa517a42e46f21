/** Words that other projects do not use for these things, and the standard term of each. */
const STANDARD_TERMS: Readonly<Record<string, string>> = {
  'lane|lanes': 'connection',
  'twin|twins': 'decoy',
  'imposter|imposters': 'rogue server',
  intruder: 'non-mesh client',
  'party|parties': 'component',
  'witness|witnesses': 'probe context',
  'sabotage|sabotages|sabotaged': 'fault injection',
  'walks|a walk|one walk|each walk': 'traced request',
};

/** What is no word of ours: code, addresses of links and of pages, blocks of commands with what they print. */
const NO_PROSE = /```[^]*?```|`[^`\n]*`|\]\([^)\s]*\)|<!--[^]*?-->/g;

/** Words in prose that have a standard term, each with that term; `[]` when there is none. */
export function oddWords(prose: string): readonly string[] {
  const text = prose.replaceAll(NO_PROSE, ' ');
  return Object.entries(STANDARD_TERMS).flatMap(([words, term]) =>
    [...text.matchAll(new RegExp(String.raw`(?<![\w/-])(?:${words})(?![\w/-])`, 'gi'))].map(
      ([word]) => `${word}: say ${term}`,
    ),
  );
}

/** A sentence names who acts: the component, the user, the client. */
const NO_ONE = /(?<![\w/-])(?:nobody|somebody|anybody|everybody|whoever|whom|says so)(?![\w/-])/gi;

/** Generated tables: their text is changed in src. */
const GENERATED = /<!-- generated [^]*?<!-- end of the generated part -->/g;

/** Words in the prose of a page that leave open who does something; `[]` when there is none. */
export function unnamedActors(page: string): readonly string[] {
  const text = page.replaceAll(GENERATED, ' ').replaceAll(NO_PROSE, ' ');
  return [...text.matchAll(NO_ONE)].map(([word]) => word);
}

/** Texts of a program that a person reads: strings with a blank in them, without what is filled in. */
export function messagesIn(source: string): readonly string[] {
  const code = source.replaceAll(/\/\*[^]*?\*\//g, '').replaceAll(/(?<!:)\/\/.*$/gm, '');
  const strings = code.matchAll(/'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\\n]|\\.)*)`/g);
  return [...strings]
    .map(([, single, template]) => single ?? template ?? '')
    .map((text) => text.replaceAll(/\$\{[^}]*\}/g, '…').replace(/\$\{.*/, '…'))
    .filter((text) => / /.test(text.trim()));
}
