import type { NodeNeeds } from '../cluster/kind-config.ts';
import { RUNTIME_NAME } from '../engine/engine-files.ts';
import type { LabContext } from './lab-context.ts';

/** What this machine and the images of the lab ask of a node. */
export async function nodeNeeds(context: LabContext, signal: AbortSignal): Promise<NodeNeeds> {
  const info = await (await context.engine(signal)).info(signal);
  const source = await context.images(signal);
  return {
    cgroupV1: info.cgroupVersion === '1',
    restrictedHost: info.defaultRuntime === RUNTIME_NAME,
    ownCni: source.profile.cni === 'static',
  };
}
