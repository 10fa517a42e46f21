import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { createExecaRunner } from '../../../src/adapters/execa-runner.ts';
import type { RunScope } from '../../../src/run/run-scope.ts';

export const runner = createExecaRunner(env);

export function scope(
  signal: AbortSignal = new AbortController().signal,
): RunScope & { readonly said: readonly string[] } {
  const said: string[] = [];
  return { signal, said, progress: (message) => void said.push(message) };
}

/** A directory that is gone when the test ends. */
export async function temporaryDir(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'meshdev-images-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** A file system of its own, of this size. */
export async function smallDisk(
  size: string,
  options = '',
): Promise<{ readonly path: string } & AsyncDisposable> {
  const dir = await temporaryDir();
  const signal = new AbortController().signal;
  await runner.run('mount', ['-t', 'tmpfs', '-o', `size=${size}${options}`, 'tmpfs', dir.path], { signal });
  return {
    path: dir.path,
    [Symbol.asyncDispose]: async () => {
      await runner.run('umount', [dir.path], { signal });
      await dir[Symbol.asyncDispose]();
    },
  };
}
