import { MeshdevError } from '../errors/meshdev-error.ts';
import { containersState, labContainers } from './lab-containers.ts';
import type { LabContext } from './lab-context.ts';

/** @param doing begins the message: `checking` */
export function stoppedLab(name: string, doing: string): MeshdevError {
  return new MeshdevError('LAB_STOPPED', {
    message: `${doing}: the containers of lab ${name} are stopped`,
    remedies: ['meshdev start'],
  });
}

/** @param doing begins the message */
export function pausedLab(name: string, doing: string): MeshdevError {
  return new MeshdevError('LAB_PAUSED', {
    message: `${doing}: the containers of lab ${name} are paused`,
    remedies: ['meshdev resume'],
  });
}

/**
 * Refuses to ask a lab that cannot answer. Where no engine answers, nothing is said: the caller has its own error.
 * @param doing begins the message
 * @throws MeshdevError LAB_STOPPED, LAB_PAUSED
 */
export async function refuseAsleep(
  { lab, reachEngine }: Pick<LabContext, 'lab' | 'reachEngine'>,
  doing: string,
  signal: AbortSignal,
): Promise<void> {
  const reached = await reachEngine(signal);
  if (reached === undefined) return;
  const state = containersState(lab.name, await labContainers(reached.engine, lab, signal));
  if (state === 'stopped') throw stoppedLab(lab.name, doing);
  if (state === 'paused') throw pausedLab(lab.name, doing);
}
