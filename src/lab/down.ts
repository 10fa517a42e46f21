import { rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MeshdevError, textOf } from '../errors/meshdev-error.ts';
import { hasCode } from '../errors/system-error.ts';
import type { ContainerEngine } from '../ports/container-engine.ts';
import { KIND_CLUSTER, LABEL, MANAGED_BY } from '../topology/labels.ts';
import type { RunScope } from '../run/run-scope.ts';
import { waitUntil } from '../run/wait-until.ts';
import type { Lab } from '../topology/lab.ts';
import type { LabContext, ReachedEngine } from './lab-context.ts';

/** All that `down` needs of a lab: it works without cluster, keys and images. */
export interface DownContext extends Pick<LabContext, 'lab' | 'files'> {
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
 * @throws MeshdevError STATE_NOT_PRIVATE when keys of the lab could not be removed, ENGINE_CALL_FAILED naming who
 *   is still on a network of the lab; containers and keys are gone by then
 */
export async function down(context: DownContext, run: RunScope): Promise<Removed> {
  const { lab } = context;
  const { signal } = run;
  const reached = await context.reachEngine(signal);
  if (reached === undefined) {
    const directories = await removeDirectories(context);
    return { engineSilent: true, containers: [], volumes: [], networks: [], directories };
  }
  const { engine } = reached;
  const labels = { [LABEL.managedBy]: MANAGED_BY, [LABEL.lab]: lab.name };
  const networks = (await engine.networks.list(labels, signal)).map((network) => network.name);
  const places = await placesOf(engine, lab, networks, signal);
  const containers = await removeContainers(engine, () => containersOf(engine, lab, places, signal), run);
  // Before what others may hold on to: keys never stay because of them.
  const directories = await removeDirectories(context);
  const volumes = (await engine.volumes.list(labels, signal)).map((volume) => volume.name);
  await Promise.all(volumes.map((name) => engine.volumes.remove(name, signal)));
  await Promise.all(networks.map((name) => removeNetwork(engine, name, signal)));
  return { engineSilent: false, containers, volumes, networks, directories };
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
      message: `removing the network ${name}: ${guests.join(', ')} is still on it and is not meshdev's`,
      remedies: [
        ...guests.map((guest) => `docker network disconnect --force ${name} ${guest}`),
        'meshdev down',
      ],
      cause,
    });
  }
}

/** A network that is gone still stands in the node that was on it; one that is somebody else's does not count. */
async function placesOf(
  engine: ContainerEngine,
  { network }: Lab,
  networks: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (networks.includes(network)) return networks;
  const foreign = await engine.networks.inspect(network, signal);
  return foreign === undefined ? [...networks, network] : networks;
}

/** Our own by label; the node by kind's label, and only if it is on a network of this lab. */
async function containersOf(
  engine: ContainerEngine,
  lab: Lab,
  networks: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const [own, nodes] = await Promise.all([
    engine.containers.list({ [LABEL.managedBy]: MANAGED_BY, [LABEL.lab]: lab.name }, signal),
    engine.containers.list({ [KIND_CLUSTER]: lab.cluster.name }, signal),
  ]);
  const ours = nodes.filter((node) =>
    node.networks.some((attachment) => networks.includes(attachment.network)),
  );
  return [...own, ...ours].map((container) => container.name);
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
      what: 'the containers of the lab to go',
      timeoutMs: 60_000,
      intervalMs: 100,
      onSeen: progress,
      signal,
      remedies: ['meshdev down'],
    },
  );
  return [...removed];
}

/** Keys and records of the lab; the directories above go when they are empty. */
async function removeDirectories({ files }: DownContext): Promise<readonly string[]> {
  const removed = await rm(files.labDir, { recursive: true }).then(
    () => [files.labDir],
    (error: unknown) => {
      if (hasCode(error, 'ENOENT')) return [];
      throw new MeshdevError('STATE_NOT_PRIVATE', {
        message: `removing ${files.labDir}: ${textOf(error)}; keys of the lab are still in it`,
        remedies: [`rm -r ${files.labDir}`],
        cause: error,
      });
    },
  );
  await rmdir(dirname(files.labDir)).catch(() => undefined);
  await rmdir(dirname(dirname(files.labDir))).catch(() => undefined);
  return removed;
}
