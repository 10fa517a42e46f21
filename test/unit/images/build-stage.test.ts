import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MeshdevError } from '../../../src/errors/meshdev-error.ts';
import { buildStage, fetchStage } from '../../../src/images/packages/build-stage.ts';
import { buildingDir, readManifest, stageDir } from '../../../src/images/packages/cache.ts';
import type { StageWork } from '../../../src/images/packages/stage.ts';
import type { ProcessRunner } from '../../../src/ports/process-runner.ts';
import { stage } from './stages-fixture.ts';

const { signal } = new AbortController();
const KEY = '0123456789abcdef';

let cacheDir = '';
let building = '';
beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'meshdev-stage-'));
  building = buildingDir(cacheDir, 'one', KEY);
  await mkdir(building, { recursive: true });
});
afterEach(() => rm(cacheDir, { recursive: true, force: true }));

/** Every program says a line, takes long enough for the log to fail over it, and ends as told. */
const saying = (end: () => void): ProcessRunner => ({
  find: async () => undefined,
  run: async (_command, _args, { onLine }) => {
    onLine?.('a line');
    await sleep(50);
    end();
    return { exitCode: 0, stdout: '', stderr: '' };
  },
});
const fails = (): never => {
  throw new MeshdevError('COMMAND_FAILED', { message: 'go ended with exit code 1' });
};

function made(build: (work: StageWork) => Promise<unknown>, end: () => void = () => undefined) {
  const one = { ...stage('one'), build: async (work: StageWork) => void (await build(work)) };
  const shop = { runner: saying(end), cacheDir, keys: new Map([['one', KEY]]), now: () => new Date(0) };
  return { one, shop, built: () => buildStage(one, shop, signal) };
}

/** A log on a disk without room: it can be opened, and not written. */
const fillLog = () => symlink('/dev/full', join(building, 'build.log'));
/** A log that cannot even be opened. */
const blockLog = () => mkdir(join(building, 'build.log'));

describe('a stage whose log cannot be written', () => {
  it('tells a full disk, with the stage’s own error, and cleans up', async () => {
    await fillLog();
    await expect(made((work) => work.run('go', []), fails).built()).rejects.toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringMatching(/the stage one failed: go ended with exit code 1; .*ENOSPC/),
      remedies: expect.arrayContaining([`df -h ${join(cacheDir, 'packages')}`]),
      cause: { code: 'IMAGE_BUILD_FAILED', cause: { code: 'COMMAND_FAILED' } },
    });
    expect(await readdir(building)).toEqual(['build.log']);
  });

  it('keeps the stage’s error where the disk is not full', async () => {
    await blockLog();
    await expect(made((work) => work.run('go', []), fails).built()).rejects.toMatchObject({
      code: 'IMAGE_BUILD_FAILED',
      message: expect.stringMatching(/^building the stage one failed: go ended .* writing its log: EISDIR/),
      cause: { code: 'COMMAND_FAILED' },
    });
    expect(await readdir(building)).toEqual(['build.log']);
  });

  it('keeps an interruption', async () => {
    await fillLog();
    const interrupted = (): never => {
      throw new MeshdevError('INTERRUPTED', { message: 'stopped go on request' });
    };
    await expect(made((work) => work.run('go', []), interrupted).built()).rejects.toMatchObject({
      code: 'INTERRUPTED',
    });
    expect(await readdir(building)).toEqual(['build.log']);
  });

  it('is complete when nothing else failed', async () => {
    await fillLog();
    await made(async (work) => {
      await work.run('go', []);
      await writeFile(join(work.out, 'data'), '1');
    }).built();
    expect(await readManifest(stageDir(cacheDir, 'one', KEY))).toMatchObject({ stage: 'one', bytes: 1 });
  });
});

describe('a stage on a full disk', () => {
  it('says so, whichever of its files it was', async () => {
    await expect(made(() => writeFile('/dev/full', 'x')).built()).rejects.toMatchObject({
      code: 'DISK_FULL',
      exitCode: 3,
      message: expect.stringMatching(/building the stage one failed: ENOSPC/),
    });
    expect(await readdir(building)).toEqual(['build.log']);
  });

  it('says so of its downloads too', async () => {
    const { one, shop } = made(async () => undefined);
    const fetch = async (): Promise<void> => writeFile('/dev/full', 'x');
    await expect(fetchStage({ ...one, fetch }, shop, signal)).rejects.toMatchObject({ code: 'DISK_FULL' });
  });

  it('translates the making of its directories too', async () => {
    await rm(building, { recursive: true });
    await writeFile(building, '');
    await expect(made(async () => undefined).built()).rejects.toMatchObject({ code: 'IMAGE_BUILD_FAILED' });
  });
});
