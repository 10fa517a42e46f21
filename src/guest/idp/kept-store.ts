import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Log } from './log.ts';
import { KeptMap, type KeptEntry } from './kept-map.ts';

/** After a change; several that follow each other are written once. */
const WRITE_AFTER_MS = 200;

/** Sessions, grants and refresh tokens in memory, and in a file that a restart of the container finds again. */
export interface KeptStore {
  readonly entries: KeptMap;
  /** To be called after every change. */
  readonly changed: () => void;
  /** Writes what is not written yet. */
  readonly flush: () => void;
}

/** @param path undefined: nothing is kept beyond the process */
export function openKeptStore(path: string | undefined, log: Log): KeptStore {
  const entries = new KeptMap(() => Date.now());
  if (path === undefined) return { entries, changed: () => undefined, flush: () => undefined };
  entries.load(readEntries(path, log));
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    write(path, entries.dump(), log);
  };
  return { entries, changed: () => void (timer ??= setTimeout(flush, WRITE_AFTER_MS)), flush };
}

/** Who cannot be read is nobody: people sign in again. */
function readEntries(path: string, log: Log): readonly KeptEntry[] {
  try {
    const document: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return Array.isArray(document) ? document.filter(isEntry) : [];
  } catch (error) {
    // Nothing is written before somebody has signed in.
    if (!isMissing(error)) log('store.unreadable', { path });
    return [];
  }
}

function isEntry(value: unknown): value is KeptEntry {
  return (
    Array.isArray(value) &&
    value.length === 3 &&
    typeof value[0] === 'string' &&
    (value[2] === null || typeof value[2] === 'number')
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Whole or not at all: a process that is killed leaves the file of before. */
function write(path: string, entries: readonly KeptEntry[], log: Log): void {
  try {
    writeFileSync(`${path}.next`, JSON.stringify(entries), { mode: 0o600 });
    renameSync(`${path}.next`, path);
  } catch (error) {
    log('store.unwritable', { path, message: error instanceof Error ? error.message : String(error) });
  }
}
