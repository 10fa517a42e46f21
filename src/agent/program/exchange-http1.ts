import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import { Body } from './body.ts';
import { endingOf, type Ending } from './ending.ts';
import type { Exchanged } from './exchanged.ts';
import type { HeaderPair, HttpResponse, ParsedRequest } from './job.ts';
import type { Line } from './line.ts';
import type { Received } from './received.ts';

/** HTTP/1.1 with Node.js' parser over a socket of our own. */
export async function exchangeHttp1(
  line: Line<Socket>,
  request: ParsedRequest,
  received: Received,
): Promise<Exchanged> {
  const sent = send(line.socket, request);
  sent.on('socket', (socket) => socket.on('data', (chunk: Uint8Array) => received.add(chunk)));
  const failed = new Promise<Ending>((resolve) => {
    // The parser's complaints come here; those of the socket come to both, the line's are the better ones.
    sent.on('error', (error) => setImmediate(() => resolve(endingOf(error, true))));
  });
  const answered = new Promise<IncomingMessage>((resolve) => {
    sent.once('response', resolve);
    // A switch of protocols is an answer too; nothing is read after its head.
    sent.once('upgrade', resolve);
  });
  const stopped = Promise.race([line.over, failed]);
  const first = await Promise.race([answered, stopped]);
  if ('ended' in first) return { ending: first };
  return readResponse(first, stopped, request.keepBytes);
}

function send(socket: Socket, request: ParsedRequest): ClientRequest {
  const sent = httpRequest({
    createConnection: () => socket,
    method: request.method,
    path: request.path,
    headers: completeHeaders(request).flat(),
  });
  return sent.end(request.body ?? '');
}

/** As an ordered list Node.js sends headers untouched and adds none of its own. */
function completeHeaders({ headers, body }: ParsedRequest): readonly HeaderPair[] {
  const has = (...names: readonly string[]): boolean =>
    headers.some(([name]) => names.includes(name.toLowerCase()));
  const length: HeaderPair[] =
    body === undefined || has('content-length', 'transfer-encoding')
      ? []
      : [['Content-Length', String(Buffer.byteLength(body))]];
  const close: HeaderPair[] = has('connection') ? [] : [['Connection', 'close']];
  return [...headers, ...length, ...close];
}

async function readResponse(
  message: IncomingMessage,
  stopped: Promise<Ending>,
  keepBytes: number | undefined,
): Promise<Exchanged> {
  const body = new Body(keepBytes);
  const read = new Promise<undefined>((resolve) => {
    message.on('data', (chunk: Uint8Array) => body.add(chunk));
    // An answer that is cut short is no error here: `complete` says it.
    message.on('error', () => resolve(undefined));
    message.once('close', () => resolve(undefined));
    message.once('end', () => resolve(undefined));
    if (message.statusCode === 101) resolve(undefined);
  });
  await Promise.race([read, stopped.then(() => (message.complete ? read : undefined))]);
  const response: HttpResponse = {
    status: message.statusCode ?? 0,
    httpVersion: message.httpVersion,
    headers: pairs(message.rawHeaders),
    ...body.text(),
    complete: message.complete,
  };
  return { response };
}

/** `[name, value, name, value]` to pairs. */
export function pairs(flat: readonly string[]): readonly HeaderPair[] {
  return flat.flatMap((name, at): HeaderPair[] => (at % 2 === 0 ? [[name, flat[at + 1] ?? '']] : []));
}
