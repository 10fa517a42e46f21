import type { Container, ContainerEngine } from '../ports/container-engine.ts';
import { createLab, DEFAULT_CHOICE, type Lab } from '../topology/lab.ts';
import { KIND_CLUSTER, LABEL, MANAGED_BY } from '../topology/labels.ts';
import { placesOf } from './whose.ts';

/**
 * `incomplete`: some containers are missing, or not all are in the same state. `absent`: the engine has no container
 * of it.
 */
export type ContainersState = 'running' | 'paused' | 'stopped' | 'incomplete' | 'absent';

/** The containers of a lab: our own by label; the node by kind's label, and only if it is on a network of this lab. */
export async function labContainers(
  engine: Pick<ContainerEngine, 'containers' | 'networks'>,
  lab: Lab,
  signal: AbortSignal,
): Promise<readonly Container[]> {
  const labels = { [LABEL.managedBy]: MANAGED_BY, [LABEL.lab]: lab.name };
  const networks = (await engine.networks.list(labels, signal)).map((network) => network.name);
  return containersOf(engine, lab, await placesOf(engine, lab, networks, signal), signal);
}

/** The same where the networks are known. */
export async function containersOf(
  engine: Pick<ContainerEngine, 'containers'>,
  lab: Lab,
  networks: readonly string[],
  signal: AbortSignal,
): Promise<readonly Container[]> {
  const [own, nodes] = await Promise.all([
    engine.containers.list({ [LABEL.managedBy]: MANAGED_BY, [LABEL.lab]: lab.name }, signal),
    engine.containers.list({ [KIND_CLUSTER]: lab.cluster.name }, signal),
  ]);
  const ours = nodes.filter((node) =>
    node.networks.some((attachment) => networks.includes(attachment.network)),
  );
  return [...own, ...ours];
}

/** Pure: what the containers say about the lab of that name. */
export function containersState(
  name: string,
  containers: readonly Pick<Container, 'name' | 'state'>[],
): ContainersState {
  const lab = createLab({ ...DEFAULT_CHOICE, name });
  const wanted = [...Object.values(lab.containers), lab.cluster.node];
  const states = wanted.map((one) => containers.find((container) => container.name === one)?.state);
  const all = (...kinds: readonly (string | undefined)[]): boolean =>
    states.every((state) => kinds.includes(state));
  if (all(undefined)) return containers.length === 0 ? 'absent' : 'incomplete';
  if (all('running')) return 'running';
  if (all('paused')) return 'paused';
  return states.some((state) => state === undefined || state === 'running' || state === 'paused')
    ? 'incomplete'
    : 'stopped';
}
