import { describe, expect, it } from 'vitest';
import { type ComparedObjects, driftOfService } from '../../../../src/probe/services/service-objects.ts';
import type { Comparison, Difference, KubeObject } from '../../../../src/ports/cluster.ts';
import { LABEL } from '../../../../src/topology/labels.ts';
import type { Service } from '../../../../src/topology/service.ts';
import { healthyService } from '../../../support/own-service.ts';

const IMAGE = 'spec.template.spec.containers[0].image';
const built = healthyService({ source: { kind: 'build', context: './orders', args: {} } });

function deployment(service: string): KubeObject {
  const labels = { [LABEL.service]: service };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: service, namespace: 'apps', labels },
  };
}

function compared(service: string, ...differences: readonly Difference[]): ComparedObjects {
  const ref = { apiVersion: 'apps/v1', kind: 'Deployment', name: service, namespace: 'apps' };
  const comparison: Comparison =
    differences.length === 0 ? { kind: 'same', ref } : { kind: 'differs', ref, differences };
  return [[deployment(service), comparison]];
}

const account: Difference = {
  path: 'spec.template.spec.serviceAccountName',
  seen: 'default',
  wanted: 'orders',
};
const image = (seen: string, wanted = 'meshdev.local/service/orders:new'): Difference => ({
  path: IMAGE,
  seen,
  wanted,
});
const older = 'meshdev.local/service/orders:old';

describe('objects of one service beside the plan', () => {
  it('are the same where nothing differs', () => {
    expect(driftOfService(compared('orders'), built)).toEqual({ drift: [], isOlderBuild: false });
  });

  it('differ by what the message names, and another service does not', () => {
    const all = [...compared('orders', account), ...compared('stock')];
    const { drift } = driftOfService(all, built);
    expect(drift).toHaveLength(1);
    expect(drift[0]).toContain('spec.template.spec.serviceAccountName is default, expected orders');
    const stock = { ...built, id: 'stock' };
    expect(driftOfService(all, stock).drift).toEqual([]);
  });

  it.each<[string, Service, Difference, boolean]>([
    ['an earlier build of its own sources is told', built, image(older), true],
    ['an image of another service differs', built, image('meshdev.local/service/stock:old'), false],
    ['an image from elsewhere differs', built, image('evil.example/orders:old'), false],
    ['another image of a service that names one differs', healthyService(), image(older), false],
    [
      'an image that the engine has lost is told',
      healthyService(),
      image(older, 'meshdev.local/service/orders:not-known-yet'),
      true,
    ],
    [
      'a sidecar container beside it differs',
      built,
      { ...image(older), path: IMAGE.replace('0', '1') },
      false,
    ],
  ])('%s', (_what, service, difference, isOlderBuild) => {
    const found = driftOfService(compared('orders', difference), service);
    expect(found.isOlderBuild).toBe(isOlderBuild);
    expect(found.drift).toHaveLength(isOlderBuild ? 0 : 1);
  });

  it('a build that is older hides nothing else of the same object', () => {
    const found = driftOfService(compared('orders', image(older), account), built);
    expect(found.isOlderBuild).toBe(true);
    expect(found.drift[0]).toContain('serviceAccountName');
    expect(found.drift[0]).not.toContain(older);
  });
});
