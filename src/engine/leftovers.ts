import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lookUntil } from '../run/wait-until.ts';
import type { EngineFiles, EnginePlace } from './engine-files.ts';
import { readRecord } from './engine-record.ts';
import { endProxies, orphanedProxies, type PortProxy } from './port-proxies.ts';
import { isRunning, isSameProcess, readProcess } from './process-identity.ts';

/** A containerd whose daemon was killed is told so by the kernel and takes a moment to end. */
const PATIENCE_MS = 10_000;

/**
 * Clears pid files whose process is gone or is another program now. dockerd would refuse to start for a
 * reused number, and would wait for (and then kill) whatever has the number of its old containerd. One that
 * is just ending is waited for: dockerd would take it over, and wait in vain for its answer.
 * Its proxies, where they outlived it, hold ports for containers that get other addresses: they are ended.
 * Sockets, network rules and dead containers it copes with by itself.
 */
export async function clearLeftovers(
  files: EngineFiles,
  place: EnginePlace,
  signal: AbortSignal,
): Promise<void> {
  await endProxies(await proxiesOfDeadEngine(files), signal);
  const containerd = join(place.execRoot, 'containerd', 'containerd.pid');
  if (!(await isRunningAs(files.pid, 'dockerd'))) {
    await rm(files.pid, { force: true });
    const wait = { timeoutMs: PATIENCE_MS, intervalMs: 50, signal };
    await lookUntil(
      () => isRunningAs(containerd, 'containerd'),
      (runs) => !runs,
      wait,
    );
  }
  if (!(await isRunningAs(containerd, 'containerd'))) await rm(containerd, { force: true });
}

async function isRunningAs(pidFile: string, name: string): Promise<boolean> {
  const text = await readFile(pidFile, 'utf8').catch(() => undefined);
  if (text === undefined) return false;
  const seen = await readProcess(Number.parseInt(text, 10));
  return isRunning(seen) && seen.name === name;
}

/** Docker's proxies that our engine started and that outlived it: they are still in its session. */
export async function proxiesOfDeadEngine(files: EngineFiles): Promise<readonly PortProxy[]> {
  const engine = (await readRecord(files))?.process;
  if (engine === undefined || (await isSameProcess(engine))) return [];
  return (await orphanedProxies()).filter(({ session }) => session === engine.pid);
}
