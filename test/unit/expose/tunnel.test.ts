import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, request } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { closed, listening, relayPair } from '../../support/relay-pair.ts';

const started: { readonly server: Server; readonly sockets: Set<Socket> }[] = [];

afterEach(async () => {
  for (const { server, sockets } of started.splice(0)) {
    for (const socket of sockets) socket.destroy();
    await closed(server);
  }
});

/** The process on the machine of the user. */
async function processOf(server: Server, host?: string): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  started.push({ server, sockets });
  return listening(server, host);
}

const freePort = async (): Promise<number> => {
  const server = createServer();
  const port = await listening(server);
  await closed(server);
  return port;
};

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

async function get(port: number, path = '/', host = 'www.mesh.localhost'): Promise<Answer> {
  const sent = request({ host: '127.0.0.1', port, path, headers: { Host: host }, agent: false }).end();
  const answered: Promise<readonly IncomingMessage[]> = new Promise((resolve, reject) => {
    sent.once('response', (response: IncomingMessage) => resolve([response])).once('error', reject);
  });
  const [response] = await answered;
  if (response === undefined) throw new Error('no response');
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

const echo = () =>
  createHttpServer((asked, answer) => answer.end(`${asked.headers.host} ${asked.method} ${asked.url}`));

describe('connections of a service through the tunnel', () => {
  it('reach the process as they are, the Host too, fifty at a time', async () => {
    await using pair = await relayPair(await processOf(echo()));
    await pair.open();
    const paths = Array.from({ length: 50 }, (_, at) => `/${at}`);
    const answers = await Promise.all(paths.map((path) => get(pair.port, path)));
    expect(answers.map(({ body }) => body)).toEqual(paths.map((path) => `www.mesh.localhost GET ${path}`));
    expect(pair.dialled).toEqual(paths.map(() => undefined));
  });

  it('reach a process that listens on ::1 only', async () => {
    await using pair = await relayPair(await processOf(echo(), '::1'));
    await pair.open();
    expect(await get(pair.port)).toMatchObject({ status: 200 });
  });

  it('carry a WebSocket: upgraded, then bytes both ways', async () => {
    const server = createHttpServer();
    server.on('upgrade', (_asked, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
      socket.pipe(socket);
    });
    await using pair = await relayPair(await processOf(server));
    await pair.open();
    const headers = { Upgrade: 'websocket', Connection: 'Upgrade' };
    const sent = request({ host: '127.0.0.1', port: pair.port, headers }).end();
    const socket = await new Promise<Socket>((resolve, reject) => {
      sent.once('upgrade', (_response, upgraded: Socket) => resolve(upgraded)).once('error', reject);
    });
    for (const word of ['one', 'two']) {
      socket.write(word);
      expect(String(await new Promise((resolve) => socket.once('data', resolve)))).toBe(word);
    }
    socket.destroy();
  });

  it('may end one direction before the other', async () => {
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      void text(socket).then((all) => socket.end(`read ${all}`));
    });
    await using pair = await relayPair(await processOf(server), 'tcp');
    await pair.open();
    const client = connect({ port: pair.port, host: '127.0.0.1', allowHalfOpen: true });
    client.end('everything');
    expect(await text(client)).toBe('read everything');
  });

  it('carry a large body whole', async () => {
    const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
    const server = createHttpServer((asked, answer) => {
      void buffer(asked).then((bytes) => answer.end(bytes));
    });
    await using pair = await relayPair(await processOf(server));
    await pair.open();
    const body = randomBytes(24 * 1024 * 1024);
    const sent = request({ host: '127.0.0.1', port: pair.port, method: 'POST', agent: false }).end(body);
    const back = await new Promise<Buffer>((resolve, reject) => {
      sent.once('response', (response) => void buffer(response).then(resolve, reject)).once('error', reject);
    });
    expect(digest(back)).toBe(digest(body));
  });

  it('make a sender wait for a slow reader, and no other connection', async () => {
    const sender: { socket?: Socket } = {};
    const server = createServer((socket) => {
      sender.socket = socket;
      socket.on('error', () => undefined);
      const chunk = Buffer.alloc(64 * 1024);
      const fill = (): void => {
        while (socket.bytesWritten < 64 * 1024 * 1024 && socket.write(chunk));
      };
      socket.on('drain', fill);
      socket.once('data', (first: Buffer) => (first.toString() === 'fill' ? fill() : socket.end('quick')));
    });
    await using pair = await relayPair(await processOf(server), 'tcp');
    await pair.open();
    const slow = connect({ port: pair.port, host: '127.0.0.1' });
    slow.write('fill');
    await once(slow, 'readable');
    const filling = sender.socket;
    await settled(() => filling?.bytesWritten);
    const sent = filling?.bytesWritten ?? 0;
    expect(sent).toBeGreaterThan(64 * 1024);
    expect(sent).toBeLessThan(32 * 1024 * 1024);
    const quick = connect({ port: pair.port, host: '127.0.0.1' });
    quick.write('hello');
    expect(await text(quick)).toBe('quick');
    slow.resume();
    await settled(() => slow.bytesRead);
    expect(slow.bytesRead).toBeGreaterThan(sent);
    slow.destroy();
  });
});

/** Waits until a figure stays the same. */
async function settled(figure: () => number | undefined): Promise<void> {
  for (let before = -1; before !== figure();) {
    before = figure() ?? 0;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

describe('a process that cannot be reached', () => {
  it('is told from an answer of its own: no tunnel, then one, then none again', async () => {
    await using pair = await relayPair(await processOf(echo()));
    const absent = await get(pair.port);
    expect(absent).toMatchObject({ status: 502, headers: { 'meshdev-local': 'no-tunnel' } });
    expect(absent.body).toContain('meshdev expose web');
    const tunnel = await pair.open();
    expect(await get(pair.port)).toMatchObject({ status: 200 });
    tunnel.close();
    await tunnel.ended;
    expect(await get(pair.port)).toMatchObject({ status: 502 });
    await pair.open();
    expect(await get(pair.port)).toMatchObject({ status: 200 });
  });

  it('is told by the page, and on the machine, where nothing listens', async () => {
    const port = await freePort();
    await using pair = await relayPair(port);
    await pair.open();
    const answer = await get(pair.port);
    expect(answer).toMatchObject({ status: 502, headers: { 'meshdev-local': 'no-process' } });
    expect(answer.body).toContain(`127.0.0.1:${port}`);
    expect(pair.dialled).toEqual([expect.stringContaining('127.0.0.1: ECONNREFUSED, ::1: E')]);
  });

  it('is told in HTTP/2 where the service speaks that', async () => {
    await using pair = await relayPair(await freePort(), 'grpc');
    const session = connectHttp2(`http://127.0.0.1:${pair.port}`);
    const stream = session.request({ ':method': 'POST', ':path': '/a.B/C' }).end();
    const [headers] = await once(stream, 'response');
    expect(headers).toMatchObject({ ':status': 502, 'meshdev-local': 'no-tunnel' });
    stream.resume();
    await once(session, 'close');
  });

  it('ends a connection of tcp', async () => {
    await using pair = await relayPair(await freePort(), 'tcp');
    const client = connect({ port: pair.port, host: '127.0.0.1' });
    await expect(once(client, 'close')).rejects.toThrow(/ECONNRESET/);
  });

  it('resets connections that are open when the tunnel is cut', async () => {
    const server = createServer((socket) => socket.on('error', () => undefined).write('hello'));
    await using pair = await relayPair(await processOf(server), 'tcp');
    const tunnel = await pair.open();
    const client = connect({ port: pair.port, host: '127.0.0.1' });
    await once(client, 'data');
    tunnel.connection.destroy();
    await expect(once(client, 'close')).rejects.toThrow(/ECONNRESET/);
    expect(await tunnel.ended).toMatchObject({ kind: 'broken' });
  });
});

describe('a second tunnel', () => {
  it('replaces the first, which is told so', async () => {
    await using pair = await relayPair(await processOf(echo()));
    const first = await pair.open();
    await pair.open();
    expect(await first.ended).toEqual({ kind: 'replaced' });
    expect(await get(pair.port)).toMatchObject({ status: 200 });
  });
});

describe('what the machine dials', () => {
  it('is the port of the process alone, whatever is asked for', async () => {
    const server = createServer();
    const port = await listening(server);
    const other = connect({ port, host: '127.0.0.1' });
    const [connection] = await once(server, 'connection');
    const { carry } = await import('../../../src/expose/carry.ts');
    const dialled: unknown[] = [];
    const carried = carry(other, { port: 1, onDial: (refused) => dialled.push(refused) });
    const session = connectHttp2('http://x', { createConnection: () => connection });
    await carried.ready;
    for (const authority of ['localhost:22', '10.0.0.1:1']) {
      const stream = session.request({ ':method': 'CONNECT', ':authority': authority });
      const [headers] = await once(stream, 'response');
      expect(headers).toMatchObject({ ':status': 403 });
    }
    expect(dialled).toEqual([]);
    session.destroy();
    carried.close();
    await closed(server);
  });
});
