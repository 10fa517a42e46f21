/** A secret of the lab that has a value of its own. */
export interface Canary {
  readonly what: string;
  readonly value: string;
  readonly isToken?: true;
}

const SHAPES: readonly (readonly [what: string, shape: RegExp])[] = [
  ['private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ['private JWK', /"d"\s*:\s*"[\w-]{40,}"/],
];

/** Any token at all: where nobody has to write one, it makes no difference whether it is still accepted. */
const TOKEN = ['signed token', /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{40,}/] as const;

/** Pure: what of a secret stands in the text, each once. Values are never repeated. */
export function leaksIn(text: string, canaries: readonly Canary[]): readonly string[] {
  return [...new Set([...secretsIn(text, canaries), ...shapesIn(text, [TOKEN])])];
}

/** The same, without tokens that are known by their form alone. */
export function secretsIn(text: string, canaries: readonly Canary[]): readonly string[] {
  const known = canaries.filter(({ value }) => text.includes(value)).map(({ what }) => what);
  return [...new Set([...known, ...shapesIn(text, SHAPES)])];
}

function shapesIn(text: string, shapes: readonly (readonly [string, RegExp])[]): readonly string[] {
  return shapes.filter(([, shape]) => shape.test(text)).map(([what]) => what);
}
