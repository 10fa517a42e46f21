import { access, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildAll } from '../../../src/images/packages/build-all.ts';
import {
  ensureCache,
  listImages,
  packagesDir,
  pruneImages,
  readManifest,
  stageDir,
} from '../../../src/images/packages/cache.ts';
import { stageKeys } from '../../../src/images/packages/keys.ts';
import type { Stage, StageWork } from '../../../src/images/packages/stage.ts';
import { runner, scope, temporaryDir } from './workshop.ts';

function stage(
  id: string,
  build: (work: StageWork) => Promise<unknown>,
  needs: readonly string[] = [],
): Stage {
  return {
    id,
    needs,
    inputs: { recipe: 1 },
    slot: 'io',
    aboutSeconds: 1,
    aboutBytes: 1,
    build: async (work) => void (await build(work)),
  };
}

const one = stage('one', (work) => writeFile(join(work.out, 'data'), '1'));

async function shopIn(cacheDir: string, stages: readonly Stage[]) {
  await ensureCache(cacheDir);
  return { runner, cacheDir, keys: stageKeys(stages, 'amd64'), now: () => new Date(0) };
}

describe('building stages', () => {
  it('leaves each stage complete, with digests, and nothing else', async () => {
    await using dir = await temporaryDir();
    const two = stage(
      'two',
      async (work) => writeFile(join(work.out, 'copy'), await readFile(join(work.of('one'), 'data'))),
      ['one'],
    );
    const shop = await shopIn(dir.path, [one, two]);
    await buildAll([one, two], shop, scope());
    const names = await readdir(packagesDir(dir.path));
    expect(names.toSorted()).toEqual([...shop.keys].map(([id, key]) => `${id}-${key}`));
    const manifest = await readManifest(stageDir(dir.path, 'two', shop.keys.get('two') ?? ''));
    expect(manifest).toMatchObject({
      stage: 'two',
      madeAt: '1970-01-01T00:00:00.000Z',
      bytes: 1,
      files: [
        { path: 'copy', size: 1, sha256: '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b' },
      ],
    });
  });

  it('names the log of a stage that failed, keeps what was finished, and shows what is left', async () => {
    await using dir = await temporaryDir();
    const fails = stage(
      'two',
      (work) => work.run('sh', ['-c', 'echo to stdout; echo no space >&2; exit 7']),
      ['one'],
    );
    const shop = await shopIn(dir.path, [one, fails]);
    const error: unknown = await buildAll([one, fails], shop, scope()).catch((reason: unknown) => reason);
    const log = join(packagesDir(dir.path), `.building-two-${shop.keys.get('two')}`, 'build.log');
    expect(error).toMatchObject({ code: 'IMAGE_BUILD_FAILED', details: { stage: 'two', log } });
    expect(await readFile(log, 'utf8')).toContain('no space');
    const states = (await listImages(dir.path, shop.keys)).map((entry) => [entry.stage, entry.state]);
    expect(states).toEqual([
      ['one', 'current'],
      ['two', 'unfinished'],
    ]);
  });

  it('stops a program at once when interrupted, and then makes only what was not finished', async () => {
    await using dir = await temporaryDir();
    const stop = new AbortController();
    const slow = stage(
      'two',
      (work) => {
        setTimeout(() => stop.abort(), 100);
        return work.run('sleep', ['60']);
      },
      ['one'],
    );
    const shop = await shopIn(dir.path, [one, slow]);
    const started = performance.now();
    await expect(buildAll([one, slow], shop, scope(stop.signal))).rejects.toMatchObject({
      code: 'INTERRUPTED',
    });
    expect(performance.now() - started).toBeLessThan(5_000);
    await expect(access(stageDir(dir.path, 'one', shop.keys.get('one') ?? ''))).resolves.not.toThrow();
    await expect(access(stageDir(dir.path, 'two', shop.keys.get('two') ?? ''))).rejects.toThrow(/ENOENT/);
  });
});

describe('pruning', () => {
  it('removes what the present pins do not use, and with `all` the rest', async () => {
    await using dir = await temporaryDir();
    const shop = await shopIn(dir.path, [one]);
    await buildAll([one], shop, scope());
    const old = { ...one, inputs: { recipe: 0 } };
    await buildAll([old], await shopIn(dir.path, [old]), scope());
    const removed = await pruneImages(dir.path, { all: false, currentKeys: shop.keys });
    expect(removed.map((entry) => [entry.stage, entry.state])).toEqual([['one', 'stale']]);
    expect((await listImages(dir.path, shop.keys)).map((entry) => entry.state)).toEqual(['current']);
    expect(await pruneImages(dir.path, { all: true, currentKeys: shop.keys })).toHaveLength(1);
    expect(await listImages(dir.path, shop.keys)).toEqual([]);
  });
});
