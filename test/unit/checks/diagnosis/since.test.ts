import { expect, it } from 'vitest';
import { createdAt } from '../../../../src/probe/gateway/cluster-state.ts';
import { judge } from '../expected.ts';
import { healthy, lab } from '../fault-table.ts';

const NAME = 'EnvoyFilter apps/x';
const AT = '2026-03-01T10:00:00Z';

it('a foreign object is told with the time of its creation', async () => {
  const metadata = { name: 'x', namespace: 'apps', creationTimestamp: AT };
  const foreignSince = createdAt([
    { apiVersion: 'networking.istio.io/v1alpha3', kind: 'EnvoyFilter', metadata },
    { apiVersion: 'networking.istio.io/v1alpha3', kind: 'EnvoyFilter', metadata: { name: 'y' } },
  ]);
  expect(foreignSince).toEqual({ [NAME]: AT });
  const state = { ...healthy['cluster.state'], foreign: [NAME], foreignSince };
  const { causes } = await judge(lab, { ...healthy, 'cluster.state': state });
  expect(causes).toMatchObject([{ object: NAME, since: AT, verdict: 'warn' }]);
});
