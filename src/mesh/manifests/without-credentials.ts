/*
 * Operators of Envoy's access log that leave credentials out. It has none for that, but it evaluates CEL, whose
 * regular expressions may compile to 100 instructions and no more: hence several small ones, of single ranges.
 */

/** What a token looks like. The longest part of a UUID between dashes has 12 characters. */
const FORMS = [
  // A JSON object in base64url, and a dot after it, percent-encoded or not.
  'eyJ[0-z-]*[.%]',
  // Letters and digits that nobody has to encode.
  '(%[2-7][0-z]){8}',
  // Random parts, as codes, refresh tokens and signatures are.
  '[0-z]{20}',
  '[0-z]{11}-[0-z]{11}',
  '[0-z]{13}[0-z-]{25}',
  '[0-z-]{25}[0-z]{13}',
] as const;

/** `[token]` and nothing more from where a credential begins; null where there is no such value. */
function cut(value: string): string {
  return FORMS.reduceRight(
    (rest, form) =>
      `${value}.matches('${form}') ? re.extract(${value}, '^(.*?)${form}', '\\\\1[token]') : (${rest})`,
    value,
  );
}

/** A CEL expression as an operator: `)%` would end it early. */
function operator(expression: string): string {
  return `%CEL(${expression})%`;
}

const ORIGINAL_PATH = 'x-envoy-original-path';

/** The path that the client asked for, without its query: `%PATH(NQ:ORIG_OR_PATH)%` without credentials. */
export const PATH = operator(
  cut(
    `re.extract('${ORIGINAL_PATH}' in request.headers ? request.headers['${ORIGINAL_PATH}'] : request.path, '^[^?]*', '\\\\0')`,
  ),
);

export const METHOD = operator(cut('request.method'));

export const AUTHORITY = operator(cut('request.host'));

export const USER_AGENT = operator(cut('request.useragent'));

export const SERVER_NAME = operator(cut('connection.requested_server_name'));

const FORWARDED_FOR_HEADER = "request.headers['x-forwarded-for']";

/** Addresses and nothing else. */
export const FORWARDED_FOR = operator(
  `${FORWARDED_FOR_HEADER}.matches('^[0-9A-Fa-f:., ]*$') ? ${FORWARDED_FOR_HEADER} : '[no addresses]'`,
);

/** As long as a UUID, which is less than a credential. */
export const id = (header: string): string => `%REQ(${header}):36%`;
