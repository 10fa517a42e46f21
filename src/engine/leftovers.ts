import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineFiles, EnginePlace } from './engine-files.ts';
import { isRunning, readProcess } from './process-identity.ts';

/**
 * Clears pid files whose process is gone or is another program now. dockerd would refuse to start for a
 * reused number, and would wait for (and then kill) whatever has the number of its old containerd.
 * Sockets, network rules and dead containers it copes with by itself; a living containerd it takes over.
 */
export async function clearLeftovers(files: EngineFiles, place: EnginePlace): Promise<void> {
  await Promise.all([
    clearStale(files.pid, 'dockerd'),
    clearStale(join(place.execRoot, 'containerd', 'containerd.pid'), 'containerd'),
  ]);
}

async function clearStale(pidFile: string, name: string): Promise<void> {
  const text = await readFile(pidFile, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const seen = await readProcess(Number.parseInt(text, 10));
  if (!isRunning(seen) || seen.name !== name) await rm(pidFile, { force: true });
}
