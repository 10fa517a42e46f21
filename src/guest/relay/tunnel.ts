import type { Http2Session } from 'node:http2';

/*
 * The tunnel between the relay pod and the machine of the user: HTTP/2 over one connection, which the machine opens. The
 * relay is the HTTP/2 client in it. Each connection that the relay accepts becomes one CONNECT request (RFC 9113, 8.5):
 * its stream has flow control of its own, and END_STREAM is the end of one direction.
 */

/** Bytes of one connection that are sent before the other end has taken them. */
const STREAM_WINDOW_BYTES = 256 * 1024;
/** The same of all connections: far more, since each is bounded by itself. */
const TUNNEL_WINDOW_BYTES = 64 * 1024 * 1024;

export const TUNNEL_OPTIONS = {
  settings: { initialWindowSize: STREAM_WINDOW_BYTES, enablePush: false },
  // Node.js refuses further streams above that; it counts what streams hold, in MB.
  maxSessionMemory: 256,
} as const;

/** What the relay says to a tunnel that a newer one replaces. */
export const REPLACED = 'replaced';

/** The process by its name in the tunnel: either loopback address of the machine. */
export function authorityOf(port: number): string {
  return `localhost:${port}`;
}

const PING_EVERY_MS = 10_000;
const UNANSWERED = 3;

/** Ends a session whose other end is gone without a word: TCP alone would notice much later. */
export function keepAlive(session: Http2Session, everyMs = PING_EVERY_MS): void {
  let unanswered = 0;
  const timer = setInterval(() => {
    if (unanswered >= UNANSWERED) session.destroy(new Error(`${unanswered} pings were not answered`));
    if (session.destroyed) return;
    unanswered += 1;
    session.ping((error) => {
      if (error === null) unanswered = 0;
    });
  }, everyMs);
  timer.unref();
  session.setLocalWindowSize(TUNNEL_WINDOW_BYTES);
  session.once('close', () => clearInterval(timer));
}
