import { selectorText } from '../topology/labels.ts';
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
export async function readyPod(
  cluster: Pick<Cluster, 'list'>,
  query: PodsQuery,
  signal: AbortSignal,
): Promise<KubeObject> {
  const [first] = await readyPods(cluster, query, signal);
  return first;
}

/** All ready pods of a workload. @throws MeshdevError LAB_NOT_UP saying what its pods lack where none is */
export async function readyPods(
  cluster: Pick<Cluster, 'list'>,
  query: PodsQuery,
  signal: AbortSignal,
): Promise<readonly [KubeObject, ...KubeObject[]]> {
  const pods = await cluster.list({ apiVersion: 'v1', kind: 'Pod', ...query }, signal);
  const [first, ...more] = pods.filter((pod) => podTrouble(pod) === undefined);
  if (first !== undefined) return [first, ...more];
  const seen = pods.flatMap((pod) => podTrouble(pod) ?? []).join(' · ') || 'none exists';
  throw new MeshdevError('LAB_NOT_UP', {
    message: `looking for a ready pod ${selectorText(query.labels)} in ${query.namespace}: ${seen}`,
    remedies: ['meshdev up'],
  });
}
