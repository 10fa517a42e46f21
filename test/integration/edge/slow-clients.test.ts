import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LabKeys } from '../../../src/keys/lab-keys.ts';
import { createLab, DEFAULT_CHOICE, type Lab } from '../../../src/topology/lab.ts';
import { startEdge } from '../../support/caddy.ts';
import { freePort, type Running } from '../../support/child.ts';
import { freshKeys } from '../../support/lab-keys.ts';
import { type StandIn, startStandIn } from '../../support/stand-in-gateway.ts';

describe('the edge before the identity provider', () => {
  let directory = '';
  let lab: Lab;
  let keys: LabKeys;
  let gateway: StandIn;
  let edge: Running;
  let idp: Server;
  /** Bytes of the bodies that came whole. */
  const seen: number[] = [];
  /** When a request began to come, whole or not. */
  const begun: number[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'meshdev-edge-'));
    lab = createLab({ ...DEFAULT_CHOICE, httpsPort: await freePort() });
    keys = await freshKeys(lab);
    gateway = await startStandIn(keys);
    idp = createServer((request, response) => {
      begun.push(performance.now());
      void take(request, response);
    });
    const idpPort = await freePort();
    idp.listen(idpPort, '127.0.0.1');
    await once(idp, 'listening');
    edge = await startEdge(lab, keys, { gatewayPort: gateway.port, idpPort }, directory);
  });
  afterAll(async () => {
    await edge[Symbol.asyncDispose]();
    await gateway[Symbol.asyncDispose]();
    idp.close();
    await rm(directory, { recursive: true, force: true });
  });

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let bytes = 0;
    try {
      for await (const part of request) bytes += Buffer.from(part).length;
      seen.push(bytes);
      response.end('from the identity provider');
    } catch {
      response.destroy();
    }
  }

  interface Talk extends Disposable {
    readonly socket: TLSSocket;
    /** All that came, when the other side has closed. */
    readonly over: Promise<string>;
  }

  async function open(host: string): Promise<Talk> {
    const socket = connect({
      host: '127.0.0.1',
      port: lab.httpsPort,
      servername: host,
      ca: keys.edge.rootPem,
    });
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    await once(socket, 'secureConnect');
    const over = once(socket, 'close').then(() => text);
    return { socket, over, [Symbol.dispose]: () => socket.destroy() };
  }

  const head = (host: string, framing: string): string =>
    `POST /token HTTP/1.1\r\nHost: ${host}:${lab.httpsPort}\r\nConnection: close\r\n${framing}\r\n\r\n`;

  async function ask(host: string, framing: string, body: string): Promise<string> {
    using talk = await open(host);
    talk.socket.write(head(host, framing) + body);
    const answer = await talk.over;
    return answer;
  }

  it('passes a body of 64 KiB, with its length or in chunks', async () => {
    const body = 'x'.repeat(65_536);
    expect(await ask(lab.hosts.auth, 'Content-Length: 65536', body)).toMatch(/^HTTP\/1\.1 200/);
    const chunked = `8000\r\n${body.slice(0, 32_768)}\r\n`;
    expect(await ask(lab.hosts.auth, 'Transfer-Encoding: chunked', `${chunked}0\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 200/,
    );
    expect(seen.slice(-2)).toEqual([65_536, 32_768]);
  });

  it.each([
    ['that says so', 'Content-Length: 65537', 'x'.repeat(65_537)],
    ['in chunks', 'Transfer-Encoding: chunked', `${`1000\r\n${'x'.repeat(4096)}\r\n`.repeat(17)}0\r\n\r\n`],
  ])('refuses a longer body %s with 413, and asks nobody', async (_name, framing, body) => {
    const before = seen.length;
    expect(await ask(lab.hosts.auth, framing, body)).toMatch(/^HTTP\/1\.1 413/);
    expect(seen).toHaveLength(before);
  });

  it.concurrent('ends a request whose body drips, and keeps it from the identity provider until then', async () => {
    const before = seen.length;
    using talk = await open(lab.hosts.auth);
    const began = performance.now();
    talk.socket.write(head(lab.hosts.auth, 'Content-Length: 1000'));
    using drip = every(1_000, () => talk.socket.write('x'));
    // Go ends the request as it does for a client that has left; Caddy's status for that is 499.
    expect(await talk.over).toMatch(/^HTTP\/1\.1 499/);
    drip[Symbol.dispose]();
    const ended = performance.now();
    expect(ended - began).toBeLessThan(20_000);
    expect(seen).toHaveLength(before);
    expect(begun.filter((at) => at > began && at < ended - 2_000)).toEqual([]);
  });

  it.concurrent('does not hold other sites to it: a slow upload of a service goes on', async () => {
    using talk = await open(lab.hosts.httpbin);
    talk.socket.write(head(lab.hosts.httpbin, 'Content-Length: 100000'));
    const slow = every(1_000, () => talk.socket.write('x'.repeat(100)));
    expect(await Promise.race([talk.over, setTimeout(12_000, 'open')])).toBe('open');
    slow[Symbol.dispose]();
    talk.socket.write('x'.repeat(100_000));
    expect(await talk.over).toMatch(/^HTTP\/1\.1 200/);
  });
});

function every(milliseconds: number, act: () => unknown): Disposable {
  const timer = setInterval(act, milliseconds);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
