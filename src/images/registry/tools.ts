import { chmod, copyFile, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { ProcessRunner } from '../../ports/process-runner.ts';
import type { RunScope } from '../../run/run-scope.ts';
import { hexOf } from '../oci-image.ts';
import { changed } from './failures.ts';
import type { ReleaseFiles } from './release-files.ts';
import type { BlobStore } from './store.ts';
import type { ToolSpec } from './tool-specs.ts';

export interface ToolsContext {
  readonly runner: ProcessRunner;
  /** Where release files end, as programs. */
  readonly dir: string;
  readonly store: BlobStore;
  readonly files: ReleaseFiles;
  /** Digests by path of the release file. */
  readonly lock: Readonly<Record<string, string>>;
  /** Who keeps that lock, for messages, and the command that records anew. */
  readonly lockedBy: string;
  readonly relock: string;
}

export interface FoundTool {
  readonly program: string;
  readonly because: string;
}

/** The program that was brought before, else the one on PATH when its version is the wanted one. */
export async function findTool(
  { runner, dir, lock }: Pick<ToolsContext, 'runner' | 'dir' | 'lock'>,
  spec: ToolSpec,
  signal: AbortSignal,
): Promise<FoundTool | undefined> {
  const digest = lock[spec.path];
  const own = digest === undefined ? undefined : programPath(dir, spec, digest);
  if (own !== undefined && (await isThere(own)))
    return { program: own, because: `${spec.name} ${spec.version} is already in the cache` };
  const onPath = await runner.find(spec.name);
  if (onPath === undefined || (await versionOf(runner, onPath, spec, signal)) !== spec.version)
    return undefined;
  return { program: onPath, because: `${onPath} is ${spec.version}` };
}

/**
 * Fetches the release file, held against the checksum published beside it and against the lock.
 * @returns the program, and the digest to be recorded
 */
export async function bringTool(
  context: ToolsContext,
  spec: ToolSpec,
  run: RunScope,
): Promise<FoundTool & { readonly digest: string }> {
  const { store, files, lock, lockedBy, runner, dir } = context;
  const recorded = lock[spec.path];
  const published = await files.checksum(spec, run);
  if (recorded !== undefined && recorded !== published)
    throw changed(`the release file ${spec.path}`, {
      recorded,
      seen: published,
      by: lockedBy,
      relock: context.relock,
    });
  await files.fetch(spec, published, store, run);
  const program = programPath(dir, spec, published);
  await mkdir(dir, { recursive: true });
  await placeProgram(spec, store, published, `${program}.new`);
  const version = await versionOf(runner, `${program}.new`, spec, run.signal);
  if (version !== spec.version) {
    await rm(`${program}.new`, { force: true });
    throw wrongVersion(spec, version);
  }
  await rename(`${program}.new`, program);
  await store.drop(published);
  return { program, digest: published, because: `release file ${spec.path}` };
}

function programPath(dir: string, { name, version }: ToolSpec, digest: string): string {
  return join(dir, `${name}-${version}-${hexOf(digest).slice(0, 16)}`);
}

async function placeProgram(
  { name, packed }: ToolSpec,
  store: BlobStore,
  digest: string,
  target: string,
): Promise<void> {
  if (packed) await writeFile(target, await unpack(store.open(digest), name));
  else await copyFile(join(store.dir, hexOf(digest)), target);
  await chmod(target, 0o755);
}

async function unpack(archive: Readable, name: string): Promise<Buffer> {
  const { extract } = await import('tar-stream');
  const reader = extract();
  const plain = createGunzip();
  archive.once('error', (error) => plain.destroy(error));
  plain.once('error', (error) => reader.destroy(error));
  archive.pipe(plain).pipe(reader);
  for await (const entry of reader) {
    const wanted = entry.header.type === 'file' && entry.header.name.split('/').at(-1) === name;
    // Read before the loop is left: leaving it ends the archive.
    const content = wanted ? await buffer(entry) : undefined;
    if (content !== undefined) return content;
    entry.resume();
  }
  throw new MeshdevError('IMAGE_CORRUPT', {
    message: `unpacking ${name}: the release file does not contain it`,
  });
}

async function versionOf(
  runner: ProcessRunner,
  program: string,
  spec: ToolSpec,
  signal: AbortSignal,
): Promise<string | undefined> {
  const options = { allowFailure: true, timeoutMs: 20_000, signal };
  const { stdout } = await runner.run(program, spec.versionArgs, options).catch((error: unknown) => {
    // A program for another machine cannot be started at all.
    if (error instanceof MeshdevError && error.code === 'COMMAND_FAILED') return { stdout: '' };
    throw error;
  });
  return spec.readVersion(stdout);
}

function wrongVersion({ name, version, path }: ToolSpec, seen: string | undefined): MeshdevError {
  return new MeshdevError('IMAGE_CORRUPT', {
    message: `downloading ${name}: ${path} reports version ${seen ?? 'none'}, expected ${version}`,
    remedies: [`install ${name} ${version} and put it on PATH`, 'meshdev docs images'],
  });
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
