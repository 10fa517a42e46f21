import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Session, sessionsOf } from './sessions.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** README.md and every page of docs/, without the records of decisions: they stay as they were written. */
async function documentPaths(): Promise<readonly string[]> {
  const pages = (await readdir(join(ROOT, 'docs'))).filter((name) => name.endsWith('.md'));
  return ['README.md', ...pages.toSorted().map((name) => join('docs', name))];
}

/** The shell sessions of all documents, in the order of a reader. */
export async function allSessions(): Promise<readonly Session[]> {
  const found = await Promise.all(
    (await documentPaths()).map(async (path) => sessionsOf(path, await readFile(join(ROOT, path), 'utf8'))),
  );
  return found.flat();
}
