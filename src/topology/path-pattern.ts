/*
 * Paths as AuthorizationPolicy matches them: `/x` exactly, `/x/*` by its beginning, `*.x` by its end, `*` any.
 * Istio normalises the path of a request before it compares (DECODE_AND_MERGE_SLASHES) and leaves the query out.
 */

/** What normalisation takes out of every request: a pattern with it matches nothing. */
const NEVER_LEFT: readonly (readonly [what: RegExp, why: string])[] = [
  [/\/\//, 'has "//", which the proxies merge before they compare'],
  [/\\/, 'has "\\", which the proxies turn into "/" before they compare'],
  [/\/\.{1,2}(?:\/|$)/, 'has a segment of dots, which the proxies resolve before they compare'],
  [/%(?:2[Ff]|5[Cc])/, 'has an encoded slash, which the proxies decode before they compare'],
];

/** Why Istio cannot compare with this pattern; undefined where it can. */
export function patternProblem(pattern: string): string | undefined {
  if (pattern === '*') return undefined;
  if (/[?#]/.test(pattern)) return 'has a query or fragment: policies compare the path alone';
  if (/\s/.test(pattern) || pattern === '') return 'wants a path without blanks';
  if (/[{}]/.test(pattern)) return 'has braces: wants /x, /x/* or */x';
  const inside = pattern.slice(1, -1);
  if (inside.includes('*') || /^\*.*\*$/.test(pattern))
    return 'has "*" inside: Istio compares with one "*" at the beginning or at the end, as in /x/* or */x';
  if (!/^[/*]/.test(pattern)) return 'begins with neither / nor *';
  return NEVER_LEFT.find(([what]) => what.test(pattern))?.[1];
}

export function isPathMatch(pattern: string, path: string): boolean {
  if (pattern.endsWith('*')) return path.startsWith(pattern.slice(0, -1));
  if (pattern.startsWith('*')) return path.endsWith(pattern.slice(1));
  return path === pattern;
}

/** One path that the pattern matches. */
export function samplePath(pattern: string): string {
  if (pattern === '*') return '/';
  if (pattern.endsWith('*')) return pattern.replace(/\*$/, 'meshdev');
  if (!pattern.startsWith('*')) return pattern;
  const end = pattern.slice(1);
  return end.startsWith('/') ? `/meshdev${end}` : `/meshdev-${end}`;
}
