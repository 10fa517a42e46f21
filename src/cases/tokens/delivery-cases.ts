import { ADMIN, VIEWER } from '../../sample/names.ts';
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
  | { readonly kind: 'judged'; readonly subject: typeof ADMIN | typeof VIEWER }
  | { readonly kind: 'refused'; readonly status: 401 | 403; readonly reason: TokenReason };

/** Nothing that the sidecar takes for a token: its policies refuse. */
const NO_TOKEN = { kind: 'refused', status: 403, reason: 'ACCESS_DENIED' } as const;
const refusedAs = <const Reason extends TokenReason>(reason: Reason) =>
  ({ kind: 'refused', status: 401, reason }) as const;
/** Several credentials are one text with commas to Envoy, and no token. */
const SEVERAL = refusedAs('MALFORMED');
const AS_ADMIN = { kind: 'judged', subject: ADMIN } as const;

export const DELIVERIES = [
  { id: 'doubled', why: `two headers: ${ADMIN}’s token, then ${VIEWER}’s`, expected: SEVERAL },
  { id: 'doubled-reversed', why: `two headers: ${VIEWER}’s token, then ${ADMIN}’s`, expected: SEVERAL },
  { id: 'doubled-with-forged', why: `two headers: ${ADMIN}’s token, then a forged one`, expected: SEVERAL },
  { id: 'doubled-forged-first', why: `two headers: a forged token, then ${ADMIN}’s`, expected: SEVERAL },
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
  { id: 'two-blanks', why: 'two spaces after the scheme', expected: AS_ADMIN },
  { id: 'proxy-authorization', why: 'in the header for proxies', expected: NO_TOKEN },
  { id: 'query', why: 'in the query', expected: NO_TOKEN },
  { id: 'cookie', why: 'in a cookie', expected: NO_TOKEN },
  { id: 'form', why: 'in a form body', expected: NO_TOKEN },
  { id: 'beside-a-cookie', why: `${ADMIN}’s token, and ${VIEWER}’s in a cookie`, expected: AS_ADMIN },
] as const satisfies readonly DeliveryCase[];

export type DeliveryId = (typeof DELIVERIES)[number]['id'];
