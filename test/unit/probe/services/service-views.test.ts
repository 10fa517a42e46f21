import { beforeAll, describe, expect, it } from 'vitest';
import type { Collect } from '../../../../src/evidence/collect.ts';
import type { EvidenceMap } from '../../../../src/evidence/evidence-map.ts';
import type { ServicePods } from '../../../../src/evidence/services/service-pods.ts';
import { viewNames, viewProxies, viewRoutes } from '../../../../src/probe/services/service-views.ts';
import { healthyEvidence } from '../../../support/healthy-evidence.ts';
import { makeMaterial } from '../../../support/healthy-material.ts';
import { healthyServiceEvidence, makeServiceMaterial } from '../../../support/healthy-service.ts';
import { healthyService, labWith } from '../../../support/own-service.ts';

const service = healthyService();
const lab = labWith(service);
let evidence: EvidenceMap;
let pods: ServicePods;
beforeAll(async () => {
  const own = healthyServiceEvidence(service, lab, await makeServiceMaterial(service));
  const sample = healthyEvidence(lab, await makeMaterial(lab));
  pods = own['service.pods'];
  evidence = {
    ...sample,
    proxies: {
      proxies: [...sample.proxies.proxies, ...own['service.proxies'].own],
      unseen: [
        { workload: undefined, pod: 'apps/orders-5b8c-aaaaa', because: 'TIMED_OUT' },
        { workload: undefined, pod: 'shop/orders-5b8c-aaaaa', because: 'TIMED_OUT' },
      ],
    },
  };
});
const collect: Collect = async (key) => evidence[key];

describe('what of the lab’s evidence is about one service', () => {
  it('are the proxies of its own pods, and those of them that could not be asked', async () => {
    const { own, unseen, all } = await viewProxies(collect, service, pods);
    expect(own.map(({ pod }) => pod)).toEqual(pods.pods.map(({ name }) => name));
    expect(unseen.map(({ pod }) => pod)).toEqual(['apps/orders-5b8c-aaaaa']);
    expect(all.length).toBeGreaterThan(own.length);
  });

  it('is nothing of a pod with the same name in another namespace', async () => {
    const elsewhere = { ...service, identity: { ...service.identity, namespace: 'shop' } };
    const { own, unseen } = await viewProxies(collect, elsewhere, pods);
    expect(own).toEqual([]);
    expect(unseen.map(({ pod }) => pod)).toEqual(['shop/orders-5b8c-aaaaa']);
  });

  it('are the answers about its own name', async () => {
    const { inside, edgeAddresses } = await viewNames(collect, service);
    expect([...new Set(inside.map(({ name }) => name))].every((name) => name === service.host)).toBe(true);
    expect(edgeAddresses).toEqual(evidence.names.edgeAddresses);
    expect((await viewNames(collect, { ...service, host: lab.hosts.httpbin })).inside.length).toBeGreaterThan(
      0,
    );
  });

  it('is the gateway’s own table of routes', async () => {
    expect((await viewRoutes(collect)).gateway?.workload).toBe('gateway');
  });
});
