import fc, { type Arbitrary } from 'fast-check';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { once } from 'node:events';
import { vanish } from './shoot.ts';

/** What a hostile server says to a connection, and how it leaves. */
export interface Reply {
  /** Bytes, one for each character, written one after the other. */
  readonly pieces: readonly string[];
  readonly leaving: 'ends' | 'resets' | 'stays' | 'floods';
}

const bytes = (maxLength: number): Arbitrary<string> =>
  fc.uint8Array({ maxLength }).map((all) => Buffer.from(all).toString('latin1'));

const HEADERS = [
  'Content-Length: 5',
  'Content-Length: -5',
  'Content-Length: 99999999999999999999',
  'Transfer-Encoding: chunked',
  'Connection: upgrade\r\nUpgrade: x',
  'Location: ://',
  'Set-Cookie: \xff',
  'X: y',
  ':',
  'Content-Encoding: gzip',
  'Trailer: x',
];
const CHUNKS = [
  '5\r\nabcde\r\n',
  '-6\r\n',
  '-1\r\n',
  'ffffffff\r\n',
  '0\r\n\r\n',
  '0\r\nX: y\r\n\r\n',
  '5;a=b\r\nabc',
  '\r\n',
];

const http1 = fc
  .record({
    status: fc.constantFrom(
      'HTTP/1.1 200 OK',
      'HTTP/1.0 204 x',
      'HTTP/1.1 101 x',
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK',
      'HTTP/9.9 999 x',
      'HTTP/1.1 -1',
      'ICY 200 OK',
    ),
    headers: fc.array(fc.constantFrom(...HEADERS), { maxLength: 4 }),
    body: fc.array(fc.oneof(fc.constantFrom(...CHUNKS), bytes(60)), { maxLength: 5 }),
  })
  .map(({ status, headers, body }) => [[status, ...headers, '', ''].join('\r\n'), ...body]);

/** One frame of HTTP/2, its fields of any value. */
const frame = fc
  .record({
    type: fc.oneof(fc.constantFrom(0, 1, 3, 4, 5, 6, 7, 8), fc.nat({ max: 255 })),
    flags: fc.oneof(fc.constantFrom(0, 1, 4, 5), fc.nat({ max: 255 })),
    stream: fc.constantFrom(0, 1, 1, 1, 2, 3, 0x7fffffff),
    payload: fc.oneof(
      fc.constantFrom('', '\x88', '\x8d', '\0\0\0\x08', '\0\0\0\x02\x88', '\0\x03\0\0\0\x01'),
      bytes(40),
    ),
  })
  .map(({ type, flags, stream, payload }) => {
    const head = Buffer.alloc(9);
    head.writeUIntBE(payload.length, 0, 3);
    head.writeUInt8(type, 3);
    head.writeUInt8(flags, 4);
    head.writeUInt32BE(stream, 5);
    return head.toString('latin1') + payload;
  });
const SETTINGS = '\0\0\0\x04\0\0\0\0\0';
const http2 = fc.array(frame, { maxLength: 8 }).map((frames) => [SETTINGS, ...frames]);

export const replies: Arbitrary<Reply> = fc.record({
  pieces: fc.oneof(
    { weight: 4, arbitrary: http1 },
    { weight: 4, arbitrary: http2 },
    { weight: 1, arbitrary: fc.array(bytes(200), { maxLength: 3 }) },
  ),
  leaving: fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom('ends' as const, 'resets' as const, 'stays' as const) },
    { weight: 1, arbitrary: fc.constant('floods' as const) },
  ),
});

export interface HostileServers extends AsyncDisposable {
  /** Plain, and TLS with whatever protocol the client offers first. */
  readonly ports: { readonly plain: number; readonly tls: number };
  /** What the next connections get; the last one is repeated. */
  serve(next: readonly Reply[]): void;
}

export async function startHostileServers(certificate: {
  readonly cert: string;
  readonly key: string;
}): Promise<HostileServers> {
  let queue: Reply[] = [];
  const talk = (socket: Socket): void => {
    socket.on('error', () => undefined);
    const reply = queue.length > 1 ? queue.shift() : queue[0];
    // A server speaks when it is spoken to; half of what is said here comes before that.
    if (reply !== undefined) say(socket, reply.pieces, reply.leaving);
  };
  const ALPN = { ALPNCallback: ({ protocols }: { protocols: readonly string[] }) => protocols[0] };
  const plain = createServer(talk);
  const tls = createTlsServer({ ...certificate, ...ALPN }, talk);
  tls.on('tlsClientError', () => undefined);
  const ports = { plain: await listen(plain), tls: await listen(tls) };
  return {
    ports,
    serve: (next) => (queue = [...next]),
    [Symbol.asyncDispose]: async () => {
      for (const server of [plain, tls]) server.close();
    },
  };
}

function say(socket: Socket, [next, ...rest]: readonly string[], leaving: Reply['leaving']): void {
  if (!socket.writable) return;
  if (next !== undefined) {
    socket.write(Buffer.from(next, 'latin1'), () => setImmediate(() => say(socket, rest, leaving)));
    return;
  }
  if (leaving === 'ends') socket.end();
  if (leaving === 'resets') vanish(socket);
  if (leaving === 'floods') flood(socket);
}

const FLOOD = Buffer.alloc(65_536, 'x');

function flood(socket: Socket): void {
  if (socket.writable) socket.write(FLOOD, () => setImmediate(() => flood(socket)));
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
