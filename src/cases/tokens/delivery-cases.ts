import type { TokenReason } from '../../trust/token-reason.ts';

/**
 * Ways to hand a good token over that another component may read differently. Each is refused, or the
 * token that was judged is the only one that the app receives. Measured on the pinned Caddy and Envoy.
 */
export interface DeliveryCase {
  readonly id: string;
  readonly why: string;
  readonly expected: DeliveryVerdict;
}

export type DeliveryVerdict =
  | { readonly kind: 'judged'; readonly subject: 'alice' | 'bob' }
  | { readonly kind: 'refused'; readonly status: 401 | 403; readonly reason: TokenReason };

/** Nothing that the sidecar takes for a token: its policies refuse. */
const NO_TOKEN = { kind: 'refused', status: 403, reason: 'ACCESS_DENIED' } as const;
const refusedAs = <const Reason extends TokenReason>(reason: Reason) =>
  ({ kind: 'refused', status: 401, reason }) as const;
/** Several credentials are one text with commas to Envoy, and no token. */
const SEVERAL = refusedAs('MALFORMED');
const ALICE = { kind: 'judged', subject: 'alice' } as const;

export const DELIVERIES = [
  { id: 'doubled', why: 'two headers: alice’s token, then bob’s', expected: SEVERAL },
  { id: 'doubled-reversed', why: 'two headers: bob’s token, then alice’s', expected: SEVERAL },
  { id: 'doubled-with-forged', why: 'two headers: alice’s token, then a forged one', expected: SEVERAL },
  { id: 'doubled-forged-first', why: 'two headers: a forged token, then alice’s', expected: SEVERAL },
  { id: 'comma-joined', why: 'two credentials in one header', expected: SEVERAL },
  { id: 'comma-joined-tokens', why: 'two tokens after one scheme', expected: SEVERAL },
  { id: 'trailing-comma', why: 'a comma after the token', expected: SEVERAL },
  {
    id: 'trailing-bytes',
    why: 'a space and more bytes after the token',
    expected: refusedAs('SIGNATURE_BAD'),
  },
  { id: 'other-scheme', why: 'the token as Basic credentials', expected: NO_TOKEN },
  { id: 'scheme-lower-case', why: 'the scheme spelled bearer', expected: NO_TOKEN },
  { id: 'scheme-upper-case', why: 'the scheme spelled BEARER', expected: NO_TOKEN },
  { id: 'no-scheme', why: 'the token without a scheme', expected: NO_TOKEN },
  { id: 'two-blanks', why: 'two spaces after the scheme', expected: ALICE },
  { id: 'proxy-authorization', why: 'in the header for proxies', expected: NO_TOKEN },
  { id: 'query', why: 'in the query', expected: NO_TOKEN },
  { id: 'cookie', why: 'in a cookie', expected: NO_TOKEN },
  { id: 'form', why: 'in a form body', expected: NO_TOKEN },
  { id: 'beside-a-cookie', why: 'alice’s token, and bob’s in a cookie', expected: ALICE },
] as const satisfies readonly DeliveryCase[];

export type DeliveryId = (typeof DELIVERIES)[number]['id'];
