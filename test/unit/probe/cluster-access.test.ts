import { expect, it } from 'vitest';
import { readClusterAccess } from '../../../src/probe/exposure/cluster-access.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import type { Admission, KubeObject } from '../../../src/ports/cluster.ts';
import { createFakeCluster } from '../../support/fake-cluster.ts';

const lab = createLab(DEFAULT_CHOICE);
const signal = AbortSignal.timeout(60_000);
const apiVersion = 'rbac.authorization.k8s.io/v1';
const subjects = [{ kind: 'ServiceAccount', name: 'cart', namespace: 'shop' }];
const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'reader' };
const binding: KubeObject = {
  apiVersion,
  kind: 'ClusterRoleBinding',
  metadata: { name: 'x', creationTimestamp: '2026-12-01T00:00:00Z' },
  roleRef,
  subjects,
};
const declared: KubeObject = { ...binding, metadata: { name: 'declared' } };

function answering(spec: unknown): Admission {
  const allowed = JSON.stringify(spec).includes('kubernetes-admin');
  const object = { apiVersion: 'x/v1', kind: 'SubjectAccessReview', metadata: { name: '' } };
  return { kind: 'admitted', object: { ...object, status: { allowed } } };
}

async function read(admission: (object: KubeObject) => Admission) {
  const cluster = createFakeCluster({ admission });
  cluster.put({ apiVersion, kind: 'ClusterRole', metadata: { name: 'reader' }, rules: null });
  cluster.put(binding);
  cluster.put(declared);
  const manifests = new Map([['orders', { objects: [declared], brings: [] }]]);
  return readClusterAccess({ cluster, lab, manifests }, signal);
}

it('reads roles and bindings, and knows what the manifests of a service bring', async () => {
  const { roles, bindings } = await read(({ ['spec']: spec }) => answering(spec));
  expect(roles).toEqual([{ kind: 'ClusterRole', name: 'reader', rules: [] }]);
  const seen = { kind: 'ClusterRoleBinding', role: { kind: 'ClusterRole', name: 'reader' }, subjects };
  expect(bindings).toEqual([
    { ...seen, name: 'x', since: '2026-12-01T00:00:00Z', declared: false },
    { ...seen, name: 'declared', declared: true },
  ]);
});

it('asks the API server what it permits to strangers and to an administrator', async () => {
  const { reviews } = await read(({ ['spec']: spec }) => answering(spec));
  expect(reviews.filter(({ allowed }) => allowed === true).map(({ id }) => id)).toEqual([
    'administrator-secrets',
  ]);
  expect(reviews.filter(({ allowed }) => allowed === false).length).toBeGreaterThan(10);
});

it('takes no answer for none', async () => {
  const { reviews } = await read(() => ({ kind: 'refused', by: 'api', status: 403, message: 'forbidden' }));
  expect(new Set(reviews.map(({ allowed }) => allowed))).toEqual(new Set([undefined]));
});
