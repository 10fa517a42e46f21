import { MeshdevError } from '../errors/meshdev-error.ts';
import type { Container, Containers, ContainerState } from '../ports/container-engine.ts';
import type { RunScope } from '../run/run-scope.ts';
import type { Lab } from '../topology/lab.ts';
import { stoppedLab } from './asleep.ts';
import { containersState, labContainers } from './lab-containers.ts';
import type { LabContext } from './lab-context.ts';
import { refuseForeignLab } from './whose.ts';

export type PowerAction = 'stop' | 'pause' | 'resume';

export type PowerContext = Pick<LabContext, 'lab' | 'paths' | 'owner' | 'engine'>;

/** What is to be done with the containers of a lab. */
export interface PowerPlan {
  /** One stage after the other; the containers of a stage at once. */
  readonly stages: readonly (readonly string[])[];
  /** Those that are in the wanted state, or in none that the action is about. */
  readonly kept: readonly string[];
}

/** What was done. */
export interface PowerChange {
  /** Names, in the order in which they were changed. */
  readonly changed: readonly string[];
  readonly kept: readonly string[];
}

/** In these states there is something to do. */
const CHANGES: Readonly<Record<PowerAction, readonly ContainerState[]>> = {
  stop: ['running', 'paused', 'restarting'],
  pause: ['running'],
  resume: ['paused'],
};

/**
 * Pure: which containers are changed, in which order. The edge stops first, so that nothing new comes in; then the
 * node, while the IdP still answers istiod. They come back the other way round.
 */
export function planPower(
  action: PowerAction,
  { containers: { edge }, cluster: { node } }: Pick<Lab, 'containers' | 'cluster'>,
  containers: readonly Pick<Container, 'name' | 'state'>[],
): PowerPlan {
  const isChanged = ({ state }: Pick<Container, 'state'>): boolean => CHANGES[action].includes(state);
  const names = containers.filter(isChanged).map(({ name }) => name);
  const inwards = [
    names.filter((name) => name === edge),
    names.filter((name) => name === node),
    names.filter((name) => name !== edge && name !== node).toSorted(),
  ].filter((stage) => stage.length > 0);
  const kept = containers.filter((one) => !isChanged(one)).map(({ name }) => name);
  return { stages: action === 'resume' ? inwards.toReversed() : inwards, kept: kept.toSorted() };
}

/**
 * Looks at the lab and decides; changes nothing.
 * @throws MeshdevError LAB_FOREIGN, LAB_NOT_UP where there is no lab, LAB_STOPPED where it would have to be started
 */
export async function lookAtPower(
  action: PowerAction,
  context: PowerContext,
  signal: AbortSignal,
): Promise<PowerPlan> {
  const { lab } = context;
  const containers = await ownContainers(context, DOING[action], signal);
  if (action !== 'stop' && containersState(lab.name, containers) === 'stopped')
    throw stoppedLab(lab.name, DOING[action]);
  return planPower(action, lab, containers);
}

/**
 * The containers of a lab that is there and ours.
 * @param doing begins the message of an error
 * @throws MeshdevError ENGINE_NOT_FOUND, LAB_FOREIGN, LAB_NOT_UP
 */
export async function ownContainers(
  context: PowerContext,
  doing: string,
  signal: AbortSignal,
): Promise<readonly Container[]> {
  const { lab } = context;
  const engine = await context.engine(signal);
  await refuseForeignLab(context, engine, signal);
  const containers = await labContainers(engine, lab, signal);
  if (containers.length > 0) return containers;
  throw new MeshdevError('LAB_NOT_UP', {
    message: `${doing}: there is no lab ${lab.name}`,
    remedies: ['meshdev up', 'meshdev list'],
  });
}

const DOING: Readonly<Record<PowerAction, string>> = {
  stop: 'stopping',
  pause: 'pausing',
  resume: 'resuming',
};

/**
 * Stops, pauses or resumes the containers of a lab. Idempotent; what was interrupted is continued by the next call.
 * @throws MeshdevError as `lookAtPower`, ENGINE_CALL_FAILED
 */
export async function changePower(
  action: PowerAction,
  context: PowerContext,
  { signal, progress }: RunScope,
): Promise<PowerChange> {
  const { stages, kept } = await lookAtPower(action, context, signal);
  const { containers } = await context.engine(signal);
  for (const stage of stages) {
    progress(`${DOING[action]} ${stage.join(', ')}`);
    await Promise.all(stage.map((name) => CHANGE[action](containers, name, signal)));
  }
  return { changed: stages.flat(), kept };
}

/** A node ends its pods and etcd in about four seconds; on a busy machine it takes longer. */
const GRACE_SECONDS = 60;

const CHANGE: Readonly<
  Record<PowerAction, (containers: Containers, name: string, signal: AbortSignal) => Promise<void>>
> = {
  stop: async (containers, name, signal) => {
    // A frozen process does not see that it is to end, and would be killed.
    await containers.unpause(name, signal);
    await containers.stop(name, GRACE_SECONDS, signal);
  },
  pause: (containers, name, signal) => containers.pause(name, signal),
  resume: (containers, name, signal) => containers.unpause(name, signal),
};
