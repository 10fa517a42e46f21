import { createHash } from 'node:crypto';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunScope } from '../../run/run-scope.ts';
import { throwIfAborted } from '../../run/wait-until.ts';
import { readFrom } from '../bundle/streams.ts';
import { sha256OfFile } from '../packages/digest.ts';
import { atMost } from '../../run/at-most.ts';
import type { Ignore } from './dockerignore.ts';
import type { ArchiveEntry } from '../bundle/tar.ts';

/** One thing of a build context. Sockets, devices and the like are not sent to the engine. */
export type ContextEntry = {
  /** Relative to the context, with `/`. */
  readonly path: string;
  /** Permissions with the bits for execution, setuid and so on. */
  readonly mode: number;
} & (
  | { readonly kind: 'directory' }
  | { readonly kind: 'link'; readonly to: string }
  | {
      readonly kind: 'file';
      readonly bytes: number;
      /** In hexadecimal. */
      readonly sha256: string;
    }
);

const AT_ONCE = 8;

/** All that a build is sent, sorted by path. Links are not followed; times and owners do not count. */
export async function scanContext(
  dir: string,
  ignore: Ignore,
  run: RunScope,
): Promise<readonly ContextEntry[]> {
  const paths = await pathsBelow(dir, '', ignore, run.signal);
  const entries = await atMost(AT_ONCE, paths, (path) => entryAt(dir, path), run);
  return withParents(dir, entries.flat());
}

async function pathsBelow(
  dir: string,
  below: string,
  ignore: Ignore,
  signal: AbortSignal,
): Promise<readonly string[]> {
  throwIfAborted(signal);
  const found: string[] = [];
  for (const one of await readdir(join(dir, below), { withFileTypes: true })) {
    const path = below === '' ? one.name : `${below}/${one.name}`;
    const ignored = ignore.ignores(path);
    if (!ignored) found.push(path);
    if (one.isDirectory() && !(ignored && ignore.prunes(path)))
      found.push(...(await pathsBelow(dir, path, ignore, signal)));
  }
  return found;
}

async function entryAt(dir: string, path: string): Promise<readonly ContextEntry[]> {
  const full = join(dir, path);
  const seen = await lstat(full);
  const mode = seen.mode & 0o7777;
  if (seen.isDirectory()) return [{ path, mode, kind: 'directory' }];
  if (seen.isSymbolicLink()) return [{ path, mode: 0o777, kind: 'link', to: await readlink(full) }];
  if (!seen.isFile()) return [];
  return [{ path, mode, kind: 'file', bytes: seen.size, sha256: await sha256OfFile(full) }];
}

/** An ignored directory of which something is kept is there too. */
async function withParents(dir: string, entries: readonly ContextEntry[]): Promise<readonly ContextEntry[]> {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  const parents = new Set(entries.flatMap(({ path }) => parentsOf(path)).filter((path) => !byPath.has(path)));
  for (const path of parents) for (const entry of await entryAt(dir, path)) byPath.set(path, entry);
  return [...byPath.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function parentsOf(path: string): readonly string[] {
  const names = path.split('/');
  return names.slice(1).map((_, index) => names.slice(0, index + 1).join('/'));
}

/**
 * The entries of an archive of the context. What is read is compared with the digests, so that a build never has
 * other files than its key says.
 * @param changed the error for a file that is another one by now
 */
export function archiveEntries(
  dir: string,
  entries: readonly ContextEntry[],
  changed: (path: string) => Error,
): readonly ArchiveEntry[] {
  return entries.map((entry): ArchiveEntry => {
    const { path: name, mode } = entry;
    if (entry.kind === 'file')
      return { name, mode, bytes: entry.bytes, content: verified(join(dir, name), entry, changed) };
    const nothing = { name, mode, bytes: 0, content: new Uint8Array() };
    if (entry.kind === 'directory') return { ...nothing, name: `${name}/`, kind: 'directory' };
    return { ...nothing, kind: { linkTo: entry.to } };
  });
}

async function* verified(
  file: string,
  { path, bytes, sha256 }: { readonly path: string; readonly bytes: number; readonly sha256: string },
  changed: (path: string) => Error,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of readFrom(file)) {
    size += chunk.length;
    if (size > bytes) break;
    hash.update(chunk);
    yield chunk;
  }
  if (size !== bytes || hash.digest('hex') !== sha256) throw changed(path);
}
