import { ruleObjects } from '../../mesh/manifests/mesh-objects.ts';
import { CLUSTER_DOWN, seeObjects } from './objects.ts';
import type { Part } from './part.ts';

export const policiesPart: Part = {
  observe: async ({ context: { cluster, lab }, clusterUp, signal }) =>
    clusterUp ? seeObjects(cluster, ruleObjects(lab), signal) : CLUSTER_DOWN,
  apply: async ({ cluster, lab }, { signal }) => cluster.apply(ruleObjects(lab), signal),
};
