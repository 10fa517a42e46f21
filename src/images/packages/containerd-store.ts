import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import { waitUntil } from '../../run/wait-until.ts';
import type { StageWork } from './stage.ts';

/** Nothing of containerd is needed here but its content store and its image index. */
const DISABLED = [
  'io.containerd.cri.v1.images',
  'io.containerd.cri.v1.runtime',
  'io.containerd.grpc.v1.cri',
  'io.containerd.nri.v1.nri',
  'io.containerd.internal.v1.opt',
  ...['blockfile', 'btrfs', 'devmapper', 'erofs', 'overlayfs', 'zfs'].map(
    (name) => `io.containerd.snapshotter.v1.${name}`,
  ),
];

export interface StoreTools {
  readonly containerd: string;
  readonly ctr: string;
}

/**
 * Imports an image archive into the containerd state directory `root`, as pinned images of the
 * namespace Kubernetes uses. Layers are kept packed: the node unpacks what it runs.
 */
export async function importIntoStore(
  work: StageWork,
  tools: StoreTools,
  root: string,
  archive: string,
): Promise<void> {
  // Not below the cache: the path of a unix socket may have 107 bytes at most.
  const run = await mkdtemp(join(tmpdir(), 'meshdev-store-'));
  try {
    const socket = join(run, 'containerd.sock');
    await writeFile(join(run, 'config.toml'), configToml(root, join(run, 'state'), socket));
    await whileRunning(work, [tools.containerd, '--config', join(run, 'config.toml')], async () => {
      const ctr = (args: readonly string[]) =>
        work.run(tools.ctr, ['--address', socket, '--namespace', 'k8s.io', ...args]);
      await untilServing(() => ctr(['version']), work.signal);
      const pinned = '--label=io.cri-containerd.pinned=pinned';
      await ctr([
        'images',
        'import',
        '--local',
        pinned,
        '--all-platforms',
        '--no-unpack',
        '--digests',
        archive,
      ]);
    });
  } finally {
    await rm(run, { recursive: true, force: true });
  }
}

function configToml(root: string, state: string, socket: string): string {
  return [
    'version = 3',
    `root = ${JSON.stringify(root)}`,
    `state = ${JSON.stringify(state)}`,
    `disabled_plugins = ${JSON.stringify(DISABLED)}`,
    '[grpc]',
    `address = ${JSON.stringify(socket)}`,
    '[ttrpc]',
    `address = ${JSON.stringify(`${socket}.ttrpc`)}`,
    '',
  ].join('\n');
}

async function untilServing(ask: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  const what = 'containerd to answer on its socket';
  await waitUntil(async () => ({ done: await ask() }), { what, timeoutMs: 30_000, intervalMs: 50, signal });
}

/** Runs a daemon for as long as `act` takes; its end is awaited, so that its files are complete. */
async function whileRunning(
  work: StageWork,
  [command, ...args]: readonly [string, ...string[]],
  act: () => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const ended = work.run(command, args, { signal: stop.signal }).then(
    (result) =>
      new MeshdevError('COMMAND_FAILED', {
        message: `${command} exited with code ${result.exitCode}`,
      }),
    (error: unknown) => error,
  );
  try {
    await Promise.race([act(), ended.then((error) => Promise.reject(error))]);
  } finally {
    stop.abort();
    await ended;
  }
}
