/** How an exchange on the wire ended. Under TLS 1.3 the handshake event proves nothing; this does. */
export type Ended = 'data' | 'alert' | 'reset' | 'closed' | 'timeout' | 'refused' | 'unreachable';

/** One TLS (or plaintext) connection attempt, as its client saw it. */
export interface WireResult {
  readonly ended: Ended;
  /** TCP (or the Unix socket) was connected; undefined where the client does not tell. */
  readonly connected?: boolean;
  /** Name of the TLS alert, normalised: `certificate_required`, `unknown_ca` … */
  readonly alert?: string;
  readonly protocol?: string;
  readonly cipher?: string;
  readonly alpn?: string;
  /** PEM, as the server presented it, leaf first; empty where no certificate was seen. */
  readonly peerChain: readonly string[];
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly error?: string;
  /** Node.js' or OpenSSL's code of `error`: `ENOTFOUND`, `EHOSTUNREACH` … */
  readonly errorCode?: string;
}
