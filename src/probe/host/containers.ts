import type { ContainerFacts, PartsState } from '../../evidence/components.ts';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { Cluster } from '../../ports/cluster.ts';
import type { Container } from '../../ports/container-engine.ts';
import { KIND_CLUSTER, LABEL } from '../../topology/labels.ts';
import { lookUntil } from '../../run/wait-until.ts';
import type { Needs } from '../probe-context.ts';
import { patientTimeout } from '../../run/patience.ts';

/** On a busy machine the answer waits for all that a check begins with: 5 s were not enough. */
const API_MS = 12_000;

/** Asked of the engine, which answers when nothing in the lab does. */
export async function collectParts(
  probeContext: Needs<'context' | 'engine' | 'signal'>,
): Promise<PartsState> {
  const { lab } = probeContext.context;
  const [found, api] = await Promise.all([
    labContainers(probeContext),
    apiState(probeContext.context.cluster, probeContext.signal),
  ]);
  const expected = [lab.containers.edge, lab.containers.idp, lab.containers.probe, lab.cluster.node];
  const absent = expected.filter((name) => found.every((container) => container.name !== name));
  return { api, containers: [...found.map(factsOf), ...absent.map(absentFacts)] };
}

/** Every container that carries the lab's label, and the node, which carries kind's. */
export async function labContainers({
  context: { lab },
  engine,
  signal,
}: Needs<'context' | 'engine' | 'signal'>): Promise<readonly Container[]> {
  const [own, nodes] = await Promise.all([
    engine.containers.list({ [LABEL.lab]: lab.name }, signal),
    engine.containers.list({ [KIND_CLUSTER]: lab.cluster.name }, signal),
  ]);
  return [...new Map([...own, ...nodes].map((one) => [one.id, one])).values()];
}

/** One that is not ready is asked again: on a busy machine etcd is late now and then. */
export async function apiState(
  cluster: Pick<Cluster, 'ready'>,
  signal: AbortSignal,
): Promise<PartsState['api']> {
  const bounded = AbortSignal.any([signal, patientTimeout(API_MS)]);
  try {
    const ready = await lookUntil(() => cluster.ready(bounded), Boolean, { timeoutMs: API_MS, signal });
    return ready ? 'ready' : 'not-ready';
  } catch (error) {
    return error instanceof MeshdevError && error.code === 'LAB_NOT_UP' ? 'refused' : 'silent';
  }
}

function factsOf(container: Container): ContainerFacts {
  const { name, state, exitCode, outOfMemory, restarts, mounts } = container;
  const networks = container.networks.map(({ network }) => network);
  const startedAt = Date.parse(container.startedAt);
  return { name, state, exitCode, outOfMemory, restarts, startedAt, mounts, networks };
}

function absentFacts(name: string): ContainerFacts {
  return {
    name,
    state: 'absent',
    exitCode: 0,
    outOfMemory: false,
    restarts: 0,
    startedAt: 0,
    mounts: [],
    networks: [],
  };
}
