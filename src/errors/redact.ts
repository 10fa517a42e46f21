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

/** Takes keys, tokens and passwords out of text that will be shown or stored. */
export function redact(text: string): string {
  return SHAPES.reduce((clean, [shape, replacement]) => clean.replace(shape, replacement), text);
}
