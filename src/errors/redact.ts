import { NAMED_CREDENTIAL } from '../guest/credential-forms.ts';

const CHARACTER = '[A-Za-z0-9_-]';
const DOT = String.raw`(?:\.|%2[Ee])`;

/** Header and claims of a JWT may be shown elsewhere, decoded; the usable whole may not. */
const JWT = new RegExp(`eyJ${CHARACTER}*(?:${DOT}${CHARACTER}*){2,}`, 'g');
/** What has its form, and is one if its header is a JSON object with white space in it, which nobody has to leave out. */
const THREE_PARTS = new RegExp(`${CHARACTER}{8,}(?:${DOT}${CHARACTER}{8,}){1,}${DOT}${CHARACTER}*`, 'g');
const PEM = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]*?(-----END \1-----|$)/g;
const NAMED = new RegExp(NAMED_CREDENTIAL, 'gi');
const SECRET_FIELD =
  /("?(?:password|client_secret|secret|code_verifier|refresh_token|access_token|id_token|device_code)"?\s*[=:]\s*"?)[^"&\s,}]+/gi;

/** Most texts hold nothing of the kind: one look is enough for them. */
const SUSPECT = new RegExp(
  String.raw`-----BEGIN|eyJ|bearer|basic|dpop|password|secret|code|token|assertion|${CHARACTER}{8}${DOT}${CHARACTER}{8}`,
  'i',
);

/** Takes keys, tokens and passwords out of text that will be shown or stored. */
export function redact(text: string): string {
  if (!SUSPECT.test(text)) return text;
  return text
    .replace(PEM, '[private key]')
    .replace(JWT, '[token]')
    .replace(THREE_PARTS, (whole) => (isJwt(whole) ? '[token]' : whole))
    .replace(NAMED, (whole, parameter?: string, scheme?: string) => {
      const kept = parameter ?? scheme ?? '';
      return whole === `${kept}[token]` ? whole : `${kept}[redacted]`;
    })
    .replace(SECRET_FIELD, (whole, name: string) => (isRedacted(whole) ? whole : `${name}[redacted]`));
}

const isRedacted = (text: string): boolean => /\[(?:token|redacted)\]$/.test(text);

function isJwt(text: string): boolean {
  const [header = ''] = text.split('.', 1);
  return /^\s*\{\s*"/.test(Buffer.from(header, 'base64url').toString('utf8'));
}

/** The same for every text in a value. The shape stays: texts become texts, and a clean value is returned as it is. */
export function redactDeep<T>(value: T): T;
export function redactDeep(value: unknown): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const cleaned = value.map((each: unknown) => redactDeep(each));
    return cleaned.every((each, index) => each === value[index]) ? value : cleaned;
  }
  let clean: Record<string, unknown> | undefined;
  for (const [key, each] of Object.entries(value)) {
    const [name, cleaned]: [string, unknown] = [redact(key), redactDeep(each)];
    if (name === key && cleaned === each) continue;
    clean ??= { ...value };
    // The name of a header is of a client's making too.
    delete clean[key];
    clean[name] = cleaned;
  }
  return clean ?? value;
}
