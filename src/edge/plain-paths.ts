/*
 * `strictPaths`: which request targets the edge lets pass. RE2 and JavaScript read both expressions alike,
 * so the edge's configuration and the checks follow from the same text.
 */

const HEX = '[0-9a-f]';
const TAIL = `%[89ab]${HEX}`;

/** A percent sign, a dot, a slash, a backslash, a semicolon and control characters may not be encoded. */
const ENCODED_ASCII = '%(?:2[0-46-9a-d]|3[0-9ac-f]|[46][0-9a-f]|5[0-9abd-f]|7[0-9a-e])';

/** RFC 3629: the shortest form of each character, and no halves of pairs. */
const ENCODED_UTF8 = [
  `%(?:c[2-9a-f]|d${HEX})${TAIL}`,
  `%e0%[ab]${HEX}${TAIL}`,
  `%e(?:[1-9a-cef])${TAIL}${TAIL}`,
  `%ed%[89]${HEX}${TAIL}`,
  `%f0%[9ab]${HEX}${TAIL}${TAIL}`,
  `%f[1-3]${TAIL}${TAIL}${TAIL}`,
  `%f4%8${HEX}${TAIL}${TAIL}`,
].join('|');

const SIGN = `(?:[-A-Za-z0-9._~!$&'()*+,=:@]|${ENCODED_ASCII}|${ENCODED_UTF8})`;

/** A path of named segments, each once, and a query. */
export const PLAIN_TARGET = `^/(?:${SIGN}+(?:/${SIGN}+)*/?)?(?:[?].*)?$`;

/** Segments of dots, and the full-width forms of dot, slash and backslash, which some programs fold to them. */
export const FOLDED_TARGET = '^[^?]*(?:/[.][.]?(?:[/?]|$)|%ef%bc%(?:8e|8f|bc))';

/** Whether the edge lets this target pass when `strictPaths` is set. */
export function isPlainTarget(target: string): boolean {
  return new RegExp(PLAIN_TARGET, 'i').test(target) && !new RegExp(FOLDED_TARGET, 'i').test(target);
}
