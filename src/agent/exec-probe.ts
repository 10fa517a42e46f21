import { z } from 'zod';
import { readyPods } from '../cluster/pods.ts';
import type { Job, JobResult } from './program/job.ts';
import { podsOf } from '../mesh/manifests/names.ts';
import type { Cluster, KubeObject } from '../ports/cluster.ts';
import type { ContainerEngine } from '../ports/container-engine.ts';
import type { Lab, WorkloadName } from '../topology/lab.ts';
import { openProbe, type Probe } from './probe-program.ts';
import { readAnswer } from '../read-answer.ts';

/**
 * Node.js looks names up on threads, and on half of them at most: two at a time unless this is said before it
 * starts. A name that nobody answers for holds its thread for ten seconds and more, and whatever has a name
 * to look up waits behind two of them until it is given up. It cannot be set from within the program.
 */
const LOOKUP_THREADS = 'UV_THREADPOOL_SIZE=128';

/** Inside the guest image, wherever it runs. */
const PROBE_ARGV = ['env', LOOKUP_THREADS, 'node', '/opt/meshdev/guest/probe/main.js'] as const;

/** A probe ends with its run; this is for an engine that forgot to say so. */
const LIFE_MS = 3_600_000;

/** All that probing needs of an engine. */
export interface ExecEngine {
  readonly containers: Pick<ContainerEngine['containers'], 'exec'>;
}

/** A probe in a container of the guest image. @param signal ends it at once, and what waits for it */
export function containerProbe(engine: ExecEngine, container: string, signal: AbortSignal): Probe {
  return openProbe(container, (stdio) =>
    engine.containers.exec(container, { argv: PROBE_ARGV, timeoutMs: LIFE_MS, ...stdio }, signal),
  );
}

/** A probe in the pod of a workload: `intruder` without, `caller` behind a sidecar. */
export function podProbe(cluster: Cluster, { namespace, pod }: PodOfWorkload, signal: AbortSignal): Probe {
  const there = { namespace, pod, container: 'probe', argv: PROBE_ARGV };
  return openProbe(`${namespace}/${pod}`, (stdio) =>
    cluster.exec({ ...there, timeoutMs: LIFE_MS, signal, ...stdio }),
  );
}

/** One batch, for whoever asks once. */
export async function execProbe(
  engine: ExecEngine,
  container: string,
  jobs: readonly Job[],
  signal: AbortSignal,
): Promise<readonly JobResult[]> {
  using probe = containerProbe(engine, container, signal);
  return await probe.ask(jobs, signal);
}

export interface PodOfWorkload {
  readonly namespace: string;
  readonly pod: string;
  readonly address: string;
  readonly labels: Readonly<Record<string, string>>;
}

const podShape = z.object({ status: z.object({ podIP: z.string() }) });

/** The ready pod of a workload. @throws MeshdevError LAB_NOT_UP when there is none */
export async function podOf(
  cluster: Cluster,
  lab: Lab,
  workload: WorkloadName,
  signal: AbortSignal,
): Promise<PodOfWorkload> {
  const [first] = await everyPodOf(cluster, lab, workload, signal);
  return first;
}

/** All ready pods of a workload, which may be scaled. @throws MeshdevError LAB_NOT_UP when there is none */
export async function everyPodOf(
  cluster: Cluster,
  lab: Lab,
  workload: WorkloadName,
  signal: AbortSignal,
): Promise<readonly [PodOfWorkload, ...PodOfWorkload[]]> {
  const [first, ...more] = await readyPods(cluster, podsOf(lab, workload), signal);
  return [podFrom(first), ...more.map(podFrom)];
}

function podFrom(pod: KubeObject): PodOfWorkload {
  const { namespace = '', name, labels = {} } = pod.metadata;
  const { status } = readAnswer(podShape, pod, `reading the address of ${name}`);
  return { namespace, pod: name, address: status.podIP, labels };
}
