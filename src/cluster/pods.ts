import { MeshdevError } from '../errors/meshdev-error.ts';
import type { Cluster, KubeObject } from '../ports/cluster.ts';
import { podTrouble } from './status.ts';

export interface PodsQuery {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * A ready pod of a workload, to exec in or to read logs of.
 * @throws MeshdevError LAB_NOT_UP saying what its pods lack
 */
export async function readyPod(cluster: Cluster, query: PodsQuery, signal: AbortSignal): Promise<KubeObject> {
  const pods = await cluster.list({ apiVersion: 'v1', kind: 'Pod', ...query }, signal);
  const ready = pods.find((pod) => podTrouble(pod) === undefined);
  if (ready !== undefined) return ready;
  const wanted = Object.entries(query.labels).map(([key, value]) => `${key}=${value}`);
  const seen = pods.flatMap((pod) => podTrouble(pod) ?? []).join(' · ') || 'there is none';
  throw new MeshdevError('LAB_NOT_UP', {
    message: `looking for a ready pod ${wanted.join(',')} in ${query.namespace}: ${seen}`,
    remedies: ['meshdev up'],
  });
}
