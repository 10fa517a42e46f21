import { readdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MeshdevError, textOf } from '../errors/meshdev-error.ts';
import { hasCode } from '../errors/system-error.ts';
import type { ContainerEngine } from '../ports/container-engine.ts';
import { LABEL, MANAGED_BY } from '../topology/labels.ts';
import type { RunScope } from '../run/run-scope.ts';
import { waitUntil } from '../run/wait-until.ts';
import type { LabContext, ReachedEngine } from './lab-context.ts';
import { containersOf } from './lab-containers.ts';
import { foreignLab, isKept, marksOf, placesOf, type Whose, whoseIs } from './whose.ts';

/** All that `down` needs of a lab: it works without cluster, keys and images. */
export interface DownContext extends Pick<LabContext, 'lab' | 'files' | 'owner' | 'paths'> {
  reachEngine(signal: AbortSignal): Promise<Pick<ReachedEngine, 'engine'> | undefined>;
}

/** What `down` removed, by kind; all empty when there was no lab. */
export interface Removed {
  /** Nobody could be asked for containers, volumes and networks: where there are any, they are still there. */
  readonly engineSilent: boolean;
  readonly containers: readonly string[];
  readonly volumes: readonly string[];
  readonly networks: readonly string[];
  readonly directories: readonly string[];
}

/**
 * Removes whatever of the lab there is, from any half-made state, found by label and never by memory.
 * The cluster goes as its containers: with its API half dead, objects in it could not be removed.
 * @param force remove what another state directory made too, unless that one is still there
 * @throws MeshdevError LAB_FOREIGN before anything is removed, STATE_NOT_PRIVATE when keys of the lab could not be removed, ENGINE_CALL_FAILED naming who
 *   is still on a network of the lab; containers and keys are gone by then
 */
export async function down(context: DownContext, run: RunScope, force = false): Promise<Removed> {
  const { lab } = context;
  const { signal } = run;
  const reached = await context.reachEngine(signal);
  if (reached === undefined) {
    const directories = await removeDirectories(context);
    return { engineSilent: true, containers: [], volumes: [], networks: [], directories };
  }
  const { engine } = reached;
  const whose = await refuseOthersLab(context, engine, force, signal);
  // What is left when this is stopped halfway has to be known as this lab's.
  if (whose.kind === 'ours') await context.owner.ensure();
  const labels = { [LABEL.managedBy]: MANAGED_BY, [LABEL.lab]: lab.name };
  const networks = (await engine.networks.list(labels, signal)).map((network) => network.name);
  const places = await placesOf(engine, lab, networks, signal);
  const containers = await removeContainers(engine, () => namesOf(engine, lab, places, signal), run);
  // Before what others may hold on to: keys never stay because of them.
  await removeKeys(context);
  const volumes = (await engine.volumes.list(labels, signal)).map((volume) => volume.name);
  await Promise.all(volumes.map((name) => engine.volumes.remove(name, signal)));
  await Promise.all(networks.map((name) => removeNetwork(engine, name, signal)));
  const directories = await removeDirectories(context);
  return { engineSilent: false, containers, volumes, networks, directories };
}

/**
 * What `down` would remove, in the words of what it did. Changes nothing.
 * @throws MeshdevError LAB_FOREIGN where `down` would refuse too
 */
export async function planDown(context: DownContext, signal: AbortSignal, force = false): Promise<Removed> {
  const { lab, files } = context;
  const directories = (await readdir(files.labDir).catch(ignoreMissing)) === undefined ? [] : [files.labDir];
  const reached = await context.reachEngine(signal);
  if (reached === undefined)
    return { engineSilent: true, containers: [], volumes: [], networks: [], directories };
  const { engine } = reached;
  await refuseOthersLab(context, engine, force, signal);
  const labels = { [LABEL.managedBy]: MANAGED_BY, [LABEL.lab]: lab.name };
  const networks = (await engine.networks.list(labels, signal)).map((network) => network.name);
  const places = await placesOf(engine, lab, networks, signal);
  const volumes = (await engine.volumes.list(labels, signal)).map((volume) => volume.name);
  const containers = await namesOf(engine, lab, places, signal);
  return { engineSilent: false, containers, volumes, networks, directories };
}

/** What another state directory made stays; with `force` only while its own `down` can still remove it. */
async function refuseOthersLab(
  { lab, owner, paths }: DownContext,
  engine: ContainerEngine,
  force: boolean,
  signal: AbortSignal,
): Promise<Whose> {
  const whose = whoseIs(await marksOf(engine, lab, signal), await owner.read());
  if (whose.kind !== 'foreign') return whose;
  const kept = whose.owner !== undefined && (await isKept(lab, whose.owner));
  if (force && !kept) return whose;
  const remedies = kept
    ? [`XDG_STATE_HOME=${dirname(whose.owner.from)} meshdev down --name ${lab.name}`]
    : [`meshdev down --force --name ${lab.name}`];
  throw foreignLab(lab.name, whose, { here: paths.stateDir, now: Date.now(), remedies });
}

/** An engine keeps a network that a container is on, and does not say which one. */
async function removeNetwork(engine: ContainerEngine, name: string, signal: AbortSignal): Promise<void> {
  try {
    await engine.networks.remove(name, signal);
  } catch (cause) {
    const guests = (await engine.containers.list({}, signal))
      .filter(({ networks }) => networks.some(({ network }) => network === name))
      .map((container) => container.name);
    if (guests.length === 0) throw cause;
    throw new MeshdevError('ENGINE_CALL_FAILED', {
      message: `removing the network ${name}: ${guests.join(', ')} is still connected to it and does not belong to meshdev`,
      remedies: [
        ...guests.map((guest) => `docker network disconnect --force ${name} ${guest}`),
        'meshdev down',
      ],
      cause,
    });
  }
}

async function namesOf(...known: Parameters<typeof containersOf>): Promise<readonly string[]> {
  return (await containersOf(...known)).map(({ name }) => name);
}

/** Asks until none is left: the engine may say yes to removing a container that it is just starting, and keep it. */
async function removeContainers(
  engine: ContainerEngine,
  find: () => Promise<readonly string[]>,
  { signal, progress }: RunScope,
): Promise<readonly string[]> {
  const removed = new Set<string>();
  await waitUntil(
    async () => {
      const left = await find();
      if (left.length === 0) return { done: true };
      await Promise.all(left.map((name) => engine.containers.remove(name, signal)));
      for (const name of left) removed.add(name);
      return { seen: `removing ${left.join(', ')}` };
    },
    {
      what: 'the containers of the lab to be removed',
      timeoutMs: 60_000,
      intervalMs: 100,
      onSeen: progress,
      signal,
      remedies: ['meshdev down'],
    },
  );
  return [...removed];
}

/** Keys and records; whose the lab is stays until nothing of it is left. */
async function removeKeys({ files }: DownContext): Promise<void> {
  const names = await readdir(files.labDir).catch(ignoreMissing);
  const keys = (names ?? []).map((name) => join(files.labDir, name)).filter((path) => path !== files.owner);
  await Promise.all(keys.map((path) => rm(path, { recursive: true, force: true }))).catch(
    keysStay(files.labDir),
  );
}

/** All of the lab's; the directories above go when they are empty. */
async function removeDirectories({ files }: DownContext): Promise<readonly string[]> {
  const removed = await rm(files.labDir, { recursive: true })
    .then(
      () => [files.labDir],
      (error: unknown) => ignoreMissing(error) ?? [],
    )
    .catch(keysStay(files.labDir));
  await rmdir(dirname(files.labDir)).catch(() => undefined);
  await rmdir(dirname(dirname(files.labDir))).catch(() => undefined);
  return removed;
}

function ignoreMissing(error: unknown): undefined {
  if (!hasCode(error, 'ENOENT')) throw error;
}

function keysStay(dir: string): (error: unknown) => never {
  return (cause) => {
    throw new MeshdevError('STATE_NOT_PRIVATE', {
      message: `removing ${dir}: ${textOf(cause)}; it still contains keys of the lab`,
      remedies: [`rm -r ${dir}`],
      cause,
    });
  };
}
