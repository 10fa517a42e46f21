import { selectorText } from '../../topology/labels.ts';
import { type Crash, crashIn } from '../../cluster/status.ts';
import { workloadTrouble } from '../../cluster/workload-ready.ts';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import { redact } from '../../errors/redact.ts';
import type { Cluster, KubeObject } from '../../ports/cluster.ts';
import type { RunScope } from '../../run/run-scope.ts';
import { waitUntil } from '../../run/wait-until.ts';
import { serviceWorkloads, type ServiceWorkload } from './service-workloads.ts';

const PATIENCE_MS = 180_000;
/** One end may be that of a dependency that is not there yet: the container is started again. */
const CRASHES = 3;
const LAST_LINES = 12;

/**
 * Waits until every workload of the services has the pods that were asked for. One whose container ends again and again
 * is not waited for: what it wrote last says why.
 * @param objects all objects of the services step
 * @throws MeshdevError SERVICE_CRASHES, TIMED_OUT, INTERRUPTED
 */
export async function waitForServices(
  cluster: Cluster,
  objects: readonly KubeObject[],
  run: RunScope,
): Promise<void> {
  await Promise.all(serviceWorkloads(objects).map((workload) => waitForWorkload(cluster, workload, run)));
}

async function waitForWorkload(cluster: Cluster, workload: ServiceWorkload, run: RunScope): Promise<void> {
  const { service, name, namespace, labels } = workload;
  const what = name === service ? `service ${service}` : `${workload.kind} ${name} of service ${service}`;
  const crashing = await waitUntil<Crashing | undefined>(
    async () => {
      const trouble = await workloadTrouble(cluster, workload, run.signal);
      if (trouble === undefined) return { done: undefined };
      const found = await crashingPod(cluster, workload, run.signal);
      return found === undefined ? { seen: trouble } : { done: found };
    },
    {
      what: `${what} to become ready`,
      timeoutMs: PATIENCE_MS,
      onSeen: run.progress,
      signal: run.signal,
      remedies: [
        `meshdev kubectl -n ${namespace} describe pods -l ${selectorText(labels)}`,
        `meshdev kubectl -n ${namespace} logs ${logsOf(workload)}`,
      ],
    },
  );
  if (crashing !== undefined) throw await crashError(cluster, workload, crashing, run.signal);
}

function logsOf({ kind, name }: ServiceWorkload): string {
  return `${kind.toLowerCase()}/${name}`;
}

interface Crashing extends Crash {
  readonly pod: string;
}

async function crashingPod(
  cluster: Cluster,
  { namespace, labels }: ServiceWorkload,
  signal: AbortSignal,
): Promise<Crashing | undefined> {
  const pods = await cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace, labels }, signal);
  return pods
    .flatMap((pod) => {
      const crash = crashIn(pod);
      return crash === undefined ? [] : [{ ...crash, pod: pod.metadata.name }];
    })
    .find(({ times }) => times >= CRASHES);
}

async function crashError(
  cluster: Cluster,
  workload: ServiceWorkload,
  { pod, container, times, end }: Crashing,
  signal: AbortSignal,
): Promise<MeshdevError> {
  const { service, namespace, kind, name } = workload;
  const query = { namespace, pod, container, tail: LAST_LINES, previous: true };
  const lines = await cluster.podLogs(query, signal).catch(() => '');
  const said = redact(lines.trimEnd()) || '(nothing)';
  // Where meshdev makes the pods, there is one.
  const which = container === 'app' ? 'its container' : `container ${container} of ${kind} ${name}`;
  return new MeshdevError('SERVICE_CRASHES', {
    message: `starting service ${service}: ${which} ended ${times} times, the last time with ${end}. It wrote:\n${said}`,
    remedies: [
      `meshdev kubectl -n ${namespace} logs ${logsOf(workload)} -c ${container} --previous`,
      'meshdev up',
    ],
  });
}
