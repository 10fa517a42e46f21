/*
 * What credentials look like, for whoever writes a log. It stands with the guests because they may import nothing
 * from outside. The expressions are of the kind that both JavaScript and Go's RE2 understand.
 */

/** Of a token's alphabet (base64url), as it is or percent-encoded, once or more often. */
const CHARACTER = '(?:[A-Za-z0-9_-]|%(?:25)*(?:2[Dd]|3[0-9]|[4-7][0-9A-Fa-f]))';
const DOT = String.raw`(?:\.|%(?:25)*2[Ee])`;

/** A JSON object in base64url, and what is joined to it by dots. */
const JWT = `eyJ${CHARACTER}*(?:${DOT}${CHARACTER}*)+`;
/** The provider's codes and refresh tokens have 43 characters; the parts of a JWT have more, percent-encoded too. */
const RANDOM = `${CHARACTER}{43,}(?:${DOT}${CHARACTER}*)*`;

/** A credential by its form alone, wherever it stands. */
export const CREDENTIAL = `${JWT}|${RANDOM}`;

const NAMES = [
  'access_token',
  'id_token',
  'id_token_hint',
  'refresh_token',
  'logout_token',
  'token',
  'subject_token',
  'actor_token',
  'code',
  'device_code',
  'user_code',
  'code_verifier',
  'client_secret',
  'client_assertion',
  'assertion',
  'password',
];

/**
 * By the name before it, which group 1 or 2 keeps: a parameter of a query or form, or the scheme of a header. Upper
 * and lower case are the same. What is shorter than eight characters is no credential: `code=403`.
 */
export const NAMED_CREDENTIAL = String.raw`(\b(?:${NAMES.join('|')})=)[^&\s"\\]{8,}|(\b(?:bearer|dpop|basic)(?:\s|\+|%20)+)[A-Za-z0-9._~+/=%-]{8,}`;

const NAMED = new RegExp(NAMED_CREDENTIAL, 'gi');
const FORM = new RegExp(CREDENTIAL, 'g');

/** What stands in a log in place of a credential. */
export const REDACTED = 'REDACTED';

/** A line of a log without what opens anything. JSON stays JSON: no credential holds a quote or a backslash. */
export function withoutCredentials(line: string): string {
  return line.replace(NAMED, `$1$2${REDACTED}`).replace(FORM, REDACTED);
}
