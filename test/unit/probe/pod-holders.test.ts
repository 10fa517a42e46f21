import { describe, expect, it } from 'vitest';
import { addedTo } from '../../../src/checks/access/pod-additions.ts';
import type { KubeObject } from '../../../src/ports/cluster.ts';
import { holdersOf } from '../../../src/probe/exposure/pod-holders.ts';
import { plannedHolders, plannedSecrets } from '../../../src/probe/exposure/planned-holders.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { freshForger } from '../../support/lab-keys.ts';

const lab = createLab(DEFAULT_CHOICE);
const { keys } = await freshForger(lab);

function ownedBy(kind: string, name: string): Record<string, unknown> {
  return { ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: 'u', controller: true }] };
}

function object(kind: string, name: string, meta: Record<string, unknown>, spec: unknown): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { name, namespace: 'apps', ...meta }, spec };
}

const spec = { serviceAccountName: 'httpbin', containers: [{ name: 'app' }] };
const maker = (kind: string, name: string, meta: Record<string, unknown> = {}) =>
  object(kind, name, meta, { template: { spec } });

describe('the holders of a cluster', () => {
  it('follow the owners of a pod to the top', () => {
    const pod = object('Pod', 'httpbin-1-x', ownedBy('ReplicaSet', 'httpbin-1'), spec);
    const set = maker('ReplicaSet', 'httpbin-1', ownedBy('Deployment', 'httpbin'));
    const found = holdersOf([pod], [set, maker('Deployment', 'httpbin')]);
    expect(found.map(({ owner, pod: name }) => [owner.kind, owner.name, name])).toEqual([
      ['Deployment', 'httpbin', 'httpbin-1-x'],
      ['Deployment', 'httpbin', undefined],
    ]);
  });

  it('are bare pods themselves, and templates that have no pod', () => {
    const cron = object('CronJob', 'nightly', {}, { jobTemplate: { spec: { template: { spec } } } });
    const found = holdersOf([object('Pod', 'bare', {}, spec)], [cron]);
    expect(found.map(({ owner, account }) => [owner.kind, owner.name, account])).toEqual([
      ['Pod', 'bare', 'httpbin'],
      ['CronJob', 'nightly', 'httpbin'],
    ]);
  });

  it('are no pods that have ended or are being deleted', () => {
    const ended = { ...object('Pod', 'a', {}, spec), status: { phase: 'Succeeded' } };
    const going = object('Pod', 'b', { deletionTimestamp: '2026-12-01T00:00:00Z' }, spec);
    expect(holdersOf([ended, going], [])).toEqual([]);
  });

  it('hold what they mount and have in their environment, and what they share with the node', () => {
    const [held] = holdersOf(
      [
        object(
          'Pod',
          'x',
          {},
          {
            hostPID: true,
            containers: [
              {
                name: 'a',
                securityContext: { privileged: true },
                env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 's1', key: 'k' } } }],
                envFrom: [{ secretRef: { name: 's2' } }, { configMapRef: { name: 'm1' } }],
                lifecycle: { postStart: { exec: { command: ['x'] } } },
              },
            ],
            ephemeralContainers: [{ name: 'debug', command: ['sh'] }],
            volumes: [
              { name: 'v', secret: { secretName: 's3' } },
              { name: 'w', hostPath: { path: '/etc' } },
              {
                name: 'p',
                projected: { sources: [{ secret: { name: 's4' } }, { serviceAccountToken: {} }] },
              },
            ],
          },
        ),
      ],
      [],
    );
    expect(held).toMatchObject({
      account: 'default',
      secrets: ['s3', 's4', 's1', 's2'],
      configMaps: ['m1'],
      reach: ['hostPID', 'privileged a', 'hostPath /etc'],
      apiToken: true,
      containers: [
        { name: 'a', as: 'container', env: ['A'], hooks: true },
        { name: 'debug', as: 'ephemeral', argv: ['sh'], hooks: false },
      ],
    });
  });

  it('have no token for the API server where only istiod takes it', () => {
    const token = { serviceAccountToken: { audience: 'istio-ca', path: 'istio-token' } };
    const volumes = [{ name: 'istio-token', projected: { sources: [token] } }];
    expect(holdersOf([object('Pod', 'x', {}, { ...spec, volumes })], [])[0]?.apiToken).toBe(false);
  });
});

describe('the plan', () => {
  it('has every workload of the lab, under its own account', () => {
    const planned = plannedHolders({ lab }, keys);
    expect(planned.map(({ owner, account }) => `${owner.namespace}/${owner.name} ${account}`)).toEqual([
      'istio-system/istiod istiod',
      'istio-ingress/gateway gateway',
      'apps/httpbin httpbin',
      'backend/ledger ledger',
      'apps/caller caller',
      'intruder/intruder intruder',
    ]);
  });

  it('differs in nothing from the pods that are made of it and injected', () => {
    for (const plan of plannedHolders({ lab }, keys)) {
      const proxy = { name: 'istio-proxy', as: 'init', argv: ['proxy'], env: ['A'], hooks: true } as const;
      const containers = plan.containers.some(({ name }) => name === 'istio-proxy')
        ? plan.containers.map((own) => ({ ...proxy, as: own.as }))
        : [...plan.containers, proxy];
      const seen = { ...plan, containers, configMaps: [...plan.configMaps, 'istio-ca-root-cert'] };
      expect(addedTo(seen, plan)).toEqual([]);
    }
  });

  it('names the secrets of the mesh', () => {
    expect(plannedSecrets({ lab })).toContain('istio-system/cacerts');
  });
});
