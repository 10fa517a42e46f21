import { relative, sep } from 'node:path';
import { watch } from 'chokidar';
import { MeshdevError, textOf } from '../errors/meshdev-error.ts';
import { hasCode } from '../errors/system-error.ts';
import type { SourceChanges, WatchedSource } from '../ports/source-changes.ts';
import { throwIfAborted } from '../run/wait-until.ts';

/** Editors and version control write several files at once. */
const QUIET_MS = 150;

/** Links are not followed: a build context holds them as links. */
export async function watchWithChokidar(
  sources: readonly WatchedSource[],
  signal: AbortSignal,
): Promise<SourceChanges> {
  const watcher = watch(
    sources.map(({ path }) => path),
    { ignoreInitial: true, followSymlinks: false, ignored: (path) => isIgnored(sources, path) },
  );
  const changed = new Set<string>();
  let failure: unknown;
  let wake = Promise.withResolvers<void>();
  watcher.on('all', (_event, path) => {
    changed.add(path);
    wake.resolve();
  });
  watcher.on('error', (error) => {
    failure ??= error;
    wake.resolve();
  });
  const abort = (): void => wake.resolve();
  signal.addEventListener('abort', abort, { once: true });
  const woken = async (): Promise<void> => {
    await wake.promise;
    wake = Promise.withResolvers<void>();
    throwIfAborted(signal);
    if (failure !== undefined) throw watchFailed(failure);
  };
  const close = async (): Promise<void> => {
    signal.removeEventListener('abort', abort);
    await watcher.close();
  };
  try {
    await Promise.race([new Promise<void>((ready) => watcher.once('ready', ready)), woken()]);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    next: async () => {
      while (changed.size === 0) await woken();
      await untilQuiet(changed, signal);
      const paths = [...changed].toSorted();
      changed.clear();
      return paths;
    },
    [Symbol.asyncDispose]: close,
  };
}

async function untilQuiet(changed: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
  for (let before = 0; changed.size > before;) {
    before = changed.size;
    await new Promise<void>((resolve) => setTimeout(resolve, QUIET_MS));
    throwIfAborted(signal);
  }
}

function isIgnored(sources: readonly WatchedSource[], path: string): boolean {
  const own = sources.filter((source) => path.startsWith(`${source.path}${sep}`));
  return (
    own.length > 0 && own.every((source) => source.ignores(relative(source.path, path).split(sep).join('/')))
  );
}

function watchFailed(error: unknown): MeshdevError {
  const isFull = hasCode(error, 'ENOSPC') || hasCode(error, 'EMFILE');
  return new MeshdevError('WATCH_FAILED', {
    message: `watching the sources of services: ${textOf(error)}`,
    remedies: isFull
      ? ['sudo sysctl -w fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512']
      : ['meshdev up'],
    cause: error,
  });
}
