import { z } from 'zod';
import { nameOf, type Cluster, type KubeObject, type ObjectRef } from '../ports/cluster.ts';
import type { RunScope } from '../run/run-scope.ts';
import { waitUntil, type Look } from '../run/wait-until.ts';
import type { PodsQuery } from './pods.ts';
import { conditionOf, podTrouble } from './status.ts';
import { readAnswer } from '../read-answer.ts';

const deploymentShape = z.object({
  metadata: z.object({ generation: z.number().default(0) }),
  spec: z.object({
    replicas: z.number().default(1),
    selector: z.object({ matchLabels: z.record(z.string(), z.string()).default({}) }),
  }),
  status: z
    .object({
      observedGeneration: z.number().default(0),
      replicas: z.number().default(0),
      updatedReplicas: z.number().default(0),
      availableReplicas: z.number().default(0),
    })
    .prefault({}),
});

export interface DeploymentName {
  readonly namespace: string;
  readonly name: string;
}

/**
 * Waits until deployments run what was asked for, old pods gone; a timeout tells what each pod was
 * last seen to lack. Right after a node restart their status is stale: prove readiness by traffic then.
 * @throws MeshdevError TIMED_OUT, INTERRUPTED
 */
export async function waitForDeployments(
  cluster: Cluster,
  names: readonly DeploymentName[],
  { timeoutMs, signal, progress }: RunScope & { readonly timeoutMs: number },
): Promise<void> {
  const look = async (): Promise<Look<true>> => {
    const seen = await deploymentsTrouble(cluster, names, signal);
    return seen === undefined ? { done: true } : { seen };
  };
  await waitUntil(look, {
    what: `${names.map(({ namespace, name }) => `${namespace}/${name}`).join(', ')} to become ready`,
    timeoutMs,
    onSeen: progress,
    signal,
    remedies: ['meshdev up'],
  });
}

/** What these deployments lack, or undefined when all run as asked for. */
export async function deploymentsTrouble(
  cluster: Cluster,
  names: readonly DeploymentName[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const seen = await Promise.all(names.map((name) => deploymentTrouble(cluster, name, signal)));
  return seen.filter((trouble) => trouble !== undefined).join(' · ') || undefined;
}

/** What a deployment lacks, or undefined when it runs as asked for. */
export async function deploymentTrouble(
  cluster: Cluster,
  name: DeploymentName,
  signal: AbortSignal,
): Promise<string | undefined> {
  const ref: ObjectRef = { apiVersion: 'apps/v1', kind: 'Deployment', ...name };
  const found = await cluster.get(ref, signal);
  if (found === undefined) return `${nameOf(ref)} does not exist`;
  const { metadata, spec, status } = readAnswer(deploymentShape, found, `reading ${nameOf(ref)}`);
  const settled =
    status.observedGeneration >= metadata.generation &&
    status.updatedReplicas === spec.replicas &&
    status.replicas === spec.replicas &&
    status.availableReplicas === spec.replicas;
  if (settled) return undefined;
  const pods = { namespace: name.namespace, labels: spec.selector.matchLabels };
  const trouble = await troubleOfPods(cluster, pods, signal);
  return `${name.namespace}/${name.name}: ${trouble ?? replicaTrouble(found)}`;
}

/** What the first of these pods that is not ready lacks. */
export async function troubleOfPods(
  cluster: Cluster,
  query: PodsQuery,
  signal: AbortSignal,
): Promise<string | undefined> {
  const pods = await cluster.list({ apiVersion: 'v1', kind: 'Pod', ...query }, signal);
  return pods.map(podTrouble).find((trouble) => trouble !== undefined);
}

/** No pod to ask: the deployment itself knows why, e.g. an admission webhook that refuses its pods. */
function replicaTrouble(deployment: KubeObject): string {
  const failure = conditionOf(deployment, 'ReplicaFailure');
  return failure?.message ?? 'its pods do not exist yet';
}
