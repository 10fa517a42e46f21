import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { misfit } from '../../../../src/images/bundle/fit.ts';
import { readHead } from '../../../../src/images/bundle/read-bundle.ts';
import { type BundleSourceDeps, isImage, openBundleSource } from '../../../../src/images/bundle/source.ts';
import { forgetTools, toolPath } from '../../../../src/images/bundle/tools.ts';
import { createFakeEngine, type FakeEngine } from '../../../support/fake-engine.ts';
import { BASE, type BundleDir, bundleDir, EXPECTS, QUIET, sha256 } from '../../../support/small-bundle.ts';

let dir: BundleDir;
let path: string;
let tests = 0;

beforeAll(async () => {
  dir = await bundleDir();
  ({ path } = await dir.create('good.bundle'));
});
afterAll(async () => dir[Symbol.asyncDispose]());

/** A machine of its own for each test, with an engine that holds nothing. */
function machine(
  engine: FakeEngine | undefined = createFakeEngine(),
): BundleSourceDeps & { readonly engineIs: FakeEngine } {
  tests += 1;
  return {
    path,
    cacheDir: join(dir.path, `cache-${tests}`),
    host: 'linux/amd64',
    meshdev: '0.2.0',
    expects: async () => EXPECTS,
    engine: async () => engine,
    diskIsHere: () => false,
    engineIs: engine,
  };
}

describe('the source bundle', () => {
  it('says what it would load, loads it, and then has nothing to do', async () => {
    const deps = machine();
    const source = await openBundleSource(deps);
    const before = await source.survey(QUIET.signal);
    expect(before.missing).toHaveLength(5);
    expect(before).toMatchObject({ digest: 'content-1', because: expect.stringContaining('verified') });

    const provided = await source.provide(QUIET);
    expect(provided.images).toEqual(before.images);
    expect(provided.inCluster).toBeUndefined();
    expect(await readFile(provided.tools.kind, 'utf8')).toBe('#!/bin/sh\necho kind\n');
    expect((await stat(provided.tools.istioctl)).mode & 0o777).toBe(0o755);

    const after = await source.survey(QUIET.signal);
    expect(after.missing).toEqual([]);
  });

  it('puts an image of that name and other content right', async () => {
    const deps = machine();
    deps.engineIs.addImage({ id: 'sha256:other', tags: ['meshdev.local/edge:1'], labels: {}, sizeBytes: 1 });
    const source = await openBundleSource(deps);
    await source.provide(QUIET);
    const { manifest } = await readHead(path);
    const edge = manifest.images.engine.find(({ name }) => name === 'meshdev.local/edge:1');
    expect((await deps.engineIs.images.inspect('meshdev.local/edge:1', QUIET.signal))?.id).toBe(
      edge?.config.digest,
    );
  });

  it('puts a program of the cache right that was changed', async () => {
    const source = await openBundleSource(machine());
    const { tools } = await source.provide(QUIET);
    await writeFile(tools.kind, 'something else');
    expect((await source.survey(QUIET.signal)).missing).toEqual(['tool kind']);
    await source.provide(QUIET);
    expect(await readFile(tools.kind, 'utf8')).toBe('#!/bin/sh\necho kind\n');
  });

  it('refuses a changed file before anything is in the engine or the cache', async () => {
    const deps = machine();
    const bytes = await readFile(path);
    const broken = join(dir.path, 'broken.bundle');
    bytes[bytes.length - 700] = (bytes[bytes.length - 700] ?? 0) ^ 4;
    await writeFile(broken, bytes);
    const source = await openBundleSource({ ...deps, path: broken });
    for (const act of [
      () => source.survey(QUIET.signal),
      () => source.ensureRoom(QUIET.signal),
      () => source.provide(QUIET),
    ])
      await expect(act()).rejects.toMatchObject({ code: 'BUNDLE_DAMAGED', exitCode: 3 });
    expect(await deps.engineIs.images.list({}, QUIET.signal)).toEqual([]);
    await expect(stat(deps.cacheDir)).rejects.toThrow('ENOENT');
  });

  it('loads nothing when the file is changed between its verification and its use', async () => {
    const deps = machine();
    const changing = join(dir.path, 'changing.bundle');
    const bytes = await readFile(path);
    await writeFile(changing, bytes);
    const source = await openBundleSource({ ...deps, path: changing });
    await source.survey(QUIET.signal);
    const extent = (await readHead(changing)).layout.blobs.get(`sha256:${sha256(BASE)}`);
    bytes.fill(9, extent?.at, (extent?.at ?? 0) + (extent?.blob.stored ?? 0));
    await writeFile(changing, bytes);
    await expect(source.provide(QUIET)).rejects.toMatchObject({ code: 'BUNDLE_DAMAGED' });
    expect(await deps.engineIs.images.list({}, QUIET.signal)).toEqual([]);
  });

  it('brings the programs again after the cache was emptied', async () => {
    const deps = machine();
    const source = await openBundleSource(deps);
    const { tools } = await source.provide(QUIET);
    await forgetTools(deps.cacheDir);
    await expect(stat(tools.kind)).rejects.toMatchObject({ code: 'ENOENT' });
    expect((await source.provide(QUIET)).tools).toEqual(tools);
    expect((await stat(tools.kind)).isFile()).toBe(true);
  });

  it('says where it could not put the programs', async () => {
    const deps = machine();
    await mkdir(dirname(deps.cacheDir), { recursive: true });
    await writeFile(deps.cacheDir, 'a file where a directory should be');
    await chmod(deps.cacheDir, 0o600);
    const source = await openBundleSource(deps);
    await expect(source.provide(QUIET)).rejects.toMatchObject({ code: 'CACHE_NOT_WRITABLE' });
  });
});

describe('a bundle fits', () => {
  const target = { images: 'linux/amd64', tools: 'linux/amd64', expects: EXPECTS, meshdev: '0.2.0' };
  const against = async (change: Partial<typeof target>) =>
    misfit(path, (await readHead(path)).manifest, { ...target, ...change });

  it('where platform and expectations are its own', async () => {
    expect(await against({})).toBeUndefined();
  });

  it.for([
    [
      'an engine of another architecture',
      { images: 'linux/arm64' },
      'BUNDLE_PLATFORM',
      /linux\/amd64.*engine runs linux\/arm64/,
    ],
    ['an engine of Windows containers', { images: 'windows/amd64' }, 'BUNDLE_PLATFORM', /windows\/amd64/],
    [
      'a Mac, where kind and istioctl of Linux do not run',
      { tools: 'darwin/arm64' },
      'BUNDLE_PLATFORM',
      /machine is darwin\/arm64/,
    ],
    [
      'a meshdev that names other images',
      { expects: { ...EXPECTS, istio: 'hub 1.32' } },
      'BUNDLE_UNSUPPORTED',
      /istio hub 1.31.*needs hub 1.32/,
    ],
    [
      'a meshdev that expects one more thing',
      { expects: { ...EXPECTS, more: 'x' } },
      'BUNDLE_UNSUPPORTED',
      /more none/,
    ],
  ] as const)('not %s', async ([, change, code, message]) => {
    const problem = await against(change);
    expect(problem?.code).toBe(code);
    expect(problem?.message).toMatch(message);
    expect(problem?.remedies.join()).toContain('meshdev bundle create FILE');
  });
});

describe('an image is the bundle’s', () => {
  it('by its configuration in the classic store, by its manifest in containerd’s', async () => {
    const [image] = (await readHead(path)).manifest.images.engine;
    if (image === undefined) throw new Error('no image');
    expect(isImage(image.config.digest, image)).toBe(true);
    expect(isImage(image.manifest.digest, image)).toBe(true);
    expect(isImage(image.layers[0]?.digest, image)).toBe(false);
    expect(isImage(undefined, image)).toBe(false);
  });

  it('and its programs are kept under their digest', () => {
    const blob = `sha256:${'ab'.repeat(32)}`;
    expect(toolPath('/cache', { name: 'kind', blob })).toBe('/cache/bundle/tools/abababababababab/kind');
  });
});
