import { type IncomingHttpHeaders, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import type { Lab } from '../topology/lab.ts';
import { patientTimeout } from '../run/patience.ts';

/** How this machine reaches the lab's public names. */
export interface EdgeAccess {
  readonly lab: Lab;
  /** The only anchor that is trusted. */
  readonly edgeRootPem: string;
  readonly signal: AbortSignal;
}

export interface EdgeRequest {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface EdgeResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const TIMEOUT_MS = 15_000;

/**
 * One HTTPS request to a public name of the lab. Dials the edge's loopback port and never resolves:
 * many machines have no answer for names below localhost. Redirects are not followed.
 * @throws Node.js' own errors (connection, certificate), an AbortError or TimeoutError.
 */
export async function edgeRequest(access: EdgeAccess, url: URL, request: EdgeRequest): Promise<EdgeResponse> {
  const signal = AbortSignal.any([access.signal, patientTimeout(TIMEOUT_MS)]);
  const message = await send(requestOptions(access, url, request, signal), request.body);
  return { status: message.statusCode ?? 0, headers: message.headers, body: await text(message) };
}

function requestOptions(
  { lab, edgeRootPem }: EdgeAccess,
  url: URL,
  { method, headers }: EdgeRequest,
  signal: AbortSignal,
): RequestOptions & { readonly ca: string; readonly servername: string } {
  return {
    host: '127.0.0.1',
    port: lab.httpsPort,
    servername: url.hostname,
    ca: edgeRootPem,
    method,
    path: `${url.pathname}${url.search}`,
    headers: { ...headers, host: url.host },
    signal,
    agent: false,
  };
}

function send(options: RequestOptions, body: string | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = httpsRequest(options, resolve);
    sent.on('error', reject);
    sent.end(body);
  });
}
