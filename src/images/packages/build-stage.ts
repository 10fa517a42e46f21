import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { MeshdevError, textOf } from '../../errors/meshdev-error.ts';
import type { ProcessRunner } from '../../ports/process-runner.ts';
import { diskFull } from '../registry/failures.ts';
import { buildingDir, manifestPath, packagesDir, stageDir, type StageManifest } from './cache.ts';
import { digestsBelow } from './digest.ts';
import { isFull } from '../../errors/system-error.ts';
import type { Stage, StageWork } from './stage.ts';

/** What every stage is built with. */
export interface Workshop {
  readonly runner: ProcessRunner;
  readonly cacheDir: string;
  readonly keys: ReadonlyMap<string, string>;
  readonly now: () => Date;
}

/** The downloads of a stage; what they fetch lands in the caches of the tools themselves. */
export async function fetchStage(stage: Stage, shop: Workshop, signal: AbortSignal): Promise<void> {
  await inWorkDir(stage, shop, signal, async (work) => stage.fetch?.(work));
}

/**
 * Makes a stage in a directory beside its place and renames it when it is complete.
 * @throws MeshdevError IMAGE_BUILD_FAILED naming the log; DISK_FULL; INTERRUPTED.
 */
export async function buildStage(stage: Stage, shop: Workshop, signal: AbortSignal): Promise<void> {
  const started = performance.now();
  await inWorkDir(stage, shop, signal, async (work) => {
    await stage.build(work);
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    await writeManifest(stage, shop, work.out, seconds);
    const place = stageDir(shop.cacheDir, stage.id, keyIn(shop, stage.id));
    await rm(place, { recursive: true, force: true });
    await rename(work.out, place);
  });
  await rm(buildingDir(shop.cacheDir, stage.id, keyIn(shop, stage.id)), { recursive: true, force: true });
}

async function inWorkDir(
  stage: Stage,
  shop: Workshop,
  signal: AbortSignal,
  act: (work: StageWork) => Promise<void>,
): Promise<void> {
  const dir = buildingDir(shop.cacheDir, stage.id, keyIn(shop, stage.id));
  const [out, scratch, logPath] = [join(dir, 'out'), join(dir, 'scratch'), join(dir, 'build.log')];
  let log: StageLog | undefined;
  try {
    for (const path of [out, scratch]) {
      await rm(path, { recursive: true, force: true });
      await mkdir(path, { recursive: true });
    }
    log = openLog(logPath);
    await act({
      out,
      scratch,
      signal,
      of: (id) => stageDir(shop.cacheDir, id, keyIn(shop, id)),
      run: runLogged(shop.runner, log, signal),
    });
  } catch (error) {
    throw translated(stage.id, shop.cacheDir, logPath, error, await log?.close());
  } finally {
    await log?.close();
    // What cannot be removed now is swept by the next build; why the stage failed counts more.
    for (const path of [out, scratch])
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** A log that cannot be written spoils no stage: what it met is kept, for whoever asks why the stage failed. */
interface StageLog {
  write(line: string): void;
  /** Ends it once all is written; what it met first, if anything. */
  close(): Promise<unknown>;
}

function openLog(path: string): StageLog {
  const stream = createWriteStream(path, { flags: 'a' });
  let met: unknown;
  // At once: a stream that fails while nobody listens ends the process.
  stream.on('error', (error) => (met ??= error));
  return {
    write: (line) => void stream.write(`${line}\n`),
    close: async () => {
      stream.end();
      await finished(stream).catch((error: unknown) => (met ??= error));
      return met;
    },
  };
}

function runLogged(runner: ProcessRunner, log: StageLog, signal: AbortSignal): StageWork['run'] {
  return (command, args, options = {}) => {
    log.write(`$ ${command} ${args.join(' ')}`);
    const until = options.signal === undefined ? signal : AbortSignal.any([signal, options.signal]);
    return runner.run(command, args, { ...options, signal: until, onLine: (line) => log.write(line) });
  };
}

function translated(
  stage: string,
  cacheDir: string,
  log: string,
  error: unknown,
  ofLog: unknown,
): MeshdevError {
  if (error instanceof MeshdevError && error.code !== 'COMMAND_FAILED') return error;
  const logged = ofLog === undefined ? '' : `; writing its log: ${textOf(ofLog)}`;
  const failed = new MeshdevError('IMAGE_BUILD_FAILED', {
    message: `building the stage ${stage} failed: ${textOf(error)}${logged}`,
    remedies: [`tail -n 50 ${log}`, 'meshdev images build'],
    details: { stage, log },
    cause: error,
  });
  return [error, ofLog].some(isFull) ? diskFull(packagesDir(cacheDir), failed) : failed;
}

async function writeManifest(stage: Stage, shop: Workshop, dir: string, seconds: number): Promise<void> {
  const files = await digestsBelow(dir);
  const manifest: StageManifest = {
    stage: stage.id,
    key: keyIn(shop, stage.id),
    madeAt: shop.now().toISOString(),
    seconds,
    bytes: files.reduce((sum, file) => sum + file.size, 0),
    files: [...files],
  };
  await writeFile(
    manifestPath(dir),
    `${JSON.stringify({ ...manifest, inputs: stage.inputs }, undefined, 2)}\n`,
  );
}

function keyIn(shop: Workshop, stage: string): string {
  const key = shop.keys.get(stage);
  if (key === undefined) throw new RangeError(`no key for the stage ${stage}`);
  return key;
}
