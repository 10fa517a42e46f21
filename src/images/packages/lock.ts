import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pid } from 'node:process';
import type { RunScope } from '../../run/run-scope.ts';
import { waitUntil } from '../../run/wait-until.ts';
import { ensureCache, packagesDir } from './cache.ts';
import { hasCode, isMissing } from './digest.ts';

const TWO_HOURS = 2 * 60 * 60 * 1000;

/**
 * Holds the cache for one builder at a time. Waits while another living process holds it; a lock
 * whose process is gone is taken over.
 * @throws MeshdevError CACHE_NOT_WRITABLE, INTERRUPTED
 */
export async function lockCache(cacheDir: string, run: RunScope): Promise<AsyncDisposable> {
  await ensureCache(cacheDir);
  const path = join(packagesDir(cacheDir), '.lock');
  const mine = `${pid} ${await startTime(pid)}`;
  await waitUntil(
    async () => {
      if (await taken(path, mine)) return { done: true };
      const held = await readIfThere(path);
      if (held !== undefined && (await isAlive(held)))
        return { seen: `process ${held.split(' ')[0]} builds images` };
      await removeStale(path, held);
      return { seen: 'a lock of a process that has ended' };
    },
    {
      what: 'the image cache',
      timeoutMs: TWO_HOURS,
      onSeen: (seen) => run.progress(`waiting for the image cache · ${seen}`),
      signal: run.signal,
    },
  );
  return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
}

/** Linking is atomic and fails when the name is taken: nobody ever sees a half-written lock. */
async function taken(path: string, content: string): Promise<boolean> {
  const draft = `${path}.${pid}`;
  await writeFile(draft, content);
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Moves the lock aside first: if it is not the stale one any more, it belongs to somebody quicker. */
async function removeStale(path: string, stale: string | undefined): Promise<void> {
  const aside = `${path}.${pid}.stale`;
  try {
    await rename(path, aside);
    if ((await readIfThere(aside)) !== stale) await rename(aside, path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

/** A number alone is not enough: process ids are used again. */
async function isAlive(holder: string): Promise<boolean> {
  const [holderPid, started] = holder.split(' ');
  return started !== undefined && (await startTime(Number(holderPid))) === started;
}

/** Start time of a process in clock ticks since boot; `-` when there is no such process. */
async function startTime(of: number): Promise<string> {
  const stat = await readIfThere(`/proc/${of}/stat`);
  // The second field is the program's name in brackets and may hold spaces.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '-';
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
