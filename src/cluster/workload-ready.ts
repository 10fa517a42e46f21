import { z } from 'zod';
import { type Cluster, nameOf, type ObjectRef } from '../ports/cluster.ts';
import { readAnswer } from '../read-answer.ts';
import { podTrouble } from './status.ts';
import { deploymentTrouble, troubleOfPods } from './wait-ready.ts';

/** What runs pods, and the labels that they have. */
export interface WorkloadName {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

const count = z.number().default(0);
const shape = z.object({
  metadata: z.object({ generation: count }),
  spec: z.object({
    replicas: z.number().default(1),
    updateStrategy: z
      .object({
        type: z.string().optional(),
        rollingUpdate: z.object({ partition: z.number().default(0) }).optional(),
      })
      .prefault({}),
  }),
  status: z
    .object({
      observedGeneration: count,
      replicas: count,
      readyReplicas: count,
      updatedReplicas: count,
      desiredNumberScheduled: count,
      numberReady: count,
      updatedNumberScheduled: count,
    })
    .prefault({}),
});

type Seen = z.infer<typeof shape>;

/** What a workload lacks, or undefined when it runs as asked for. */
export async function workloadTrouble(
  cluster: Cluster,
  workload: WorkloadName,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { apiVersion, kind, namespace, name } = workload;
  if (kind === 'Deployment') return deploymentTrouble(cluster, { namespace, name }, signal);
  const ref: ObjectRef = { apiVersion, kind, namespace, name };
  const found = await cluster.get(ref, signal);
  if (found === undefined) return `${nameOf(ref)} does not exist`;
  if (kind === 'Pod') {
    const trouble = podTrouble(found);
    return trouble === undefined ? undefined : `${namespace}/${name}: ${trouble}`;
  }
  const lacks = lack(kind, readAnswer(shape, found, `reading ${nameOf(ref)}`));
  if (lacks === undefined) return undefined;
  const trouble = await troubleOfPods(cluster, { namespace, labels: workload.labels }, signal);
  return `${namespace}/${name}: ${trouble ?? lacks}`;
}

function lack(kind: string, { metadata, spec, status }: Seen): string | undefined {
  if (status.observedGeneration < metadata.generation) return 'its controller has not seen the last change';
  if (kind === 'DaemonSet') return daemonSetLack(spec, status);
  const { replicas } = spec;
  if (status.readyReplicas !== replicas || status.replicas !== replicas)
    return `${status.readyReplicas} of ${replicas} pods are ready`;
  return kind === 'StatefulSet' && isRolledOut(spec) && status.updatedReplicas !== replicas
    ? `${status.updatedReplicas} of ${replicas} pods are of the last change`
    : undefined;
}

function daemonSetLack(spec: Seen['spec'], status: Seen['status']): string | undefined {
  const { desiredNumberScheduled: wanted, numberReady, updatedNumberScheduled } = status;
  if (wanted === 0) return 'no node takes its pods';
  if (numberReady !== wanted) return `${numberReady} of ${wanted} pods are ready`;
  return isRolledOut(spec) && updatedNumberScheduled !== wanted
    ? `${updatedNumberScheduled} of ${wanted} pods are of the last change`
    : undefined;
}

/** With OnDelete or a partition, pods of an earlier specification are what was asked for. */
function isRolledOut({ updateStrategy: { type, rollingUpdate } }: Seen['spec']): boolean {
  return type !== 'OnDelete' && (rollingUpdate?.partition ?? 0) === 0;
}

/** What these workloads lack, or undefined when all run as asked for. */
export async function workloadsTrouble(
  cluster: Cluster,
  workloads: readonly WorkloadName[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const seen = await Promise.all(workloads.map((workload) => workloadTrouble(cluster, workload, signal)));
  return seen.filter((trouble) => trouble !== undefined).join(' · ') || undefined;
}
