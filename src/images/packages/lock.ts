import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pid } from 'node:process';
import { isSameProcess, NO_START, type ProcessIdentity, readProcess } from '../../engine/process-identity.ts';
import { MeshdevError, textOf } from '../../errors/meshdev-error.ts';
import type { RunScope } from '../../run/run-scope.ts';
import { type Look, waitUntil } from '../../run/wait-until.ts';
import { diskFull } from '../registry/failures.ts';
import { ensureCache, packagesDir } from './cache.ts';
import { hasCode, isFull, isMissing } from '../../errors/system-error.ts';

const TWO_HOURS = 2 * 60 * 60 * 1000;

/**
 * Holds the cache for one builder at a time. Waits while another living process holds it; a lock
 * whose process is gone is taken over.
 * @throws MeshdevError CACHE_NOT_WRITABLE, DISK_FULL, INTERRUPTED; TIMED_OUT naming the holder
 */
export async function lockCache(cacheDir: string, run: RunScope): Promise<AsyncDisposable> {
  await ensureCache(cacheDir);
  const path = join(packagesDir(cacheDir), '.lock');
  const { startTicks } = (await readProcess(pid)) ?? { startTicks: NO_START };
  // Only a holder is worth waiting for: any other trouble would be the same in two hours.
  const trouble = await waitUntil(
    () => look(path, `${pid} ${startTicks}`).catch((error: unknown) => ({ done: translated(path, error) })),
    {
      what: 'the image cache',
      timeoutMs: TWO_HOURS,
      onSeen: (seen) => run.progress(`waiting for the image cache · ${seen}`),
      signal: run.signal,
    },
  );
  if (trouble !== undefined) throw trouble;
  return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
}

/** Done, with nothing to say, once the lock is ours. */
async function look(path: string, mine: string): Promise<Look<MeshdevError | undefined>> {
  if (await taken(path, mine)) return { done: undefined };
  const held = await readIfThere(path);
  const holder = held === undefined ? undefined : holderIn(held);
  if (holder !== undefined && (await isSameProcess(holder)))
    return { seen: `process ${holder.pid} is building images` };
  await removeStale(path, held);
  return { seen: 'a lock of a process that has exited' };
}

function translated(path: string, error: unknown): MeshdevError {
  const dir = dirname(path);
  if (isFull(error)) return diskFull(dir, error);
  return new MeshdevError('CACHE_NOT_WRITABLE', {
    message: `locking the image cache with ${path}: ${textOf(error)}`,
    remedies: [`ls -ld ${dir} ${path}`, 'XDG_CACHE_HOME=/another/directory meshdev up'],
    cause: error,
  });
}

/** Linking is atomic and fails when the name is taken: nobody ever sees a half-written lock. */
async function taken(path: string, content: string): Promise<boolean> {
  const draft = `${path}.${pid}`;
  try {
    await writeFile(draft, content);
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
function holderIn(content: string): ProcessIdentity | undefined {
  const [, holder, startTicks] = /^(\d+) (\d+)$/.exec(content) ?? [];
  return holder === undefined ? undefined : { pid: Number(holder), startTicks: Number(startTicks) };
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
