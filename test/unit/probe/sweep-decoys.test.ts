import { expect, it } from 'vitest';
import { decoyIssuers } from '../../../src/mesh/manifests/decoys.ts';
import type { KubeObject } from '../../../src/ports/cluster.ts';
import { sweepDecoys } from '../../../src/probe/decoys/decoy-objects.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { createFakeCluster } from '../../support/fake-cluster.ts';

const lab = createLab(DEFAULT_CHOICE);
const other = createLab({ ...DEFAULT_CHOICE, name: 'other' });
const signal = AbortSignal.timeout(60_000);

function madeAgo(ms: number, object: KubeObject): KubeObject {
  const creationTimestamp = new Date(Date.now() - ms).toISOString();
  return { ...object, metadata: { ...object.metadata, creationTimestamp } };
}

it('removes what a run that was killed left, and nothing of a run that goes on or of another lab', async () => {
  const cluster = createFakeCluster();
  cluster.put(madeAgo(180_000, decoyIssuers(lab, 'aaaaaaaa', [])));
  cluster.put(madeAgo(30_000, decoyIssuers(lab, 'bbbbbbbb', [])));
  cluster.put(madeAgo(180_000, decoyIssuers(other, 'cccccccc', [])));
  await sweepDecoys({ cluster, lab }, signal);
  expect([...cluster.objects.values()].map(({ metadata }) => metadata.name)).toEqual([
    'twin-bbbbbbbb',
    'twin-cccccccc',
  ]);
});
