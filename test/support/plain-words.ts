import { parseAst } from 'rolldown/parseAst';

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

/** A sentence names who acts, and says it with the verb that the documents of other projects use. */
const STANDARD_WORDING: Readonly<Record<string, string>> = {
  'nobody|no one': 'no process, no component or no user',
  'somebody|someone|anybody|anyone': 'a process, a component or a user',
  'everybody|everyone': 'every client or every user',
  'whoever|whom': 'the client or the user that …',
  anew: 'recreate, restart or repeat',
  'says so': 'reports it, or prints the reason',
  'half-made': 'incomplete',
  honest: 'valid',
  lately: 'recently',
  'in force': 'in effect',
  'go around|goes around|walk around|walked around': 'bypass',
  'hand on|hands on|handed on': 'forward',
  'out of its time|out of their time': 'expired or not yet valid',
  'wanted|as wanted|as it was wanted': 'expected, or matches the plan',
  'prove|proves|proved|proven|proving|proof|proofs': 'verify, evidence',
};

/** What is no word of ours: code, addresses of links and of pages, blocks of commands with what they print. */
const NO_PROSE = /```[^]*?```|`[^`\n]*`|\]\([^)\s]*\)|<!--[^]*?-->/g;

/** Words in prose that have a standard term, each with that term; `[]` when there is none. */
export function oddWords(prose: string): readonly string[] {
  return found(STANDARD_TERMS, prose.replaceAll(NO_PROSE, ' '));
}

/** Words in prose that leave open who acts or what happens, each with the standard wording; `[]` when there is none. */
export function oddWording(prose: string): readonly string[] {
  return found(STANDARD_WORDING, prose.replaceAll(NO_PROSE, ' '));
}

function found(terms: Readonly<Record<string, string>>, text: string): readonly string[] {
  return Object.entries(terms).flatMap(([words, term]) =>
    [...text.matchAll(new RegExp(String.raw`(?<![\w/-])(?:${words})(?![\w/-])`, 'gi'))].map(
      ([word]) => `${word}: say ${term}`,
    ),
  );
}

/** A string that holds a program of its own, which runs elsewhere. */
const PROGRAM = /^\s*use strict;/;

/** Texts of a program that a person reads: strings with a blank in them, and every string within one; `…` for the rest. */
export function messagesIn(source: string): readonly string[] {
  const texts: string[] = [];
  const read = (node: unknown, inText: boolean): void => {
    if (typeof node !== 'object' || node === null) return;
    const text = textOf(node);
    if (text !== undefined && (inText || / /.test(text.trim())) && !PROGRAM.test(text)) texts.push(text);
    for (const value of Object.values(node)) read(value, inText || isTemplate(node));
  };
  read(parseAst(source, { lang: 'ts' }).body, false);
  return texts;
}

const isTemplate = (node: object): boolean => 'type' in node && node.type === 'TemplateLiteral';

function textOf(node: object): string | undefined {
  if (isTemplate(node) && 'quasis' in node && Array.isArray(node.quasis))
    return node.quasis
      .map((quasi: { readonly value: { readonly raw: string } }) => quasi.value.raw)
      .join('…');
  if (!('type' in node) || node.type !== 'Literal' || !('value' in node)) return undefined;
  return typeof node.value === 'string' ? node.value : undefined;
}
