import { MeshdevError } from '../errors/meshdev-error.ts';
import type { PartSeen } from '../run/part-seen.ts';
import type { StepRun } from '../run/step.ts';
import type { Container, ContainerEngine } from '../ports/container-engine.ts';
import type { Lab } from '../topology/lab.ts';
import { LABEL, labelsOf, ownerLabels, type OwnerMark } from '../topology/labels.ts';
import type { ContainerPlan } from './container-plan.ts';
import { isLive } from './is-live.ts';
import { specDigest } from './spec-digest.ts';
import { wakeContainer } from './wake-container.ts';

/** Pure: what a container that was found says about the plan for it. */
export function compareContainer(found: Container | undefined, plan: ContainerPlan): PartSeen {
  const { name } = plan.spec;
  if (found === undefined) return { state: 'absent', seen: `container ${name} does not exist` };
  const [has, wants] = [found.labels[LABEL.spec], specDigest(plan)];
  if (has !== wants)
    return {
      state: 'differs',
      seen: `container ${name} was created from specification ${has ?? 'none'}, expected ${wants}`,
      inUse: isLive(found),
    };
  // Files are put in between: one that was made but never started may lack some of them.
  if (found.state === 'created')
    return { state: 'differs', seen: `container ${name} was created but never started` };
  if (found.state !== 'running') return { state: 'stopped', seen: `container ${name} is ${found.state}` };
  const restarted =
    found.restarts === 0 ? '' : `; it exited and the engine restarted it (restarts: ${found.restarts})`;
  return { state: 'same', seen: `container ${name} runs as specified${restarted}` };
}

/**
 * Makes the container be there, run and match its plan. Idempotent; what matches is not touched, unless it is
 * to be replaced: what it was made with may be new though its specification is not.
 * @throws MeshdevError LAB_FOREIGN when the name belongs to a container that is not meshdev's
 */
export async function ensureContainer(
  engine: ContainerEngine,
  lab: Lab,
  plan: ContainerPlan,
  {
    decision: { action },
    signal,
    owner,
  }: Pick<StepRun, 'decision' | 'signal'> & { readonly owner: OwnerMark },
): Promise<void> {
  const { name } = plan.spec;
  const found = await ownContainer(engine, lab, name, signal);
  const { state } = compareContainer(found, plan);
  if (action !== 'replace' && state === 'same') return;
  if (action !== 'replace' && state === 'stopped') return wakeContainer(engine.containers, name, signal);
  if (found !== undefined) await engine.containers.remove(name, signal);
  const labels = { ...labelsOf(lab.name, plan.role, specDigest(plan)), ...ownerLabels(owner) };
  const id = await engine.containers.create({ ...plan.spec, labels }, signal);
  for (const network of plan.alsoOn ?? []) await engine.containers.connect(id, network, [], signal);
  await engine.containers.putFiles(id, plan.files, signal);
  await engine.containers.start(id, signal);
}

/**
 * This lab's container of that name, or undefined when the name is free.
 * @throws MeshdevError LAB_FOREIGN when it belongs to somebody else: it is neither used nor removed
 */
export async function ownContainer(
  engine: ContainerEngine,
  lab: Lab,
  name: string,
  signal: AbortSignal,
): Promise<Container | undefined> {
  const found = await engine.containers.inspect(name, signal);
  if (found === undefined || found.labels[LABEL.lab] === lab.name) return found;
  throw new MeshdevError('LAB_FOREIGN', {
    message: `looking for container ${name}: it exists (image ${found.image}, ${found.state}) and does not belong to this lab`,
    remedies: ['meshdev up --name another', `docker rm --force ${name}`],
  });
}
