/**
 * What differs from run to run and from machine to machine, and is recognised by its form. It is replaced by
 * a name in what a document says and in what was seen, so that it may differ and may not be missing.
 * Whatever has no form here is written as `…` in the document.
 */
const FORMS: readonly (readonly [name: string, form: RegExp])[] = [
  ['<time>', /\b\d{4}-\d\d-\d\dT[\d:.]+Z/g],
  ['<uuid>', /\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b/g],
  ['<digest>', /\b[\da-f]{64}\b/g],
  ['<key>', /\b[\da-f]{16}\b/g],
  // Of container networks: 127.0.0.1 is always the same.
  ['<address>', /\b(?:10|172|192)(?:\.\d{1,3}){3}\b/g],
  ['<duration>', /\b\d+(?:\.\d+)? (?:ms|s|min|h)\b/g],
  // With the blanks that align it.
  ['<size>', / *\b\d+(?:\.\d+)? (?:kB|KB|MB|GB)\b/g],
  ['pid <number>', /\bpid \d+\b/g],
  ['--https-port <port>', /--https-port \d+\b/g],
  // None is never some: "0 fail" stays.
  [
    '<some>',
    /\b[1-9]\d*(?= (?:checks?|negative|verdicts?|pass|warn|fail|unknown|skip|proved|forgeries refused|could not be seen|×)(?:\b|$| ))/g,
  ],
  // Counters of a proxy, which count what else happened meanwhile.
  ['+<some>', /\+[1-9]\d*\b/g],
];

/** A line with every variable form replaced by its name. */
export function withoutVariables(line: string): string {
  return FORMS.reduce((text, [name, form]) => text.replaceAll(form, name), line);
}
