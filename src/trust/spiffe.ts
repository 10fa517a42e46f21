import type { WorkloadIdentity } from '../topology/identity.ts';

/** A SPIFFE ID of any shape. Istio's own shape is {@link WorkloadIdentity}. */
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

export function formatSpiffe({ trustDomain, path }: SpiffeId): string {
  return `spiffe://${trustDomain}${path}`;
}

/** The workload that Istio's form `/ns/…/sa/…` names; undefined for every other SPIFFE ID. */
export function parseWorkload(uri: string): WorkloadIdentity | undefined {
  const id = parseSpiffe(uri);
  const [, namespace, serviceAccount] = /^\/ns\/([^/]+)\/sa\/([^/]+)$/.exec(id?.path ?? '') ?? [];
  if (id === undefined || namespace === undefined || serviceAccount === undefined) return undefined;
  return { trustDomain: id.trustDomain, namespace, serviceAccount };
}
