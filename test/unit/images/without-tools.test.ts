import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MeshdevError } from '../../../src/errors/meshdev-error.ts';
import { describeStages } from '../../../src/images/packages/all-stages.ts';
import { manifestPath, stageDir } from '../../../src/images/packages/cache.ts';
import { imageNames } from '../../../src/images/packages/engine-image-table.ts';
import { ensureTools } from '../../../src/images/packages/prerequisites.ts';
import { createPackagesSource } from '../../../src/images/packages/source.ts';
import type { ProcessRunner } from '../../../src/ports/process-runner.ts';

const GO = 'go1.26.8';
const { signal } = new AbortController();
const run = { signal, progress: () => undefined };

/** A machine with these programs on PATH, of which none but Go is asked anything. */
function machineWith(...programs: readonly string[]): ProcessRunner {
  return {
    find: async (name) => (programs.includes(name) ? `/usr/bin/${name}` : undefined),
    run: async (command) => {
      if (command === 'go' && programs.includes('go'))
        return { exitCode: 0, stdout: `${GO}\n/go-cache\n`, stderr: '' };
      throw new MeshdevError('TOOL_MISSING', { message: `${command} is not installed` });
    },
  };
}

describe('images that are all there', () => {
  let dir = '';
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'meshdev-tools-'));
    await mkdir(join(dir, 'guest'));
    await writeFile(join(dir, 'guest', 'main.js'), 'export {};\n');
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  const places = (runner: ProcessRunner) => ({
    runner,
    cacheDir: join(dir, 'cache'),
    templatesDir: join(import.meta.dirname, '../../../templates'),
    distDir: dir,
  });

  async function sourceOn(runner: ProcessRunner, held: ReadonlyMap<string, string>) {
    return createPackagesSource({ ...places(runner), matching: async () => [...held.values()] });
  }

  /** As a run with this Go leaves cache and engine. */
  async function built(): Promise<ReadonlyMap<string, string>> {
    const { keys } = await describeStages(places(machineWith('go')), signal);
    for (const [stage, key] of keys) {
      const path = stageDir(join(dir, 'cache'), stage, key);
      await mkdir(path, { recursive: true });
      const manifest = { stage, key, madeAt: '2026-01-01', seconds: 1, bytes: 1, files: [] };
      await writeFile(manifestPath(path), JSON.stringify(manifest));
    }
    return imageNames(keys);
  }

  it('are kept without Go, npm and the docker command on PATH', async () => {
    const held = await built();
    const withGo = await (await sourceOn(machineWith('go'), held)).provide(run);
    const survey = await (await sourceOn(machineWith(), held)).survey(signal);
    expect(survey).toMatchObject({ missing: [], images: withGo.images, digest: withGo.digest });
    expect(await (await sourceOn(machineWith(), held)).provide(run)).toEqual(withGo);
  });

  it('are made anew for another Go', async () => {
    const held = await built();
    await (await sourceOn(machineWith('go'), held)).provide(run);
    const newer: ProcessRunner = {
      ...machineWith('go'),
      run: async () => ({ exitCode: 0, stdout: 'go1.27.0\n/go-cache\n', stderr: '' }),
    };
    expect((await (await sourceOn(newer, held)).survey(signal)).missing).toContain('stage kind');
  });

  it('ask for no package to be installed, and ask for those of a build where a stage is missing', async () => {
    const bare: ProcessRunner = {
      find: async () => undefined,
      run: async () => ({ exitCode: 1, stdout: 'gcc installed\n', stderr: '' }),
    };
    const complete = await sourceOn(machineWith('go'), await built());
    expect(await complete.prerequisites(signal)).toBeUndefined();
    await rm(join(dir, 'cache'), { recursive: true });
    const needs = await (await sourceOn(bare, new Map())).prerequisites(signal);
    expect(needs).toContain('apt-get install -y --no-install-recommends mmdebstrap libc6-dev');
  });
});

describe('a tool that is not there', () => {
  const [compiled, installed, copied] = [{ tools: ['go'] as const }, { tools: ['npm'] as const }, {}];
  it.each([
    ['go', [compiled], machineWith('npm'), '', 'needs Go'],
    ['npm', [installed], machineWith('go'), GO, 'npm is not installed'],
  ])('%s is asked for by the stage that takes it', async (_, stages, machine, go, words) => {
    await expect(ensureTools(machine, stages, go)).rejects.toMatchObject({
      code: 'TOOL_MISSING',
      message: expect.stringContaining(words),
    });
  });

  it.each([
    ['go', [installed, copied], machineWith('npm'), ''],
    ['npm', [compiled, copied], machineWith('go'), GO],
  ])('%s is not asked for by the others', async (_, stages, machine, go) => {
    await expect(ensureTools(machine, stages, go)).resolves.toBeUndefined();
  });
});
