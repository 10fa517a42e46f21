const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]*?(-----END \1-----|$)/g, '[private key]'],
  // Header and claims of a JWT may be shown elsewhere, decoded; the usable whole may not.
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g, '[token]'],
  [/\b(Bearer|Basic) +[A-Za-z0-9._~+/=-]{8,}/gi, '$1 [redacted]'],
  [
    /("?(?:password|client_secret|secret|code_verifier|refresh_token)"?\s*[=:]\s*"?)[^"&\s,}]+/gi,
    '$1[redacted]',
  ],
];

/** Most texts hold nothing of the kind: one look is enough for them. */
const SUSPECT = /-----BEGIN|eyJ|bearer|basic|password|secret|code_verifier|refresh_token/i;

/** Takes keys, tokens and passwords out of text that will be shown or stored. */
export function redact(text: string): string {
  if (!SUSPECT.test(text)) return text;
  return SHAPES.reduce((clean, [shape, replacement]) => clean.replace(shape, replacement), text);
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
    const cleaned: unknown = redactDeep(each);
    if (cleaned !== each) (clean ??= { ...value })[key] = cleaned;
  }
  return clean ?? value;
}
