import { once } from 'node:events';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer as createHttps } from 'node:https';
import { createServer as createTcp, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Job,
  type JobResult,
  resultOf,
  type TlsJob,
  type TlsResult,
} from '../../../src/agent/program/job.ts';
import { runJobs } from '../../../src/agent/program/run-jobs.ts';
import { OpensslAuthority } from './support/openssl.ts';
import { freePort, portOf, Running } from './support/running.ts';

const signal = new AbortController().signal;
const NAME = 'server.test';

let authority: OpensslAuthority;
let stranger: OpensslAuthority;
const closers: (() => Promise<unknown> | void)[] = [];

beforeAll(() => {
  authority = new OpensslAuthority('probe test root');
  stranger = new OpensslAuthority('stranger root');
});

afterAll(async () => {
  for (const close of closers) await close();
  authority[Symbol.dispose]();
  stranger[Symbol.dispose]();
});

/** A real `openssl s_server`; returns its port when it accepts. */
async function sServer(args: readonly string[]): Promise<{ port: number; process: Running }> {
  const port = await freePort();
  const { certPath, keyPath } = authority.issue(`server-${port}`, [NAME]);
  const listen = ['s_server', '-accept', `127.0.0.1:${port}`, '-cert', certPath, '-key', keyPath];
  const process = new Running('openssl', [...listen, ...args], 'pipe');
  closers.push(() => process.stop());
  await process.line(/ACCEPT/);
  return { port, process };
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.close();
  });
  return portOf(server);
}

const tls = (port: number, more: Partial<TlsJob> = {}): TlsJob => ({
  kind: 'tls',
  id: 'probe',
  host: '127.0.0.1',
  port,
  servername: NAME,
  ca: authority.root.cert,
  timeoutMs: 5000,
  ...more,
});

const get = { method: 'GET', path: '/', headers: [['Host', NAME]] } as const;

async function only<K extends JobResult['kind']>(
  kind: K,
  job: Job,
): Promise<Extract<JobResult, { kind: K }>> {
  const results = await runJobs([job], signal);
  const result = resultOf(results, kind, job.id);
  if (result === undefined) throw new Error(`not a ${kind} result: ${JSON.stringify(results)}`);
  return result;
}

const probeTls = (job: TlsJob): Promise<TlsResult> => only('tls', job);

describe('client certificates against openssl s_server', () => {
  const required = (): string[] => [
    '-CAfile',
    authority.root.certPath,
    '-Verify',
    '2',
    '-verify_return_error',
  ];

  it('sees certificate_required after a finished TLS 1.3 handshake, with and without a request', async () => {
    const { port } = await sServer(required());
    for (const request of [undefined, get]) {
      const seen = await probeTls(tls(port, request === undefined ? {} : { request }));
      expect(seen).toMatchObject({
        handshake: true,
        authorized: true,
        protocol: 'TLSv1.3',
        ended: 'alert',
        alert: 'certificate_required',
        bytes: 0,
      });
    }
  });

  it('sees handshake_failure inside a TLS 1.2 handshake', async () => {
    const { port } = await sServer(required());
    const seen = await probeTls(tls(port, { maxVersion: 'TLSv1.2' }));
    expect(seen).toMatchObject({ handshake: false, ended: 'alert', alert: 'handshake_failure' });
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'tells foreign, expired and good apart under %s',
    async (version) => {
      const { port, process } = await sServer(required());
      const foreign = stranger.issue('foreign', ['client.test']);
      const expired = authority.issue('expired', ['client.test'], ['-days', '-1']);
      const good = authority.issue('good', ['client.test']);
      const show = ({ cert, key }: { cert: string; key: string }): Promise<TlsResult> =>
        probeTls(tls(port, { cert, key, minVersion: version, maxVersion: version }));
      expect(await show(foreign)).toMatchObject({ ended: 'alert', alert: 'unknown_ca' });
      expect(await show(expired)).toMatchObject({ ended: 'alert', alert: 'certificate_expired' });
      const served = show(good);
      await process.line(/^CIPHER is/);
      process.child.stdin?.write('hello\n');
      expect(await served).toMatchObject({ ended: 'data', bytes: 6, protocol: version });
    },
  );
});

describe('versions and names', () => {
  it('sees protocol_version from a server that speaks TLS 1.2 only', async () => {
    const { port } = await sServer(['-tls1_2']);
    expect(await probeTls(tls(port, { minVersion: 'TLSv1.3' }))).toMatchObject({
      ended: 'alert',
      alert: 'protocol_version',
    });
  });

  it('judges chain and name separately from what is presented', async () => {
    const port = await httpsServer();
    const good = await probeTls(tls(port, { request: get }));
    expect(good).toMatchObject({ authorized: true, ended: 'data', response: { status: 200 } });
    expect(good.peerChain[0]).toMatch(/^-----BEGIN CERTIFICATE-----/);
    const otherName = await probeTls(tls(port, { servername: 'other.test', request: get }));
    expect(otherName).toMatchObject({
      authorized: false,
      authorizationError: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    const otherRoot = await probeTls(tls(port, { ca: stranger.root.cert, request: get }));
    expect(otherRoot).toMatchObject({ authorized: false, ended: 'data' });
    expect(otherRoot.authorizationError).toMatch(/UNABLE_TO/);
  });
});

/** Echoes what it received: method, path, raw headers, body. */
const echo: RequestListener = (request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    response.setHeader('Set-Cookie', ['a=1', 'b=2']);
    const { method, url, rawHeaders } = request;
    response.end(JSON.stringify({ method, url, rawHeaders, body: Buffer.concat(parts).toString() }));
  });
};

async function httpsServer(): Promise<number> {
  const { cert, key } = authority.issue('https', [NAME]);
  return listening(createHttps({ cert, key }, echo));
}

describe('exchanges', () => {
  it('sends headers in their order with duplicates and returns raw ones', async () => {
    const headers = [
      ['X-b', '1'],
      ['Host', NAME],
      ['x-A', '2'],
      ['X-b', '3'],
    ] as const;
    const request = { method: 'POST', path: '/p?q=1', headers, body: 'grüße' };
    const { response, alpn } = await probeTls(tls(await httpsServer(), { alpn: ['http/1.1'], request }));
    expect(alpn).toBe('http/1.1');
    expect(JSON.parse(response?.body ?? '')).toEqual({
      method: 'POST',
      url: '/p?q=1',
      rawHeaders: [...headers.flat(), 'Content-Length', '7', 'Connection', 'close'],
      body: 'grüße',
    });
    const cookies = response?.headers.filter(([name]) => name === 'Set-Cookie');
    expect(cookies).toEqual([
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
    ]);
    expect(response).toMatchObject({ status: 200, httpVersion: '1.1', complete: true });
  });

  it('speaks HTTP/2 where ALPN chose it', async () => {
    const { cert, key } = authority.issue('h2', [NAME]);
    const server = createSecureServer({ cert, key, allowHTTP1: true }, (request, response) => {
      response.setHeader('x-seen', request.authority);
      response.end(`${request.httpVersion} ${request.url}`);
    });
    const port = await listening(server);
    const request = { method: 'GET', path: '/two', headers: [['Host', 'authority.test']] } as const;
    const seen = await probeTls(tls(port, { alpn: ['h2', 'http/1.1'], request }));
    expect(seen).toMatchObject({
      alpn: 'h2',
      ended: 'data',
      response: { status: 200, httpVersion: '2.0', body: '2.0 /two', complete: true },
    });
    expect(seen.response?.headers).toContainEqual(['x-seen', 'authority.test']);
  });

  it('keeps the beginning of a long body and counts the rest; bytes that are no text come as base64', async () => {
    const { cert, key } = authority.issue('long', [NAME]);
    const port = await listening(
      createHttps({ cert, key }, (_request, response) => {
        response.end(Buffer.alloc(300_000, 0xff));
      }),
    );
    const { response } = await probeTls(tls(port, { request: { ...get, keepBytes: 6 } }));
    expect(response).toMatchObject({ body: '////////', bodyEncoding: 'base64', bodyBytes: 300_000 });
  });

  it('writes raw bytes that no parser would and reads the answer', async () => {
    const port = await httpsServer();
    const raw = Buffer.from('GET / HTTP/1.1\r\nHost: a\r\nBad Header: x\r\n\r\n').toString('base64');
    expect((await probeTls(tls(port, { request: { raw } }))).response).toMatchObject({ status: 400 });
    const chunked = Buffer.from(`GET /raw HTTP/1.1\r\nHost: ${NAME}\r\n\r\n`).toString('base64');
    const { response } = await probeTls(tls(port, { request: { raw: chunked } }));
    expect(response?.body).toContain('"url":"/raw"');
  });

  it('reports an answer that is cut short as incomplete, and one that is not HTTP by its first bytes', async () => {
    const cut = await listening(
      createTcp((socket) => {
        socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'));
      }),
    );
    const noise = await listening(
      createTcp((socket) => {
        socket.once('data', () => socket.end('SSH-2.0-banner\r\n'));
      }),
    );
    const http = (port: number): Job => ({
      kind: 'http',
      id: 'probe',
      to: { host: '127.0.0.1', port },
      request: get,
      timeoutMs: 3000,
    });
    expect((await only('http', http(cut))).response).toMatchObject({ body: 'half', complete: false });
    const seen = await only('http', http(noise));
    expect(seen).toMatchObject({ ended: 'data', error: { code: expect.stringMatching(/^HPE_/) } });
    expect(Buffer.from(seen.first ?? '', 'base64').toString()).toMatch(/^SSH-2.0/);
  });

  it('talks HTTP to a Unix socket', async () => {
    const socketPath = join(authority.dir, 'admin.sock');
    const server = createHttp(echo).listen(socketPath);
    await once(server, 'listening');
    closers.push(() => {
      server.close();
    });
    const job = { kind: 'http', id: 'u', to: { socketPath }, request: get, timeoutMs: 3000 } as const;
    expect((await only('http', job)).response?.status).toBe(200);
    const missing = { ...job, to: { socketPath: `${socketPath}.none` } };
    expect(await only('http', missing)).toMatchObject({ connected: false, ended: 'refused' });
  });
});

describe('endings', () => {
  const answering = (talk: (socket: Socket) => void): Promise<number> => listening(createTcp(talk));
  const tcp = (port: number, more: { send?: string } = {}): Job => ({
    kind: 'tcp',
    id: 'probe',
    host: '127.0.0.1',
    port,
    timeoutMs: 700,
    ...more,
  });

  it('refused: nobody listens', async () => {
    const port = await freePort();
    const expected = { connected: false, ended: 'refused', error: { code: 'ECONNREFUSED' } };
    expect(await only('tcp', tcp(port))).toMatchObject(expected);
    expect(await probeTls(tls(port))).toMatchObject(expected);
  });

  it('unreachable: no such name', async () => {
    const seen = await probeTls(tls(443, { host: 'nothing.invalid' }));
    expect(seen).toMatchObject({ connected: false, ended: 'unreachable', error: { code: 'ENOTFOUND' } });
  });

  it('reset: TCP reset, at once and in the middle of a handshake', async () => {
    const port = await answering((socket) => {
      socket.once('data', () => socket.resetAndDestroy());
    });
    expect(await only('tcp', tcp(port, { send: 'aGVsbG8=' }))).toMatchObject({
      connected: true,
      ended: 'reset',
    });
    expect(await probeTls(tls(port))).toMatchObject({ handshake: false, ended: 'reset' });
  });

  it('closed: end of the stream without a byte, also in the middle of a handshake', async () => {
    const port = await answering((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end());
    });
    expect(await only('tcp', tcp(port, { send: 'aGVsbG8=' }))).toMatchObject({ ended: 'closed', bytes: 0 });
    expect(await probeTls(tls(port))).toMatchObject({ handshake: false, ended: 'closed' });
  });

  it('closed: the far end does not speak TLS, and our side says so', async () => {
    const port = await answering((socket) => {
      socket.on('error', () => undefined);
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    const seen = await probeTls(tls(port));
    expect(seen).toMatchObject({ handshake: false, ended: 'closed', bytes: 0 });
    expect(seen.error?.code).toMatch(/^ERR_SSL_/);
  });

  it('timeout: silence, before and after a handshake', async () => {
    const port = await answering((socket) => {
      socket.on('error', () => undefined);
    });
    expect(await only('tcp', tcp(port))).toMatchObject({ connected: true, ended: 'timeout' });
    const silent = await probeTls(tls(port, { timeoutMs: 400 }));
    expect(silent).toMatchObject({ handshake: false, ended: 'timeout' });
    expect(silent.durationMs).toBeLessThan(900);
    const quiet = await probeTls(tls(await httpsServer(), { timeoutMs: 400 }));
    expect(quiet).toMatchObject({ handshake: true, ended: 'timeout' });
  });

  it('data: a banner', async () => {
    const port = await answering((socket) => {
      socket.end('220 ready\r\n');
    });
    const seen = await only('tcp', tcp(port));
    expect(seen.ended).toBe('data');
    expect(Buffer.from(seen.first ?? '', 'base64').toString()).toBe('220 ready\r\n');
  });

  it('broken: a key or a cipher that cannot be used says nothing about the far end', async () => {
    const jobs = [tls(1, { id: 'key', cert: 'x', key: 'y' }), tls(1, { id: 'cipher', ciphers: 'NO-SUCH' })];
    const results = await runJobs(jobs, signal);
    expect(results.map(({ kind }) => kind)).toEqual(['broken', 'broken']);
  });
});

describe('runs', () => {
  it('keeps the order of the jobs and overlaps their waiting', async () => {
    const port = await listening(createTcp((socket) => void socket.on('error', () => undefined)));
    const jobs = Array.from({ length: 12 }, (_, at): Job => {
      return { kind: 'tcp', id: `job-${at}`, host: '127.0.0.1', port, timeoutMs: 300 };
    });
    const began = performance.now();
    const results = await runJobs(jobs, signal);
    expect(performance.now() - began).toBeLessThan(1500);
    expect(results.map(({ id }) => id)).toEqual(jobs.map(({ id }) => id));
  });

  it('stops when told to', async () => {
    const port = await listening(createTcp((socket) => void socket.on('error', () => undefined)));
    const stop = new AbortController();
    const job: Job = { kind: 'tcp', id: 'x', host: '127.0.0.1', port, timeoutMs: 60_000 };
    const running = runJobs([job], stop.signal);
    stop.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });

  it('resolves names as the C library and as DNS do', async () => {
    const seen = await only('dns', { kind: 'dns', id: 'd', name: 'localhost', timeoutMs: 3000 });
    expect(seen.lookup).toMatchObject({ addresses: expect.arrayContaining(['127.0.0.1']) });
    const none = await only('dns', { kind: 'dns', id: 'd', name: 'nothing.invalid', timeoutMs: 3000 });
    expect(none).toMatchObject({ lookup: { error: 'ENOTFOUND' } });
  });
});
