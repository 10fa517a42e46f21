import { type Crash, crashIn } from '../../cluster/status.ts';
import { deploymentTrouble } from '../../cluster/wait-ready.ts';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import { redact } from '../../errors/redact.ts';
import type { Cluster } from '../../ports/cluster.ts';
import type { RunScope } from '../../run/run-scope.ts';
import type { ContainerService } from '../../topology/service.ts';
import { waitUntil } from '../../run/wait-until.ts';

const PATIENCE_MS = 180_000;
/** One end may be that of a dependency that is not there yet: the container is started again. */
const CRASHES = 3;
const LAST_LINES = 12;
/** Name of the container in the pods of every service. */
const APP = 'app';

/**
 * Waits until every service has the pods that were asked for. One whose container ends again and again is not waited
 * for: what it wrote last says why.
 * @throws MeshdevError SERVICE_CRASHES, TIMED_OUT, INTERRUPTED
 */
export async function waitForServices(
  cluster: Cluster,
  services: readonly ContainerService[],
  run: RunScope,
): Promise<void> {
  await Promise.all(services.map((service) => waitForService(cluster, service, run)));
}

async function waitForService(cluster: Cluster, service: ContainerService, run: RunScope): Promise<void> {
  const { id, identity } = service;
  const name = { namespace: identity.namespace, name: id };
  const crashing = await waitUntil<Crashing | undefined>(
    async () => {
      const trouble = await deploymentTrouble(cluster, name, run.signal);
      if (trouble === undefined) return { done: undefined };
      const found = await crashingPod(cluster, service, run.signal);
      return found === undefined ? { seen: trouble } : { done: found };
    },
    {
      what: `service ${id} to become ready`,
      timeoutMs: PATIENCE_MS,
      onSeen: run.progress,
      signal: run.signal,
      remedies: [
        `meshdev kubectl -n ${identity.namespace} describe pods -l ${selectorText(service)}`,
        `meshdev kubectl -n ${identity.namespace} logs deployment/${id}`,
      ],
    },
  );
  if (crashing !== undefined) throw await crashError(cluster, service, crashing, run.signal);
}

interface Crashing extends Crash {
  readonly pod: string;
}

async function crashingPod(
  cluster: Cluster,
  { identity: { namespace }, selector }: ContainerService,
  signal: AbortSignal,
): Promise<Crashing | undefined> {
  const pods = await cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace, labels: selector }, signal);
  return pods
    .flatMap((pod) => {
      const crash = crashIn(pod, APP);
      return crash === undefined ? [] : [{ ...crash, pod: pod.metadata.name }];
    })
    .find(({ times }) => times >= CRASHES);
}

async function crashError(
  cluster: Cluster,
  { id, identity: { namespace } }: ContainerService,
  { pod, times, end }: Crashing,
  signal: AbortSignal,
): Promise<MeshdevError> {
  const query = { namespace, pod, container: APP, tail: LAST_LINES, previous: true };
  const lines = await cluster.podLogs(query, signal).catch(() => '');
  const said = redact(lines.trimEnd()) || '(nothing)';
  return new MeshdevError('SERVICE_CRASHES', {
    message: `starting service ${id}: its container ended ${times} times, the last time with ${end}. It wrote:\n${said}`,
    remedies: [`meshdev kubectl -n ${namespace} logs deployment/${id} --previous`, 'meshdev up'],
  });
}

function selectorText({ selector }: ContainerService): string {
  return Object.entries(selector)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}
