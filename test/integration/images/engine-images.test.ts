import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { arch } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { manifestPath, packagesDir, stageDir } from '../../../src/images/packages/cache.ts';
import { digestsBelow } from '../../../src/images/packages/digest.ts';
import type { EngineImageId } from '../../../src/images/packages/engine-image-table.ts';
import { heldImages, loadImage, removeImages } from '../../../src/images/packages/engine-images.ts';
import { packFiles } from '../../../src/images/packages/layer.ts';
import { runner, scope, temporaryDir } from './workshop.ts';

const signal = new AbortController().signal;
const engine = { runner, dockerHost: undefined };
const keys = new Map([
  ['rootfs-base', '0'.repeat(16)],
  ['guest', '1'.repeat(16)],
]);
const names = new Map<EngineImageId, string>([
  ['guest-base', 'meshdev.local/test-below:0000000000000000'],
  ['guest', 'meshdev.local/test-above:1111111111111111'],
]);

const PROGRAM = `
#include <stdio.h>
int main(void) {
  FILE *file = fopen("/etc/word", "r");
  char word[16] = "no file";
  if (file) fgets(word, sizeof word, file);
  puts(word);
}
`;

/** Layers as stages leave them: a static program below, what it reads above. */
async function makeLayers(cacheDir: string): Promise<void> {
  const work = {
    out: cacheDir,
    scratch: join(cacheDir, 'scratch'),
    signal,
    of: (id: string) => stageDir(cacheDir, id, keys.get(id) ?? ''),
    run: (command: string, args: readonly string[]) => runner.run(command, args, { signal }),
  };
  await mkdir(work.scratch, { recursive: true });
  await writeFile(join(work.scratch, 'say.c'), PROGRAM);
  await work.run('gcc', ['-static', '-o', join(work.scratch, 'say'), join(work.scratch, 'say.c')]);
  await writeFile(join(work.scratch, 'word'), 'trust');
  const files = { 'rootfs-base': { from: 'say', to: 'bin/say' }, guest: { from: 'word', to: 'etc/word' } };
  for (const [id, file] of Object.entries(files)) {
    await mkdir(work.of(id), { recursive: true });
    await packFiles(work, join(work.of(id), 'layer.tar'), [{ ...file, from: join(work.scratch, file.from) }]);
    await writeManifest(work.of(id), id);
  }
}

async function writeManifest(dir: string, id: string): Promise<void> {
  const files = await digestsBelow(dir);
  const manifest = { stage: id, key: keys.get(id), madeAt: '', seconds: 0, bytes: 0, files };
  await writeFile(manifestPath(dir), JSON.stringify(manifest));
}

async function output(image: string): Promise<string> {
  return (await runner.run('docker', ['run', '--rm', image], { signal })).stdout;
}

describe('images made without an engine', () => {
  afterAll(() => removeImages(engine, [...names.values()], signal));

  it('are loaded from an archive, built on with a thin layer, listed, and run', async () => {
    await using dir = await temporaryDir();
    await mkdir(packagesDir(dir.path), { recursive: true });
    await makeLayers(dir.path);
    const plan = { cacheDir: dir.path, arch: arch() === 'arm64' ? 'arm64' : 'amd64', keys, names };
    const config = { entrypoint: ['/bin/say'], user: '65532:65532', stopSignal: 'SIGRTMIN+3' };
    const layer = (stage: string) => [{ stage, file: 'layer.tar' }];
    await loadImage(engine, { id: 'guest-base', layers: layer('rootfs-base'), config }, plan, scope().signal);
    await loadImage(
      engine,
      { id: 'guest', on: 'guest-base', layers: layer('guest'), config },
      plan,
      scope().signal,
    );

    const held = await heldImages(engine, signal);
    expect([...names.values()].filter((name) => !held.has(name))).toEqual([]);
    expect(await output('meshdev.local/test-below:0000000000000000')).toBe('no file');
    expect(await output('meshdev.local/test-above:1111111111111111')).toBe('trust');
    const format = '{{.Config.User}} {{.Config.StopSignal}} {{len .RootFS.Layers}}';
    const inspect = ['image', 'inspect', '--format', format, 'meshdev.local/test-above:1111111111111111'];
    expect((await runner.run('docker', inspect, { signal })).stdout).toBe('65532:65532 SIGRTMIN+3 2');
  });

  it('are refused when the cache is not what was built', async () => {
    await using dir = await temporaryDir();
    await mkdir(packagesDir(dir.path), { recursive: true });
    await makeLayers(dir.path);
    const stage = stageDir(dir.path, 'rootfs-base', keys.get('rootfs-base') ?? '');
    await appendFile(join(stage, 'layer.tar'), 'x');
    const plan = { cacheDir: dir.path, arch: 'amd64', keys, names };
    const image = {
      id: 'guest-base',
      layers: [{ stage: 'rootfs-base', file: 'layer.tar' }],
      config: {},
    } as const;
    await expect(loadImage(engine, image, plan, signal)).rejects.toMatchObject({
      code: 'IMAGE_BUILD_FAILED',
      remedies: [`rm -r ${stage}`, 'meshdev images build'],
    });
  });

  it('are none when no engine answers', async () => {
    expect(await heldImages({ runner, dockerHost: 'unix:///nonexistent.sock' }, signal)).toEqual(new Set());
  });
});
