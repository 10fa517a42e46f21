import { z } from 'zod';
import { readyPod } from '../cluster/pods.ts';
import type { Job, JobResult } from '../guest/probe/job.ts';
import { MeshdevError } from '../errors/meshdev-error.ts';
import { GATEWAY_SELECTOR } from '../mesh/manifests/names.ts';
import type { Cluster } from '../ports/cluster.ts';
import type { ContainerEngine } from '../ports/container-engine.ts';
import type { Lab, WorkloadName } from '../topology/lab.ts';
import { parseJson } from '../parse-json.ts';

/** Inside the guest image, wherever it runs. */
const PROBE_ARGV = ['node', '/opt/meshdev/guest/probe/main.js'] as const;

/** A batch ends when its slowest job does; this is for starting Node.js and for the way there. */
const MARGIN_MS = 15_000;

/** Only the frame is checked: the guest is our own code of the same version, in the same image. */
const document = z.object({
  results: z.array(
    z.custom<JobResult>(
      (value) => typeof value === 'object' && value !== null && 'kind' in value && 'id' in value,
    ),
  ),
});

/** All that probing needs of an engine. */
export interface ExecEngine {
  readonly containers: Pick<ContainerEngine['containers'], 'exec'>;
}

/** Runs jobs in a container of the guest image, such as the probe on the lab's network. Keys travel on stdin. */
export async function execProbe(
  engine: ExecEngine,
  container: string,
  jobs: readonly Job[],
  signal: AbortSignal,
): Promise<readonly JobResult[]> {
  const { stdout, stderr, exitCode } = await engine.containers.exec(
    container,
    { argv: PROBE_ARGV, stdin: JSON.stringify({ jobs }), timeoutMs: limitOf(jobs) },
    signal,
  );
  return parseResults(container, {
    exitCode,
    stdout: stdout.toString('utf8'),
    stderr: stderr.toString('utf8'),
  });
}

/** Runs jobs in the pod of a workload: `intruder` without, `caller` behind a sidecar. */
export async function execPodProbe(
  cluster: Cluster,
  pod: PodOfWorkload,
  jobs: readonly Job[],
  signal: AbortSignal,
): Promise<readonly JobResult[]> {
  const { stdout, stderr, exitCode } = await cluster.exec({
    ...pod,
    container: 'probe',
    argv: PROBE_ARGV,
    stdin: JSON.stringify({ jobs }),
    timeoutMs: limitOf(jobs),
    signal,
  });
  return parseResults(`${pod.namespace}/${pod.pod}`, {
    exitCode,
    stdout: stdout.toString('utf8'),
    stderr: stderr.toString('utf8'),
  });
}

export interface PodOfWorkload {
  readonly namespace: string;
  readonly pod: string;
  readonly address: string;
}

const podShape = z.object({ status: z.object({ podIP: z.string() }) });

/** The ready pod of a workload. @throws MeshdevError LAB_NOT_UP when there is none */
export async function podOf(
  cluster: Cluster,
  lab: Lab,
  workload: WorkloadName,
  signal: AbortSignal,
): Promise<PodOfWorkload> {
  const { namespace, serviceAccount } = lab.workloads[workload];
  const labels = workload === 'gateway' ? GATEWAY_SELECTOR : { app: serviceAccount };
  const pod = await readyPod(cluster, { namespace, labels }, signal);
  return { namespace, pod: pod.metadata.name, address: podShape.parse(pod).status.podIP };
}

function limitOf(jobs: readonly Job[]): number {
  return Math.max(...jobs.map((job) => job.timeoutMs)) + MARGIN_MS;
}

function parseResults(
  where: string,
  ended: { readonly exitCode: number; readonly stdout: string; readonly stderr: string },
): readonly JobResult[] {
  const parsed = document.safeParse(parseJson(ended.stdout));
  if (parsed.success) return parsed.data.results;
  throw new MeshdevError('STEP_FAILED', {
    message: `probing from ${where}: the probe ended with ${ended.exitCode} and no results: ${ended.stderr.slice(-300)}`,
    remedies: ['meshdev up'],
  });
}
