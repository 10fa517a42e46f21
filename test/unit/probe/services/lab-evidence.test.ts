import { beforeAll, describe, expect, it } from 'vitest';
import { collectOfLab } from '../../../../src/evidence/lab-evidence.ts';
import type { EvidenceMap } from '../../../../src/evidence/evidence-map.ts';
import type { Collect } from '../../../../src/evidence/collect.ts';
import { serviceOfPod } from '../../../../src/probe/mesh/proxies.ts';
import { healthyEvidence } from '../../../support/healthy-evidence.ts';
import { makeMaterial } from '../../../support/healthy-material.ts';
import { healthyServiceEvidence, makeServiceMaterial } from '../../../support/healthy-service.ts';
import { healthyService, labWith } from '../../../support/own-service.ts';

const service = healthyService();
const lab = labWith(service);
let sample: EvidenceMap;
let collect: Collect;
beforeAll(async () => {
  const own = healthyServiceEvidence(service, lab, await makeServiceMaterial(service));
  sample = healthyEvidence(lab, await makeMaterial(lab));
  const pods = own['service.proxies'].own.map((proxy) => ({ ...proxy, service: service.id }));
  const both: EvidenceMap = {
    ...sample,
    proxies: {
      proxies: [...sample.proxies.proxies, ...pods],
      unseen: [
        { workload: undefined, service: service.id, pod: 'apps/orders-x', because: 'TIMED_OUT' },
        { workload: undefined, pod: 'apps/theirs', because: 'TIMED_OUT' },
      ],
    },
    'policy.state': {
      ...sample['policy.state'],
      objects: [...sample['policy.state'].objects, ...own['service.policies'].objects.slice(0, 3)],
    },
  };
  collect = collectOfLab(async (key) => both[key], lab.services);
});

describe('the evidence of the checks of the lab', () => {
  it('has no proxies of services of the user, and those of strangers', async () => {
    const { proxies, unseen } = await collect('proxies');
    expect(proxies).toEqual(sample.proxies.proxies);
    expect(unseen.map(({ pod }) => pod)).toEqual(['apps/theirs']);
  });

  it('has no policies that follow from services of the user', async () => {
    expect((await collect('policy.state')).objects).toEqual(sample['policy.state'].objects);
  });

  it('is otherwise what was gathered', async () => {
    expect(await collect('names')).toBe(sample.names);
  });
});

describe('the service of a pod', () => {
  const pod = (namespace: string, labels: Readonly<Record<string, string>>) => ({
    metadata: { name: 'p', namespace, labels },
  });

  it.each([
    ['by its labels', pod('apps', { app: 'orders', more: 'x' }), 'orders'],
    ['not by labels of another namespace', pod('shop', { app: 'orders' }), undefined],
    ['none for a pod of the sample', pod('apps', { app: 'httpbin' }), undefined],
  ])('is known %s', (_, one, id) => {
    expect(serviceOfPod(lab, one)).toBe(id);
  });
});
