import { APP_ID } from '../sample/names.ts';
/**
 * - `alert`: no handshake, since nobody serves that name.
 * - `misdirected`: 421 by the edge itself.
 * - `orders`, `auth`: answered by the component that the Host names, under its own policy.
 */
export type HostOutcome = 'alert' | 'misdirected' | typeof APP_ID | 'auth';

/** A connection for one name and a request for another, perhaps after an honest one over the same connection. */
export interface HostCase {
  readonly id: string;
  /** `null`: none is sent. `HTTPBIN`, `AUTH`, `ZONE` stand for names of the lab. */
  readonly sni: string | null;
  /** With `PORT` where the lab's is meant. */
  readonly host: string;
  readonly protocol: 'http/1.1' | 'h2';
  readonly outcome: HostOutcome;
}

type Row = readonly [id: string, sni: string | null, host: string, outcome: HostOutcome, h2?: HostOutcome];

const ROWS: readonly Row[] = [
  ['own', 'HTTPBIN', 'HTTPBIN:PORT', APP_ID],
  ['own-auth', 'AUTH', 'AUTH:PORT', 'auth'],
  ['auth-host', 'HTTPBIN', 'AUTH:PORT', 'misdirected'],
  [`${APP_ID}-host`, 'AUTH', 'HTTPBIN:PORT', 'misdirected'],
  ['foreign-host', 'HTTPBIN', 'forged.example.test:PORT', 'misdirected'],
  ['sibling', 'HTTPBIN', 'sibling.ZONE:PORT', 'misdirected'],
  ['parent', 'HTTPBIN', 'ZONE:PORT', 'misdirected'],
  ['child', 'HTTPBIN', 'x.HTTPBIN:PORT', 'misdirected'],
  ['gateway-name', 'HTTPBIN', 'gateway.ZONE:PORT', 'misdirected'],
  ['cluster-name', 'HTTPBIN', `${APP_ID}.apps.svc.cluster.local:8000`, 'misdirected'],
  ['address', 'HTTPBIN', '127.0.0.1:PORT', 'misdirected'],
  ['localhost', 'HTTPBIN', 'localhost:PORT', 'misdirected'],
  // Names are compared as they are spelt: stricter than DNS, and clients send lower case.
  ['upper-case', 'HTTPBIN', 'HTTPBIN-UPPER:PORT', 'misdirected'],
  ['other-port', 'HTTPBIN', 'HTTPBIN:1', APP_ID],
  ['no-port', 'HTTPBIN', 'HTTPBIN', APP_ID],
  ['trailing-dot', 'HTTPBIN', 'HTTPBIN.:PORT', 'misdirected'],
  ['sni-upper-case', 'HTTPBIN-UPPER', 'HTTPBIN:PORT', 'alert'],
  ['sni-unknown', 'unserved.ZONE', 'HTTPBIN:PORT', 'alert'],
  ['sni-none', null, 'HTTPBIN:PORT', 'alert'],
  ['sni-parent', 'ZONE', 'HTTPBIN:PORT', 'alert'],
  ['sni-child', 'x.HTTPBIN', 'HTTPBIN:PORT', 'alert'],
  ['sni-foreign', 'forged.example.test', 'HTTPBIN:PORT', 'alert'],
  ['sni-gateway', 'gateway.ZONE', 'HTTPBIN:PORT', 'alert'],
];

/** Over HTTP/1.1 and HTTP/2. All requests of one SNI share one HTTP/2 connection, as a browser coalesces them. */
export const HOST_CASES: readonly HostCase[] = ROWS.flatMap(([id, sni, host, outcome, h2 = outcome]) => [
  { id, sni, host, protocol: 'http/1.1' as const, outcome },
  { id: `h2-${id}`, sni, host, protocol: 'h2' as const, outcome: h2 },
]);
