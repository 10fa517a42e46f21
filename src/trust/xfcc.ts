/** One element of `X-Forwarded-Client-Cert`: the pairs that one proxy wrote about its client. */
export interface XfccElement {
  /** In order; keys as received, values without quotes and escapes. Keys may repeat (By, URI, DNS). */
  readonly pairs: readonly (readonly [key: string, value: string])[];
}

export type Xfcc =
  | { readonly kind: 'elements'; readonly elements: readonly XfccElement[] }
  /** `at` counts characters from the start of the header. */
  | { readonly kind: 'malformed'; readonly at: number; readonly why: string };

type Scanned = { readonly value: string; readonly end: number } | undefined;

/**
 * Parses the header as Envoy writes it. Values may be quoted and hold commas, semicolons and `=`
 * then, so splitting would let a client's subject invent elements. Nothing is guessed: whatever does
 * not follow the grammar makes the whole header malformed.
 */
export function parseXfcc(header: string): Xfcc {
  const elements: XfccElement[] = [];
  let pairs: (readonly [string, string])[] = [];
  for (let at = 0; ;) {
    const equals = header.indexOf('=', at);
    const key = equals < 0 ? header.slice(at).trim() : header.slice(at, equals).trim();
    if (equals < 0 || !/^[A-Za-z]+$/.test(key))
      return malformed(at, `a key and = were expected, found ${JSON.stringify(key.slice(0, 20))}`);
    const scanned = scanValue(header, equals + 1);
    if (scanned === undefined) return malformed(equals + 1, 'the quoted value is not terminated');
    pairs.push([key, scanned.value]);
    const separator = header[scanned.end];
    if (separator !== ';') {
      elements.push({ pairs });
      pairs = [];
    }
    if (separator === undefined) return { kind: 'elements', elements };
    if (separator !== ';' && separator !== ',') return malformed(scanned.end, 'text after a quoted value');
    at = scanned.end + 1;
  }
}

function malformed(at: number, why: string): Xfcc {
  return { kind: 'malformed', at, why };
}

function scanValue(header: string, start: number): Scanned {
  if (header[start] === '"') return scanQuoted(header, start + 1);
  const length = header.slice(start).search(/[,;]/);
  const end = length < 0 ? header.length : start + length;
  return { value: header.slice(start, end).trim(), end };
}

/**
 * `\"` and `\\` are escapes; any other backslash stands for itself, since subjects carry the
 * escapes of RFC 2253 (`\,`) and Envoy adds none of its own.
 */
function scanQuoted(header: string, start: number): Scanned {
  let value = '';
  for (let at = start; at < header.length; at += 1) {
    const [char = '', next = ''] = [header[at], header[at + 1]];
    if (char === '"') return { value, end: at + 1 };
    const escaped = char === '\\' && (next === '"' || next === '\\');
    value += escaped ? next : char;
    if (escaped) at += 1;
  }
  return undefined;
}

/** All values of one key; keys are compared without case, as Envoy does. */
export function xfccValues({ pairs }: XfccElement, key: string): readonly string[] {
  return pairs.filter(([name]) => name.toLowerCase() === key.toLowerCase()).map(([, value]) => value);
}
