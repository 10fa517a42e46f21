import { rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MeshdevError, textOf } from '../errors/meshdev-error.ts';
import type { ContainerEngine } from '../ports/container-engine.ts';
import { LABEL, MANAGED_BY } from '../topology/labels.ts';
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
  readonly containers: readonly string[];
  readonly volumes: readonly string[];
  readonly networks: readonly string[];
  readonly directories: readonly string[];
}

/**
 * Removes whatever of the lab there is, from any half-made state, found by label and never by memory.
 * The cluster goes as its containers: with its API half dead, objects in it could not be removed.
 * @throws MeshdevError STATE_NOT_PRIVATE when keys of the lab could not be removed
 */
export async function down(context: DownContext, run: RunScope): Promise<Removed> {
  const reached = await context.reachEngine(run.signal);
  const fromEngine =
    reached === undefined
      ? { containers: [], volumes: [], networks: [] }
      : await removeFromEngine(reached.engine, context, run);
  return { ...fromEngine, directories: await removeDirectories(context) };
}

async function removeFromEngine(
  engine: ContainerEngine,
  { lab }: DownContext,
  run: RunScope,
): Promise<Omit<Removed, 'directories'>> {
  const { signal } = run;
  const labels = { [LABEL.managedBy]: MANAGED_BY, [LABEL.lab]: lab.name };
  const networks = (await engine.networks.list(labels, signal)).map((network) => network.name);
  const places = await placesOf(engine, lab, networks, signal);
  const containers = await removeContainers(engine, () => containersOf(engine, lab, places, signal), run);
  const volumes = (await engine.volumes.list(labels, signal)).map((volume) => volume.name);
  await Promise.all(volumes.map((name) => engine.volumes.remove(name, signal)));
  await Promise.all(networks.map((name) => engine.networks.remove(name, signal)));
  return { containers, volumes, networks };
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
    engine.containers.list({ 'io.x-k8s.kind.cluster': lab.cluster.name }, signal),
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
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
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
