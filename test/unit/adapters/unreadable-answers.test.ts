import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDockerodeEngine } from '../../../src/adapters/dockerode-engine.ts';
import { createKubernetesCluster } from '../../../src/adapters/kubernetes-cluster.ts';
import { socketEndpoint } from '../../../src/engine/endpoint.ts';
import { pingEngine } from '../../../src/engine/ping.ts';
import type { Cluster } from '../../../src/ports/cluster.ts';
import type { ContainerEngine } from '../../../src/ports/container-engine.ts';

/* Something answers where an engine or an API server should, with 200 and not what these would say. */

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl';
const { signal } = new AbortController();

const GARBAGE = {
  'other JSON': `{"cause":"no such thing","token":"${TOKEN}"}`,
  'a list of something': '[{"Podman":true}]',
  'a page': `<html><body>Sign in, Bearer ${TOKEN}</body></html>`,
  nothing: '',
  'half of a document': '{"Id": "abc", "Sta',
  'another kind of value': '42',
  null: 'null',
} as const;

type Kind = keyof typeof GARBAGE;

/** What of it must be seen in the message: a token must not. */
const BEGINNING: Readonly<Record<Kind, string>> = {
  ...GARBAGE,
  'other JSON': '"cause":"no such thing"',
  'a page': '<html>',
  nothing: 'it is empty',
};

const ENGINE_CALLS: Readonly<Record<string, (engine: ContainerEngine) => Promise<unknown>>> = {
  info: (engine) => engine.info(signal),
  'containers.list': (engine) => engine.containers.list({}, signal),
  'containers.inspect': (engine) => engine.containers.inspect('edge', signal),
  'containers.create': (engine) =>
    engine.containers.create({ name: 'x', image: 'i', labels: {}, network: 'n' }, signal),
  'containers.exec': (engine) => engine.containers.exec('edge', { argv: ['true'], timeoutMs: 3_000 }, signal),
  'containers.logs': (engine) => engine.containers.logs('edge', {}, signal),
  'networks.list': (engine) => engine.networks.list({}, signal),
  'networks.inspect': (engine) => engine.networks.inspect('n', signal),
  'networks.ensure': (engine) => engine.networks.ensure({ name: 'n', labels: {}, ipv6: false }, signal),
  'volumes.list': (engine) => engine.volumes.list({}, signal),
  'volumes.inspect': (engine) => engine.volumes.inspect('v', signal),
  'images.list': (engine) => engine.images.list({}, signal),
  'images.matching': (engine) => engine.images.matching('a/*', signal),
  'images.inspect': (engine) => engine.images.inspect('i', signal),
};

const POD = { apiVersion: 'v1', kind: 'Pod', namespace: 'a', name: 'p' };
const CLUSTER_CALLS: Readonly<Record<string, (cluster: Cluster) => Promise<unknown>>> = {
  get: (cluster) => cluster.get(POD, signal),
  list: (cluster) => cluster.list(POD, signal),
  apply: (cluster) => cluster.apply([{ ...POD, metadata: { name: 'p', namespace: 'a' } }], signal),
  compare: (cluster) => cluster.compare([{ ...POD, metadata: { name: 'p', namespace: 'a' } }], signal),
};

/** Discovery is answered as it should be; what it leads to is not. */
const KINDS = '{"resources":[{"name":"pods","kind":"Pod","namespaced":true}]}';

let dir = '';
let server: Server;
let body = '';
let discovers = true;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'meshdev-garbage-'));
  server = createServer((request, response) => {
    request.resume();
    const known = discovers && request.url === '/api/v1';
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(known ? KINDS : body);
  });
  const listening = Promise.withResolvers<void>();
  server.listen(join(dir, 'engine.sock'), listening.resolve);
  await listening.promise;
});
afterAll(async () => {
  server.close();
  await rm(dir, { recursive: true, force: true });
});

const kinds = Object.keys(GARBAGE).filter((kind): kind is Kind => kind in GARBAGE);

describe.each(kinds)('%s instead of an answer', (kind) => {
  it.each(Object.entries(ENGINE_CALLS))('of the engine, to %s', async (name, call) => {
    body = GARBAGE[kind];
    const seen = await call(createDockerodeEngine(socketEndpoint(join(dir, 'engine.sock')))).catch(
      (error: unknown) => error,
    );
    // Of what was made the client hands over the id alone.
    expectUnreadable(seen, ['containers.create', 'containers.exec'].includes(name) ? '{}' : BEGINNING[kind]);
  });

  it('of the engine, to a ping', async () => {
    body = GARBAGE[kind];
    const seen = await pingEngine(socketEndpoint(join(dir, 'engine.sock')), signal);
    expect(seen).toMatchObject({ kind: 'silent', seen: expect.stringMatching(/\/version · .*it begins/) });
    expect(JSON.stringify(seen)).not.toContain(TOKEN);
  });

  it.each(Object.entries(CLUSTER_CALLS))('of the cluster, to %s', async (_, call) => {
    body = GARBAGE[kind];
    for (const known of [true, false]) {
      discovers = known;
      await using cluster = await overTcp();
      expectUnreadable(await call(cluster.cluster).catch((error: unknown) => error), BEGINNING[kind]);
    }
  });
});

function expectUnreadable(seen: unknown, beginning: string): void {
  expect(seen).toMatchObject({
    code: 'ANSWER_UNREADABLE',
    message: expect.stringMatching(/\w+ing .* · the response/),
  });
  const { message } = seen instanceof Error ? seen : new Error('it was no error');
  expect(message).not.toContain(TOKEN);
  expect(message).not.toContain('\n');
  expect(message.replaceAll(' ', '')).toContain(beginning.replaceAll(' ', ''));
}

/** The same answers for a client that knows no sockets of the file system. */
async function overTcp(): Promise<AsyncDisposable & { readonly cluster: Cluster }> {
  const tcp = createServer((request, response) => void server.emit('request', request, response));
  const listening = Promise.withResolvers<void>();
  tcp.listen(0, '127.0.0.1', listening.resolve);
  await listening.promise;
  const address = tcp.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const kubeconfig = join(dir, `kubeconfig-${port}`);
  await writeFile(
    kubeconfig,
    JSON.stringify({
      'current-context': 'x',
      contexts: [{ name: 'x', context: { cluster: 'x', user: 'x' } }],
      clusters: [
        { name: 'x', cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } },
      ],
      users: [{ name: 'x', user: { token: 'x' } }],
    }),
  );
  return {
    cluster: createKubernetesCluster(kubeconfig),
    [Symbol.asyncDispose]: async () => {
      tcp.closeAllConnections();
      tcp.close();
    },
  };
}
