import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { MeshdevError, textOf } from '../../errors/meshdev-error.ts';
import type { ProcessRunner } from '../../ports/process-runner.ts';
import { buildingDir, manifestPath, stageDir, type StageManifest } from './cache.ts';
import { digestsBelow } from './digest.ts';
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
 * @throws MeshdevError IMAGE_BUILD_FAILED naming the log; INTERRUPTED.
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
  for (const path of [out, scratch]) {
    await rm(path, { recursive: true, force: true });
    await mkdir(path, { recursive: true });
  }
  const log = createWriteStream(logPath, { flags: 'a' });
  try {
    await act({
      out,
      scratch,
      signal,
      of: (id) => stageDir(shop.cacheDir, id, keyIn(shop, id)),
      run: runLogged(shop.runner, log, signal),
    });
  } catch (error) {
    throw translated(stage.id, logPath, error);
  } finally {
    log.end();
    await finished(log);
    for (const path of [out, scratch]) await rm(path, { recursive: true, force: true });
  }
}

function runLogged(runner: ProcessRunner, log: WriteStream, signal: AbortSignal): StageWork['run'] {
  return (command, args, options = {}) => {
    log.write(`$ ${command} ${args.join(' ')}\n`);
    const until = options.signal === undefined ? signal : AbortSignal.any([signal, options.signal]);
    return runner.run(command, args, { ...options, signal: until, onLine: (line) => log.write(`${line}\n`) });
  };
}

function translated(stage: string, log: string, error: unknown): MeshdevError {
  if (error instanceof MeshdevError && error.code !== 'COMMAND_FAILED') return error;
  return new MeshdevError('IMAGE_BUILD_FAILED', {
    message: `building the stage ${stage} failed: ${textOf(error)}`,
    remedies: [`tail -n 50 ${log}`, 'meshdev images build'],
    details: { stage, log },
    cause: error,
  });
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
