/** A SPIFFE ID of any shape. */
export interface SpiffeId {
  readonly trustDomain: string;
  /** Empty, or segments each with a leading slash. */
  readonly path: string;
}

const TRUST_DOMAIN = /^[a-z0-9._-]{1,255}$/;
const SEGMENT = /^[A-Za-z0-9._-]+$/;

/** Strict in the sense of the SPIFFE ID specification §2: undefined for anything it forbids. */
export function parseSpiffe(uri: string): SpiffeId | undefined {
  if (uri.length > 2048 || !uri.startsWith('spiffe://')) return undefined;
  const [trustDomain = '', ...segments] = uri.slice('spiffe://'.length).split('/');
  const good = segments.every((segment) => SEGMENT.test(segment) && segment !== '.' && segment !== '..');
  if (!TRUST_DOMAIN.test(trustDomain) || !good) return undefined;
  return { trustDomain, path: segments.map((segment) => `/${segment}`).join('') };
}
