/**
 * - `status`: this status with exactly this body, and nothing that says it came from behind the edge.
 * - `bytes`: these bytes, outside of TLS.
 * - `alert`: the handshake ends with this alert.
 * - `closed`: the connection ends without data. `stream-reset`: the stream of HTTP/2 does.
 */
type Expected =
  | { readonly kind: 'status'; readonly status: number; readonly body: string }
  | { readonly kind: 'bytes'; readonly text: string }
  | { readonly kind: 'alert'; readonly alert: string }
  | { readonly kind: 'closed' }
  | { readonly kind: 'stream-reset' };

interface Handshake {
  readonly servername?: string;
  readonly alpn?: readonly string[];
  readonly maxVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
}

/**
 * In texts LF stands for CR LF, `HOST` for the public authority, `AGENT` for the User-Agent line, `TOKEN` for the
 * Authorization line, `LARGE` for more than 1 MiB.
 */
type Sending =
  | { readonly kind: 'raw'; readonly text: string }
  | {
      readonly kind: 'h2';
      /** Method and path. */
      readonly line: string;
      readonly length?: string;
      readonly body?: string;
    }
  | { readonly kind: 'plain'; readonly text: string }
  | { readonly kind: 'handshake'; readonly tls: Handshake };

/** What nobody behind the edge decides. */
export interface OwnAnswer {
  readonly id: string;
  readonly why: string;
  readonly send: Sending;
  readonly answer: Expected;
  /** Whether the edge's log has a record of it; else why there is none. */
  readonly record: true | string;
  /**
   * Its head may have gone on before the edge noticed. So it carries a token that the whole way accepts: otherwise
   * the gateway's refusal of the head and the edge's of the body would race.
   */
  readonly begun?: true;
  /** Only where `strictPaths` is set. */
  readonly strictOnly?: true;
}

const UNREAD = 'the Go server refuses it before Caddy has a request to log';
/** Why failed handshakes have no record. */
export const HANDSHAKE =
  'Caddy logs requests, and there was none: it logs failed handshakes only at level DEBUG';

/** Refused by Go's server over HTTP/1.1. */
export function goRefuses(id: string, why: string, text: string, status: number, body: string): OwnAnswer {
  return { id, why, send: { kind: 'raw', text }, answer: { kind: 'status', status, body }, record: UNREAD };
}

export function overHttp2(
  id: string,
  why: string,
  line: string,
  answer: Expected,
  more: { readonly length?: string; readonly body?: string } = {},
): OwnAnswer {
  return { id, why, send: { kind: 'h2', line, ...more }, answer, record: UNREAD };
}

export function refusesHandshake(id: string, why: string, tls: Handshake, alert: string): OwnAnswer {
  return { id, why, send: { kind: 'handshake', tls }, answer: { kind: 'alert', alert }, record: HANDSHAKE };
}
