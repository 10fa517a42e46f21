import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import type { Socket } from 'node:net';
import { Body } from './body.ts';
import { endingOf, type Ending } from './ending.ts';
import type { Exchanged } from './exchanged.ts';
import { pairs } from './exchange-http1.ts';
import type { HeaderPair, HttpResponse, ParsedRequest } from './job.ts';
import type { Line } from './line.ts';
import type { Received } from './received.ts';

/** A stream that the server opens has nobody who listens to it: its error would end the process. */
export const NO_PUSH = { settings: { enablePush: false } } as const;

/** HTTP/2 over a socket of our own; `Host` becomes `:authority`, unless that is given beside it. */
export async function exchangeHttp2(
  line: Line<Socket>,
  request: ParsedRequest,
  received: Received,
): Promise<Exchanged> {
  const session = connect('https://probe.invalid', { ...NO_PUSH, createConnection: () => line.socket });
  const failed = failure(session);
  // The server's settings are its first application bytes, before any answer.
  session.once('remoteSettings', () => received.notice());
  try {
    return await exchangeStream(session, request, received, Promise.race([line.over, failed]));
  } finally {
    session.destroy();
  }
}

/** One request as a stream of a session that is open. @param over ends it with the session */
export function exchangeStream(
  session: ClientHttp2Session,
  request: ParsedRequest,
  received: Received,
  over: Promise<Ending>,
): Promise<Exchanged> {
  const stream = session.request(http2Headers(request), { endStream: request.body === undefined });
  if (request.body !== undefined) stream.end(request.body);
  return readStream(stream, received, Promise.race([over, failure(stream)]), request);
}

export function failure(from: ClientHttp2Session | ClientHttp2Stream): Promise<Ending> {
  return new Promise((resolve) => {
    from.on('error', (error: Error) => setImmediate(() => resolve(endingOf(error, true))));
    from.once('close', () => setImmediate(() => resolve({ ended: 'closed' })));
  });
}

function http2Headers(request: ParsedRequest): Record<string, string | string[]> {
  const fields = new Map<string, string[]>();
  const hasAuthority = request.headers.some(([name]) => name === ':authority');
  for (const [name, value] of request.headers) {
    const key = name.toLowerCase() === 'host' && !hasAuthority ? ':authority' : name.toLowerCase();
    fields.set(key, [...(fields.get(key) ?? []), value]);
  }
  const rest = [...fields].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]);
  return {
    ':method': request.method,
    ':path': request.path,
    ':scheme': 'https',
    ...Object.fromEntries(rest),
  };
}

async function readStream(
  stream: ClientHttp2Stream,
  received: Received,
  stopped: Promise<Ending>,
  { keepBytes }: ParsedRequest,
): Promise<Exchanged> {
  const head = new Promise<readonly string[]>((resolve) => {
    stream.once('response', (_headers, _flags, raw: readonly string[]) => resolve(raw));
  });
  const raw = await Promise.race([head, stopped]);
  if ('ended' in raw) return { ending: raw };
  const body = new Body(keepBytes);
  let trailers: readonly HeaderPair[] = [];
  stream.once('trailers', (fields) => {
    trailers = Object.entries(fields).map(([name, value]) => [name, String(value)]);
  });
  let complete = false;
  const read = new Promise<void>((resolve) => {
    stream.on('data', (chunk: Uint8Array) => {
      received.add(chunk);
      body.add(chunk);
    });
    stream.once('end', () => {
      complete = !stream.aborted && stream.rstCode === 0;
      resolve();
    });
  });
  await Promise.race([read, stopped]);
  const response = responseOf(raw, body, complete);
  return { response: trailers.length === 0 ? response : { ...response, trailers } };
}

function responseOf(raw: readonly string[], body: Body, complete: boolean): HttpResponse {
  const headers = pairs(raw);
  const status = headers.find(([name]) => name === ':status')?.[1];
  return {
    status: Number(status ?? 0),
    httpVersion: '2.0',
    headers: headers.filter(([name]) => !name.startsWith(':')),
    ...body.text(),
    complete,
  };
}
