import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serviceInputs } from '../../../../src/lab/service-inputs.ts';
import { ruleObjects } from '../../../../src/mesh/manifests/mesh-objects.ts';
import { serviceObjects } from '../../../../src/mesh/manifests/services/service-objects.ts';
import type { KubeObject } from '../../../../src/ports/cluster.ts';
import { createLab, DEFAULT_CHOICE, type Lab, withOwnParts } from '../../../../src/topology/lab.ts';
import type { ContainerService } from '../../../../src/topology/service.ts';
import { leftOver, seeLeftOver } from '../../../../src/up/steps/service-leftovers.ts';
import { waitForServices } from '../../../../src/up/steps/wait-for-services.ts';
import { createFakeCluster } from '../../../support/fake-cluster.ts';

const { signal } = new AbortController();
const sample = createLab(DEFAULT_CHOICE);

function service(id: string, changes: Partial<ContainerService> = {}): ContainerService {
  return {
    id,
    host: `${id}.mesh.localhost`,
    audience: `https://${id}.mesh.localhost`,
    tokenPolicy: `apps/${id}-tokens`,
    identity: { trustDomain: 'cluster.local', namespace: 'apps', serviceAccount: id },
    selector: { app: id },
    port: { service: 8080, target: 8080 },
    extraPorts: [],
    protocol: 'http',
    source: { kind: 'image', image: id },
    container: { environment: {}, envFiles: [], secrets: [], volumes: [], resources: {}, trust: false },
    app: 'opaque',
    access: [{ kind: 'people', policy: `apps/${id}-1`, roles: ['admin'], users: [], scope: {} }],
    callers: [],
    dependsOn: [],
    trustedHeaders: [],
    active: 'safe',
    ...changes,
  };
}

const labWith = (...services: readonly ContainerService[]): Lab =>
  withOwnParts(sample, { services, users: sample.users });

function objectsOf(lab: Lab, one: ContainerService): readonly KubeObject[] {
  const material = { edgeRootPem: 'edge', meshRootPem: 'mesh', digestKey: 'key' };
  const inputs = { variables: { A: '1' }, secretFiles: {}, files: { '/a': Buffer.from('a') } };
  return serviceObjects(lab, one, { ...inputs, image: 'i', lab: material });
}

describe('objects that are left over', () => {
  const [orders, stock] = [service('orders'), service('stock')];
  const both = labWith(orders, stock);

  it('are those of a service that the file has no more, of every kind, and nothing of the others', async () => {
    const cluster = createFakeCluster();
    for (const object of [...ruleObjects(both), ...objectsOf(both, orders), ...objectsOf(both, stock)])
      cluster.put(object);
    const all = [...objectsOf(both, orders), ...objectsOf(both, stock)];
    expect(await leftOver({ cluster, lab: both }, all, signal)).toEqual([]);
    const left = await leftOver({ cluster, lab: labWith(stock) }, objectsOf(both, stock), signal);
    expect(left.map(({ kind, name }) => `${kind} ${name}`).toSorted()).toEqual([
      'AuthorizationPolicy orders-1',
      'ConfigMap orders-files',
      'Deployment orders',
      'RequestAuthentication orders-tokens',
      'Secret orders-variables',
      'Service orders',
      'ServiceAccount orders',
      'VirtualService orders',
    ]);
  });

  it('are seen of a file that has no service any more, and of a lab that never had one nothing is', async () => {
    const cluster = createFakeCluster();
    const look = { clusterUp: true, signal };
    expect(await seeLeftOver({ cluster, lab: sample }, look)).toBeUndefined();
    for (const object of objectsOf(both, orders)) cluster.put(object);
    expect(await seeLeftOver({ cluster, lab: sample }, look)).toMatchObject({
      state: 'differs',
      seen: expect.stringMatching(/^no service of meshdev\.yaml has .* any more$/),
    });
    expect(await seeLeftOver({ cluster, lab: sample }, { ...look, clusterUp: false })).toBeUndefined();
  });

  it('are those in the namespace that a service has left', async () => {
    const cluster = createFakeCluster();
    for (const object of objectsOf(both, orders)) cluster.put(object);
    const moved = service('orders', {
      identity: { trustDomain: 'cluster.local', namespace: 'shop', serviceAccount: 'orders' },
    });
    expect(await leftOver({ cluster, lab: labWith(moved) }, objectsOf(both, moved), signal)).toHaveLength(
      objectsOf(both, orders).length,
    );
  });

  it('are the policies of rules that a service has no more: they would go on to let requests in', async () => {
    const cluster = createFakeCluster();
    for (const object of [...ruleObjects(both), ...objectsOf(both, orders)]) cluster.put(object);
    const closed = labWith(service('orders', { access: [] }), stock);
    expect(await leftOver({ cluster, lab: closed }, objectsOf(closed, orders), signal)).toEqual([
      {
        apiVersion: 'security.istio.io/v1',
        kind: 'AuthorizationPolicy',
        name: 'orders-1',
        namespace: 'apps',
      },
    ]);
  });

  it('are none of another lab, and none that nobody labelled', async () => {
    const cluster = createFakeCluster();
    const other = withOwnParts(createLab({ ...DEFAULT_CHOICE, name: 'other' }), {
      services: [orders],
      users: [],
    });
    for (const object of objectsOf(other, orders)) cluster.put(object);
    cluster.put({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'mine', namespace: 'apps' } });
    expect(await leftOver({ cluster, lab: sample }, [], signal)).toEqual([]);
  });
});

describe('waiting for a service', () => {
  const objects = objectsOf(labWith(service('orders')), service('orders'));
  const run = { signal, progress: () => undefined };

  function clusterWith(restarts: number) {
    const cluster = createFakeCluster({});
    cluster.put({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'orders', namespace: 'apps', generation: 1 },
      spec: { replicas: 1, selector: { matchLabels: { app: 'orders' } } },
      status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 0 },
    });
    cluster.put({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'orders-1', namespace: 'apps', labels: { app: 'orders' } },
      status: {
        containerStatuses: [
          {
            name: 'app',
            ready: false,
            restartCount: restarts,
            state: { waiting: { reason: 'CrashLoopBackOff' } },
            lastState: { terminated: { exitCode: 3, reason: 'Error' } },
          },
        ],
      },
    });
    return { ...cluster, podLogs: async () => 'no database at Bearer abcdefghijklmnopqrstuvwxyz012345\n' };
  }

  it('ends when its container has ended again and again, with what it wrote last', async () => {
    const failed = waitForServices(clusterWith(3), objects, run);
    await expect(failed).rejects.toMatchObject({
      code: 'SERVICE_CRASHES',
      message: expect.stringMatching(
        /^starting service orders: its container ended 3 times, the last time with code 3 \(Error\)\. It wrote:\nno database at /,
      ),
    });
    await expect(failed).rejects.not.toMatchObject({ message: expect.stringContaining('abcdefghijkl') });
  });

  it('names the container and the workload where manifests bring them', async () => {
    const cluster = createFakeCluster();
    const meta = { name: 'db-0', namespace: 'apps', labels: { app: 'db', 'dev.meshdev.service': 'stock' } };
    const pod: KubeObject = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: meta,
      spec: { containers: [{ name: 'main' }] },
      status: {
        containerStatuses: [
          { name: 'main', ready: false, restartCount: 5, lastState: { terminated: { exitCode: 2 } } },
        ],
      },
    };
    cluster.put(pod);
    await expect(waitForServices(cluster, [pod], run)).rejects.toMatchObject({
      code: 'SERVICE_CRASHES',
      message:
        'starting service stock: container main of Pod db-0 ended 5 times, the last time with code 2 (no reason). It wrote:\n(nothing)',
      remedies: ['meshdev kubectl -n apps logs pod/db-0 -c main --previous', 'meshdev up'],
    });
  });

  it('goes on while it has ended only once: what it needs may not be there yet', async () => {
    const stop = AbortSignal.timeout(700);
    const waiting = waitForServices(clusterWith(1), objects, { ...run, signal: stop });
    await expect(waiting).rejects.not.toMatchObject({ code: 'SERVICE_CRASHES' });
  });
});

describe('what a container is given', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'meshdev-inputs-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  const withContainer = (container: Partial<ContainerService['container']>): ContainerService => {
    const plain = service('orders');
    return { ...plain, container: { ...plain.container, ...container } };
  };

  it('is read from env files, secrets and files of the project', async () => {
    await writeFile(join(dir, 'a.env'), '# comment\nURL=http://a:1\nNAME="two words"\n');
    await writeFile(join(dir, 'db.txt'), 'secret\n');
    await writeFile(join(dir, 'orders.conf'), 'conf');
    const given = await serviceInputs(
      withContainer({
        envFiles: ['./a.env'],
        secrets: [
          { name: 'db', from: { file: './db.txt' } },
          { name: 'db-url', from: { file: './db.txt' }, variable: 'DB' },
          { name: 'key', from: { environment: 'ORDERS_KEY' }, variable: 'KEY' },
        ],
        volumes: [
          { kind: 'empty', at: '/tmp' },
          { kind: 'file', source: './orders.conf', at: '/etc/orders.conf' },
        ],
      }),
      { dir, env: { ORDERS_KEY: 'k' } },
    );
    expect(given.variables).toEqual({ URL: 'http://a:1', NAME: 'two words', DB: 'secret', KEY: 'k' });
    expect(given.secretFiles).toEqual({ db: Buffer.from('secret\n') });
    expect(given.files).toEqual({ '/etc/orders.conf': Buffer.from('conf') });
  });

  it.each([
    [{ envFiles: ['./gone.env'] }, /services\.orders\.env_file: .*gone\.env/],
    [{ secrets: [{ name: 'db', from: { file: './gone' } }] }, /services\.orders\.secrets\.db\.file: .*gone/],
    [
      { secrets: [{ name: 'key', from: { environment: 'ORDERS_KEY' } }] },
      /services\.orders\.secrets\.key: the variable ORDERS_KEY is not set/,
    ],
  ])('is asked for by name where it is not there: %j', async (container, message) => {
    await expect(serviceInputs(withContainer(container), { dir, env: {} })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(message),
    });
  });
});
