import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rmdir, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { isSameProcess, NO_START, type ProcessIdentity, readProcess } from '../engine/process-identity.ts';
import { MeshdevError, textOf } from '../errors/meshdev-error.ts';
import { hasCode } from '../errors/system-error.ts';

const identity = z.object({ pid: z.number().int(), startTicks: z.number() });

const ATTEMPTS = 5;

/**
 * One meshdev at a time works on a lab. A lock whose owner is gone is taken over: pid and start
 * time together say who it was, since pids are used again.
 * @throws MeshdevError LAB_LOCKED naming the owner; STATE_NOT_PRIVATE when the lock cannot be written
 */
export async function lockLab(path: string, pid: number): Promise<AsyncDisposable> {
  const { startTicks } = (await readProcess(pid)) ?? { startTicks: NO_START };
  const self = JSON.stringify({ pid, startTicks } satisfies ProcessIdentity);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const taken = (await tryCreate(path, self)) || (await takeOver(path, self));
    if (taken) return { [Symbol.asyncDispose]: () => release(path, self) };
  }
  throw new MeshdevError('LAB_LOCKED', {
    message: `locking ${path}: other processes keep taking the lock`,
    remedies: [`rm ${path}`],
  });
}

/** The file appears whole or not at all: half a lock would look like one that nobody owns. */
async function tryCreate(path: string, content: string): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeDraft(draft, content);
    return await link(draft, path).then(() => true, isTaken);
  } catch (error) {
    throw new MeshdevError('STATE_NOT_PRIVATE', {
      message: `creating the lock ${path}: ${textOf(error)}`,
      remedies: [`ls -ld ${dirname(dirname(path))}`, 'XDG_STATE_HOME=/a/directory/of/yours meshdev up'],
      cause: error,
    });
  } finally {
    await unlink(draft).catch(() => undefined);
  }
}

async function writeDraft(draft: string, content: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await mkdir(dirname(draft), { recursive: true, mode: 0o700 });
      return await writeFile(draft, content, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      // Another lab's lock was the last in the directories and took them along.
      if (!hasCode(error, 'ENOENT') || attempt === ATTEMPTS) throw error;
    }
  }
}

function isTaken(error: unknown): boolean {
  if (hasCode(error, 'EEXIST')) return false;
  throw error;
}

async function contentOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

function ownerIn(content: string): ProcessIdentity | undefined {
  try {
    return identity.parse(JSON.parse(content));
  } catch {
    return undefined;
  }
}

/**
 * Replaces the lock of an owner that is gone. One at a time, under a lock of its own: of two that saw the
 * same stale lock, the slower one would otherwise remove what the quicker one has just made.
 */
async function takeOver(path: string, self: string): Promise<boolean> {
  const stale = await refuseIfOwned(path, path);
  if (stale === undefined) return false;
  const guard = `${path}.takeover`;
  if (!(await tryCreate(guard, self))) {
    const left = await refuseIfOwned(guard, path);
    if (left !== undefined) await unlink(guard).catch(ignoreMissing);
    return false;
  }
  try {
    if ((await contentOf(path)) !== stale) return false;
    await unlink(path);
    return await tryCreate(path, self);
  } finally {
    await unlink(guard).catch(ignoreMissing);
  }
}

/** What a lock file says whose owner is gone; undefined when there is no such file any more. */
async function refuseIfOwned(file: string, path: string): Promise<string | undefined> {
  const content = await contentOf(file);
  const owner = content === undefined ? undefined : ownerIn(content);
  if (owner !== undefined && (await isSameProcess(owner))) throw locked(path, owner);
  return content;
}

function locked(path: string, owner: ProcessIdentity): MeshdevError {
  return new MeshdevError('LAB_LOCKED', {
    message: `another meshdev process (pid ${owner.pid}) is working on this lab and holds ${path}`,
    remedies: ['wait until it ends, then run this again', `kill ${owner.pid}`],
  });
}

/** The directories go with the last lock, where nothing else is in them: `down` leaves nothing. */
async function release(path: string, own: string): Promise<void> {
  if ((await contentOf(path)) === own) await unlink(path).catch(ignoreMissing);
  await rmdir(dirname(path)).catch(() => undefined);
  await rmdir(dirname(dirname(path))).catch(() => undefined);
}

function ignoreMissing(error: unknown): void {
  if (!hasCode(error, 'ENOENT')) throw error;
}
