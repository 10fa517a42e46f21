import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { registrySilence } from '../../../../src/images/registry/answers.ts';
import { rememberAuthorities } from '../../../../src/images/registry/authorities.ts';
import { createRegistryClient } from '../../../../src/images/registry/client.ts';
import { endpointOf } from '../../../../src/images/registry/endpoint.ts';
import { createGet } from '../../../../src/images/registry/http.ts';
import { pullLayers } from '../../../../src/images/registry/pull.ts';
import { blobStore } from '../../../../src/images/registry/store.ts';
import { makeCa, makeServer } from '../../../support/certificates.ts';

const HOST = 'registry.test';
const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

async function listening(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // Bound to an address and a port.
  const address = server.address();
  return typeof address === 'object' && address !== null ? portOf(address) : 0;
}

const portOf = ({ port }: AddressInfo): number => port;

/** Valid now, whatever the day of the tests. */
const TODAY = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 3_600_000) };

async function tlsRegistry(handle: RequestListener) {
  const root = await makeCa('root of the test', undefined, {}, TODAY);
  const leaf = await makeServer(HOST, root, {}, TODAY);
  const port = await listening(createTlsServer({ key: leaf.keyPem, cert: leaf.certificatePem }, handle));
  return { port, rootPem: root.certificatePem };
}

/** A proxy that leads every tunnel to one port of this machine, and remembers what was asked of it. */
async function tunnel(to: number) {
  const asked: { readonly url: string; readonly authorization: boolean }[] = [];
  const server = createServer();
  server.on('connect', (request: IncomingMessage, socket) => {
    asked.push({ url: request.url ?? '', authorization: request.headers.authorization !== undefined });
    const through = connect(to, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      through.pipe(socket).pipe(through);
    });
    socket.once('error', () => through.destroy());
    through.once('error', () => socket.destroy());
  });
  return { url: `http://127.0.0.1:${await listening(server)}`, asked };
}

const signal = AbortSignal.timeout(60_000);

describe('behind a proxy', () => {
  it('TLS reaches the registry through it, with the authorities of this machine and one’s own', async () => {
    const { port, rootPem } = await tlsRegistry((request, response) => response.end(request.headers.host));
    const proxy = await tunnel(port);
    const get = createGet({
      env: { HTTPS_PROXY: proxy.url },
      direct: [],
      stallMs: 5_000,
      authorities: rememberAuthorities(rootPem, () => []),
    });
    const headers = { Authorization: 'Bearer secret' };
    const answer = await get(new URL(`https://${HOST}/v2/`), { doing: 'trying', headers, signal });
    expect((await buffer(answer)).toString()).toBe(HOST);
    // What is for the registry is not for the proxy.
    expect(proxy.asked).toEqual([{ url: `${HOST}:443`, authorization: false }]);
  });

  it('an authority that nobody trusts is said to be one, with where to put it', async () => {
    const { port } = await tlsRegistry((_, response) => response.end());
    const proxy = await tunnel(port);
    const get = createGet({
      env: { HTTPS_PROXY: proxy.url },
      direct: [],
      stallMs: 5_000,
      authorities: () => [],
    });
    await expect(get(new URL(`https://${HOST}/v2/`), { doing: 'trying', signal })).rejects.toThrow(
      /registry\.test does not answer: .*; if your company has a CA of its own, set images\.ca/,
    );
  });
});

/** Holds this thread, as a system does that hands out its authorities slowly. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

describe('the authorities of this system', () => {
  it('are read before the registry’s time begins, however long that takes', async () => {
    const { port, rootPem } = await tlsRegistry((_, response) => response.end());
    const proxy = await tunnel(port);
    const authorities = rememberAuthorities(rootPem, () => {
      block(600);
      return [];
    });
    const get = createGet({ env: { HTTPS_PROXY: proxy.url }, direct: [], stallMs: 5_000, authorities });
    const endpoint = endpointOf({ registry: HOST, repository: 'a', tag: '1' }, {});
    expect(
      await registrySilence([{ endpoint }], { get, authorities, patienceMs: 400, signal }),
    ).toBeUndefined();
  });

  it('are not read for a registry without TLS', async () => {
    const port = await listening(createServer((_, response) => response.end()));
    const authorities = (): never => {
      throw new Error('read');
    };
    const get = createGet({ env: {}, direct: [], stallMs: 5_000, authorities });
    const endpoint = endpointOf({ registry: `127.0.0.1:${port}`, repository: 'a', tag: '1' }, {});
    expect(await registrySilence([{ endpoint }], { get, authorities, signal })).toBeUndefined();
  });

  it('are read once', () => {
    let times = 0;
    const authorities = rememberAuthorities('own', () => [`system ${(times += 1)}`]);
    expect([authorities(), authorities()]).toEqual([
      ['system 1', 'own'],
      ['system 1', 'own'],
    ]);
  });
});

describe('a layer that broke off', () => {
  const content = Buffer.from('0123456789'.repeat(1_000));
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  const layer = { mediaType: 'x', digest, size: content.length };

  /** A registry whose first answer ends in the middle; `second` gives what follows. */
  async function pulled(second: RequestListener) {
    const ranges: (string | undefined)[] = [];
    const port = await listening(
      createServer((request, response) => {
        ranges.push(request.headers.range);
        if (ranges.length > 1) return second(request, response);
        response.writeHead(200, { 'Content-Length': content.length });
        response.write(content.subarray(0, 4_000), () => setTimeout(() => response.destroy(), 50));
      }),
    );
    const get = createGet({ env: {}, direct: [], stallMs: 5_000, authorities: () => [] });
    const name = `127.0.0.1:${port}/a:1`;
    const endpoint = endpointOf({ registry: `127.0.0.1:${port}`, repository: 'a', tag: '1' }, {});
    const dir = await mkdtemp(join(tmpdir(), 'meshdev-layer-'));
    const run = { signal, progress: () => undefined };
    try {
      const store = blobStore(dir);
      const image = { name, manifest: layer, config: layer, layers: [layer] };
      const client = createRegistryClient(get, async () => ({}));
      await pullLayers([{ image, wanted: { name, endpoint, tag: '1' } }], { client, store }, run);
      expect(await store.read(digest)).toEqual(content);
      expect(await readdir(dir)).toHaveLength(1);
    } finally {
      await rm(dir, { recursive: true });
    }
    return ranges;
  }

  it.each<[string, RequestListener, readonly (string | undefined)[]]>([
    [
      'goes on where the registry sends the rest',
      (_, response) => {
        response.writeHead(206, { 'Content-Range': `bytes 4000-9999/10000` });
        response.end(content.subarray(4_000));
      },
      [undefined, 'bytes=4000-9999'],
    ],
    [
      'begins anew where the registry sends everything again',
      (_, response) => void response.end(content),
      [undefined, 'bytes=4000-9999'],
    ],
    [
      'begins anew where the registry sends another part than was asked for',
      (_, response) => {
        response.writeHead(206, { 'Content-Range': `bytes 0-9999/10000` });
        response.end(content);
      },
      [undefined, 'bytes=4000-9999'],
    ],
    [
      'begins anew where the registry knows no parts',
      ({ headers }, response) => {
        if (headers.range !== undefined) response.writeHead(416).end();
        else response.end(content);
      },
      [undefined, 'bytes=4000-9999', undefined],
    ],
  ])('%s', async (_, second, ranges) => {
    expect(await pulled(second)).toEqual(ranges);
  });
});
