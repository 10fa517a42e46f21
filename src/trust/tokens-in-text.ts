import { decodeToken } from './token.ts';

const TOKEN = /eyJ[\w-]+\.[\w-]+\.[\w-]{20,}/g;

/**
 * Every text in the form of a signed JWT, as it stands there or percent-encoded up to two times, each once. Nothing is
 * verified.
 */
export function tokensIn(text: string): readonly string[] {
  const once = decoded(text);
  const found = [text, once, decoded(once)].flatMap((each) => each.match(TOKEN) ?? []);
  return [...new Set(found)].filter((token) => decodeToken(token).kind === 'jwt');
}

/** Byte by byte: text that is not meant as encoded must not be an error. */
function decoded(text: string): string {
  return text.replaceAll(/%([2-7][0-9A-Fa-f])/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}
