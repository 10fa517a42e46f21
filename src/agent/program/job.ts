/*
 * What a probe is asked and what it saw. Both are JSON: the same jobs run on the host, in a container
 * on the lab's network, and in a pod. Private keys travel on stdin only and are never in a result.
 */

/** One line of the probe's input, and the line that answers it. */
export interface Batch {
  readonly batch: number;
  readonly jobs: readonly Job[];
}

export interface BatchResults {
  readonly batch: number;
  /** In the order of the jobs. */
  readonly results: readonly JobResult[];
}

export type Job = TlsJob | SeriesJob | HttpJob | TcpJob | DnsJob;

interface JobBase {
  /** Chosen by the caller, unique within one run; comes back with the result. */
  readonly id: string;
  /** For the whole job, from dialling to the last byte. */
  readonly timeoutMs: number;
}

/** A TLS connection and, where `request` is given, one HTTP exchange over it (HTTP/2 if ALPN chose it). */
export interface TlsJob extends JobBase {
  readonly kind: 'tls';
  /** Dialled as it is: an address or a name; never used as SNI. */
  readonly host: string;
  readonly port: number;
  /** SNI, and the name that `authorized` is about. None is sent when it is absent. */
  readonly servername?: string;
  readonly alpn?: readonly string[];
  /** PEM of the only anchors that are trusted; without it nothing is. */
  readonly ca?: string;
  /** PEM of the client's certificate, leaf first, and its key. */
  readonly cert?: string;
  readonly key?: string;
  readonly minVersion?: TlsVersion;
  readonly maxVersion?: TlsVersion;
  readonly ciphers?: string;
  /** Key exchange groups, colon-separated. */
  readonly groups?: string;
  /**
   * How long to listen after the handshake before writing. Under TLS 1.3 the client is done before
   * the server has looked at its certificate, and an early write can turn the server's alert into a
   * reset. Ends early when a session ticket shows that the server went on. Default 300.
   */
  readonly readFirstMs?: number;
  readonly request?: HttpRequest;
}

/**
 * Requests one after another over one TLS connection: raw ones over HTTP/1.1, parsed ones as streams of
 * HTTP/2. Where the server ends the connection with an answer, the next request goes over a new one.
 * Nothing is sent twice; a connection that does not come about is the answer to all that is left.
 */
export interface SeriesJob extends Omit<TlsJob, 'kind' | 'request' | 'readFirstMs'> {
  readonly kind: 'series';
  readonly requests: readonly HttpRequest[];
  /** For one answer. Default 5000. */
  readonly answerMs?: number;
}

type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** Plaintext HTTP/1.1 over TCP or a Unix socket. */
export interface HttpJob extends JobBase {
  readonly kind: 'http';
  readonly to: { readonly host: string; readonly port: number } | { readonly socketPath: string };
  readonly request: HttpRequest;
}

/** A TCP connection; sends bytes if told to and reports the first bytes that come back. */
export interface TcpJob extends JobBase {
  readonly kind: 'tcp';
  readonly host: string;
  readonly port: number;
  /** Base64. */
  readonly send?: string;
}

/** What a name means here: the C library's answer, and the DNS records behind it. */
export interface DnsJob extends JobBase {
  readonly kind: 'dns';
  readonly name: string;
}

export type HttpRequest = ParsedRequest | RawRequest;

export interface ParsedRequest {
  readonly method: string;
  readonly path: string;
  /** In this order, duplicates kept. `Host` is needed; `Connection: close` and `Content-Length` are added. */
  readonly headers: readonly HeaderPair[];
  /** UTF-8. */
  readonly body?: string;
  /** More of the body is counted but not kept. Default 65536. */
  readonly keepBytes?: number;
}

/** Bytes that no well-behaved client would write; the answer is read as HTTP/1.1 as far as it is that. */
export interface RawRequest {
  /** Base64. */
  readonly raw: string;
}

export type HeaderPair = readonly [name: string, value: string];

/**
 * How a conversation ended; acceptance is `data` and nothing else.
 * - `data`: an application byte came from the far end.
 * - `alert`: the server refused with a TLS alert, before or after our side of the handshake was done.
 * - `reset`: TCP reset. `closed`: end of the stream without data, or our own TLS stack gave up (see `error`).
 * - `refused`: nobody listens there: the connection was refused (ECONNREFUSED), or there is no such socket.
 * - `unreachable`: no connection came about for any other reason: no such name, no route, no right to dial. It
 *   says nothing about who listens; `error.code` tells which it was.
 * - `timeout`: nothing of all this within `timeoutMs`.
 */
export type Ended = 'data' | 'alert' | 'reset' | 'closed' | 'timeout' | 'refused' | 'unreachable';

export type JobResult = TlsResult | SeriesResult | HttpResult | TcpResult | DnsResult | BrokenResult;

interface ResultBase {
  readonly id: string;
  readonly durationMs: number;
}

interface WireOutcome extends ResultBase {
  /** TCP (or the Unix socket) was connected. */
  readonly connected: boolean;
  readonly ended: Ended;
  readonly error?: WireError;
  /** Application bytes received; of HTTP/2 the body only. */
  readonly bytes: number;
  readonly timings: Timings;
}

/** Milliseconds since the job began. */
export interface Timings {
  readonly connectMs?: number;
  readonly handshakeMs?: number;
  readonly firstByteMs?: number;
}

/** `code` is Node.js' or OpenSSL's; `message` may differ between versions. */
export interface WireError {
  readonly code: string;
  readonly message: string;
}

export interface TlsResult extends WireOutcome {
  readonly kind: 'tls';
  /** Our side of the handshake finished. Proves nothing about a client certificate under TLS 1.3. */
  readonly handshake: boolean;
  readonly protocol?: string;
  readonly cipher?: string;
  readonly alpn?: string;
  /** PEM, as presented by the server: leaf first, strangers included, in their order. */
  readonly peerChain: readonly string[];
  /** Node.js' judgement by `ca` and `servername`, and its code when it is negative. */
  readonly authorized: boolean;
  readonly authorizationError?: string;
  /** RFC 8446 §6 name: `certificate_required`, `unknown_ca` … */
  readonly alert?: string;
  readonly response?: HttpResponse;
  /** First bytes that came without or before an HTTP answer. Base64. */
  readonly first?: string;
}

export interface SeriesResult extends ResultBase {
  readonly kind: 'series';
  /** In the order of the requests. */
  readonly answers: readonly SeriesAnswer[];
}

export interface SeriesAnswer {
  readonly ended: Ended;
  readonly alert?: string;
  readonly error?: WireError;
  readonly response?: HttpResponse;
  /** Which connection of the series carried it, from 0. */
  readonly connection: number;
  /** From the first byte written to the last one read; without the handshake. */
  readonly durationMs: number;
}

export interface HttpResult extends WireOutcome {
  readonly kind: 'http';
  readonly response?: HttpResponse;
  readonly first?: string;
}

export interface TcpResult extends WireOutcome {
  readonly kind: 'tcp';
  /** Up to 512 bytes. Base64. */
  readonly first?: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly httpVersion: string;
  /** As received: order, duplicates and (HTTP/1.1) case kept. */
  readonly headers: readonly HeaderPair[];
  /** What came after the body (HTTP/2): the status of a gRPC call; absent where nothing did. */
  readonly trailers?: readonly HeaderPair[];
  readonly body: string;
  /** How `body` is written: text where it is valid UTF-8. */
  readonly bodyEncoding: 'utf8' | 'base64';
  /** Length of the whole body; `body` is cut at `keepBytes`. */
  readonly bodyBytes: number;
  /** The answer ended as its framing promised. */
  readonly complete: boolean;
}

export interface DnsResult extends ResultBase {
  readonly kind: 'dns';
  /** getaddrinfo, all families, in the order given. */
  readonly lookup: Answer;
  readonly a: Answer;
  readonly aaaa: Answer;
}

export type Answer = { readonly addresses: readonly string[] } | { readonly error: string };

/** The job could not even be tried: an unusable key, an unknown cipher. Says nothing about the far end. */
interface BrokenResult extends ResultBase {
  readonly kind: 'broken';
  readonly error: WireError;
}

/** The result of one job, if it has the kind that its job asked for. */
export function resultOf<K extends JobResult['kind']>(
  results: readonly JobResult[],
  kind: K,
  id: string,
): Extract<JobResult, { kind: K }> | undefined {
  return results.find(
    (result): result is Extract<JobResult, { kind: K }> => result.kind === kind && result.id === id,
  );
}
