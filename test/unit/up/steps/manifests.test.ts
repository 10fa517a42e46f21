import { describe, expect, it } from 'vitest';
import { namespaces } from '../../../../src/mesh/manifests/namespaces.ts';
import { ruleObjects } from '../../../../src/mesh/manifests/mesh-objects.ts';
import { inventory, manifestObjects } from '../../../../src/mesh/manifests/services/manifest-objects.ts';
import { type KubeObject, nameOf, refOf } from '../../../../src/ports/cluster.ts';
import type { Lab } from '../../../../src/topology/lab.ts';
import { announceKinds, applyServices, withScale } from '../../../../src/up/steps/apply-services.ts';
import { leftOver, removeLeftOver } from '../../../../src/up/steps/service-leftovers.ts';
import { refuseClashes } from '../../../../src/lab/wanted-services.ts';
import { createFakeCluster } from '../../../support/fake-cluster.ts';
import { STOCK } from '../../../support/manifests.ts';
import { labWithStock } from '../../../support/stock-lab.ts';

const { signal } = new AbortController();
const run = { signal, progress: () => undefined };

function stockIn(text: string, keys?: string) {
  const { lab, manifests } = labWithStock(text, keys);
  const service = lab.services.find(({ id }) => id === 'stock');
  if (service === undefined) throw new Error('no stock');
  const objects = manifestObjects(lab, service, manifests.get('stock')?.objects ?? []);
  return { lab, service, objects };
}

const MORE = `---
apiVersion: batch/v1
kind: CronJob
metadata: { name: nightly }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: reader }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data }
`;

describe('objects of manifests', () => {
  const { lab, objects } = stockIn(`${STOCK}${MORE}`);
  const find = (kind: string) => objects.find((object) => object.kind === kind);

  it('carry the labels of lab and service on themselves alone', () => {
    const own = {
      'dev.meshdev.service': 'stock',
      'dev.meshdev.managed-by': 'meshdev',
      'dev.meshdev.lab': lab.name,
      'dev.meshdev.role': 'service',
    };
    expect(find('Deployment')?.metadata.labels).toEqual({ team: 'a', ...own });
    for (const { metadata } of objects) expect(metadata.labels).toMatchObject(own);
    const rest = objects.map(({ metadata: _metadata, ...body }) => body);
    expect(JSON.stringify(rest)).not.toContain('dev.meshdev');
  });

  it('are in no cluster twice: what meshdev makes itself is refused by name', () => {
    expect(() => refuseClashes(objects, ruleObjects(lab))).not.toThrow();
    const policy = `---
apiVersion: security.istio.io/v1beta1
kind: AuthorizationPolicy
metadata: { name: stock-1 }
`;
    const clashing = stockIn(`${STOCK}${policy}`, 'allow: [{ from: [stock] }]');
    expect(() => refuseClashes(clashing.objects, ruleObjects(clashing.lab))).toThrow(
      /meshdev makes these objects itself.*: AuthorizationPolicy apps\/stock-1$/,
    );
  });
});

describe('namespaces of manifests', () => {
  const labelsIn = (text: string, name: string) =>
    namespaces(labWithStock(text).lab).find(({ metadata }) => metadata.name === name)?.metadata;
  const made = (name: string, labels: string) =>
    `${STOCK}---\napiVersion: v1\nkind: Namespace\nmetadata: { name: ${name}, labels: ${labels}, annotations: { a: b } }\n`;

  it('get sidecars and keep what the manifests say of them', () => {
    expect(labelsIn(made('shop', '{ team: a }'), 'shop')).toMatchObject({
      labels: { team: 'a', 'istio-injection': 'enabled', 'dev.meshdev.role': 'namespace' },
      annotations: { a: 'b' },
    });
    expect(labelsIn(made('shop', '{ istio-injection: disabled }'), 'shop')?.labels).toMatchObject({
      'istio-injection': 'disabled',
    });
  });

  it('of the sample keep their sidecars whatever the manifests say', () => {
    expect(
      labelsIn(made('backend', '{ istio-injection: disabled, team: a }'), 'backend')?.labels,
    ).toMatchObject({
      'istio-injection': 'enabled',
      team: 'a',
    });
  });

  it('of the system are not touched', () => {
    const text = `${STOCK}---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: c, namespace: kube-system }\n`;
    expect(labelsIn(text, 'kube-system')).toBeUndefined();
  });
});

describe('objects of manifests that are left over', () => {
  async function applied(lab: Lab, text: string) {
    const stock = stockIn(text);
    const cluster = createFakeCluster();
    await announceKinds(cluster, lab, [stock], signal);
    await applyServices(cluster, stock.objects, run);
    return { cluster, ...stock };
  }
  const names = (left: readonly ReturnType<typeof refOf>[]) => left.map(nameOf);

  it('are of every kind that they brought, but for what holds data; what tells of them goes last', async () => {
    const { cluster, lab, service, objects } = await applied(stockIn(STOCK).lab, `${STOCK}${MORE}`);
    const wanted = [...objects, inventory(lab, service, objects)];
    expect(await leftOver({ cluster, lab }, wanted, signal)).toEqual([]);
    const without: Lab = { ...lab, services: lab.services.filter(({ id }) => id !== 'stock') };
    const left = await leftOver({ cluster, lab: without }, [], signal);
    expect(names(left).toSorted()).toEqual([
      'ClusterRole reader',
      'ConfigMap apps/meshdev-stock-kinds',
      'CronJob apps/nightly',
      'Deployment apps/stock',
      'Service apps/stock',
      'ServiceAccount apps/keeper',
    ]);
    expect(names(left).at(-1)).toBe('ConfigMap apps/meshdev-stock-kinds');
    await removeLeftOver(cluster, left, signal);
    expect([...cluster.objects.keys()]).toEqual(['PersistentVolumeClaim apps/data']);
  });

  it('are those that the manifests have no more, of a kind that none has', async () => {
    const { cluster } = await applied(stockIn(STOCK).lab, `${STOCK}${MORE}`);
    const now = stockIn(STOCK);
    // A run that is stopped here has not forgotten the kinds of before.
    await announceKinds(cluster, now.lab, [now], signal);
    await applyServices(cluster, now.objects, run);
    const wanted = [...now.objects, inventory(now.lab, now.service, now.objects)];
    expect(names(await leftOver({ cluster, lab: now.lab }, wanted, signal)).toSorted()).toEqual([
      'ClusterRole reader',
      'CronJob apps/nightly',
    ]);
  });

  it('are not those of another version of the same API, of a controller, or without the labels', async () => {
    const hpa = (version: string) =>
      `${STOCK}---\napiVersion: autoscaling/${version}\nkind: HorizontalPodAutoscaler\nmetadata: { name: stock }\n---\napiVersion: apps/v1\nkind: ReplicaSet\nmetadata: { name: own }\nspec: { template: { metadata: { labels: { a: b } }, spec: { containers: [] } } }\n`;
    const { cluster, objects } = await applied(stockIn(STOCK).lab, hpa('v1'));
    const now = stockIn(hpa('v2'));
    await announceKinds(cluster, now.lab, [now], signal);
    const deployment = objects.find(({ kind }) => kind === 'Deployment');
    cluster.put({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: 'stock-5b8c',
        namespace: 'apps',
        labels: deployment?.metadata.labels ?? {},
        ownerReferences: [{ kind: 'Deployment', name: 'stock' }],
      },
    });
    cluster.put({ apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'mine', namespace: 'apps' } });
    const wanted = [...now.objects, inventory(now.lab, now.service, now.objects)];
    expect(names(await leftOver({ cluster, lab: now.lab }, wanted, signal))).toEqual([]);
  });
});

describe('applying manifests', () => {
  it('has definitions served and accounts made before pods', async () => {
    const crd = `---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: things.example.com }
---
apiVersion: example.com/v1
kind: Thing
metadata: { name: a }
`;
    const { objects } = stockIn(`${STOCK}${crd}`);
    const cluster = createFakeCluster();
    const calls: (readonly string[])[] = [];
    const status = { conditions: [{ type: 'Established', status: 'True' }] };
    const watched = {
      ...cluster,
      apply: async (given: readonly KubeObject[]) => {
        calls.push(given.map(({ kind }) => kind));
        for (const object of given)
          cluster.put(object.kind === 'CustomResourceDefinition' ? { ...object, status } : object);
      },
    };
    await applyServices(watched, objects, run);
    expect(calls).toEqual([
      ['CustomResourceDefinition'],
      ['Service', 'ServiceAccount', 'Thing'],
      ['Deployment'],
    ]);
  });

  const deployment = (text = STOCK) => {
    const found = stockIn(text).objects.find(({ kind }) => kind === 'Deployment');
    if (found === undefined) throw new Error('no Deployment');
    return found;
  };
  const scaledTo = (replicas: number): KubeObject => ({
    ...deployment(),
    spec: { replicas },
  });

  it.each([
    ['the live number, while the file asks for what it asked before', STOCK, scaledTo(5), 5],
    [
      'the number of the file when that was edited',
      STOCK.replace('replicas: 2', 'replicas: 3'),
      scaledTo(5),
      3,
    ],
    [
      'the live number where the file asks for none any more',
      STOCK.replace('  replicas: 2\n', ''),
      scaledTo(5),
      5,
    ],
    ['the number of the file where none are left', STOCK, scaledTo(0), 2],
    ['the number of the file where there is no live one', STOCK, undefined, 2],
    [
      'the number of the file where meshdev did not make the live one',
      STOCK,
      { ...scaledTo(5), metadata: { name: 'stock' } },
      2,
    ],
  ])('asks for as many pods as %s', (_what, text, live, replicas) => {
    expect(withScale(deployment(text), live)['spec']).toMatchObject({
      replicas,
      selector: { matchLabels: { app: 'stock' } },
    });
  });
});
