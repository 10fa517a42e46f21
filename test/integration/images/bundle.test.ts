import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDockerodeEngine } from '../../../src/adapters/dockerode-engine.ts';
import { socketEndpoint } from '../../../src/engine/endpoint.ts';
import { createBundle } from '../../../src/images/bundle/create-bundle.ts';
import { readBlob, readHead } from '../../../src/images/bundle/read-bundle.ts';
import { type BundleSourceDeps, openBundleSource } from '../../../src/images/bundle/source.ts';
import { packImages } from '../../../src/images/oci-archive.ts';
import type { ContainerEngine } from '../../../src/ports/container-engine.ts';
import { LABEL, labelsOf } from '../../../src/topology/labels.ts';
import { startIsolatedEngine } from '../../support/isolated-engine.ts';
import { runner, scope, smallDisk, temporaryDir } from './workshop.ts';

// A small image of random bytes: compressing does not make it smaller, and no other image is like it.
const IMAGE = 'meshdev.local/bundle-test:real';
const MEGABYTES = 24;
const run = scope(AbortSignal.timeout(110_000));
const { signal } = run;
const engine = createDockerodeEngine(socketEndpoint('/var/run/docker.sock'));
const labels = labelsOf('bundle-test', 'image');
let dir: { readonly path: string } & AsyncDisposable;
let bundle = '';

const sweep = async (): Promise<void> => {
  for (const { id } of await engine.images.list({ [LABEL.lab]: 'bundle-test' }, signal))
    await engine.images.remove(id, signal);
};

beforeAll(async () => {
  await sweep();
  dir = await temporaryDir();
  const content = join(dir.path, 'content');
  await writeFile(content, randomBytes(MEGABYTES << 20));
  await runner.run('tar', ['-C', dir.path, '-cf', join(dir.path, 'layer.tar'), 'content'], { signal });
  const changes = Object.entries(labels).flatMap(([name, value]) => ['--change', `LABEL ${name}=${value}`]);
  await runner.run('docker', ['import', ...changes, join(dir.path, 'layer.tar'), IMAGE], { signal });
  bundle = (await create(join(dir.path, 'good.bundle'))).path;
});
afterAll(async () => {
  await sweep();
  await dir[Symbol.asyncDispose]();
});

const create = async (path: string) => {
  const tool = join(dir.path, 'tool');
  await writeFile(tool, '#!/bin/sh\n');
  const provided = {
    images: { node: IMAGE, edge: IMAGE, guest: IMAGE },
    tools: { kind: tool, istioctl: tool },
    digest: 'content',
  };
  const about = {
    services: [],
    source: 'packages',
    profile: 'stock',
    toolPlatform: 'linux/amd64',
    meshdev: '0',
    expects: {},
  } as const;
  return createBundle(path, { provided, images: engine.images, ...about }, run);
};

const source = async (cacheDir: string, into: ContainerEngine, change: Partial<BundleSourceDeps> = {}) => {
  const { platform } = (await readHead(bundle)).manifest;
  return openBundleSource({
    path: bundle,
    cacheDir,
    host: platform.tools,
    meshdev: '0',
    expects: async () => ({}),
    engine: async () => into,
    diskIsHere: () => true,
    ...change,
  });
};

describe('a bundle of a real image', () => {
  it('has the same bytes when the engine exports it again', async () => {
    const again = await create(join(dir.path, 'again.bundle'));
    expect((await readFile(again.path)).equals(await readFile(bundle))).toBe(true);
  });

  it('brings the image back under its own id, into an engine that lost it', async () => {
    const before = await engine.images.inspect(IMAGE, signal);
    await engine.images.remove(IMAGE, signal);
    const bundled = await source(join(dir.path, 'cache'), engine);
    expect((await bundled.survey(signal)).missing).toContain(`image ${IMAGE}`);
    await bundled.provide(run);
    const after = await engine.images.inspect(IMAGE, signal);
    expect(after?.id).toBe(before?.id);
    expect(after?.labels).toEqual(before?.labels);
    expect((await bundled.survey(signal)).missing).toEqual([]);
  });

  it('is taken by containerd too, under the digest that the bundle names', async () => {
    const head = await readHead(bundle);
    const [image] = head.manifest.images.engine;
    const archive = await packImages(head.manifest.images.engine, (digest) =>
      Readable.from(readBlob(head, digest)),
    );
    const path = join(dir.path, 'archive.tar');
    await writeFile(path, archive);
    const listed = await importedByContainerd(path);
    expect(listed).toContain(`${IMAGE} application/vnd.oci.image.manifest.v1+json ${image?.manifest.digest}`);
  });
});

describe('when something goes wrong, nothing half-made stays', () => {
  it('an archive that breaks off', async () => {
    await engine.images.remove(IMAGE, signal);
    const head = await readHead(bundle);
    const archive = await packImages(head.manifest.images.engine, () => Readable.from(brokenOff()));
    await expect(engine.images.load(archive, 30_000, signal)).rejects.toThrow('the medium is gone');
    expect(await engine.images.inspect(IMAGE, signal)).toBeUndefined();
    await (await source(join(dir.path, 'cache'), engine)).provide(run);
  });

  it('a disk that fills up while the bundle is written', async () => {
    await using disk = await smallDisk('30m');
    await expect(create(join(disk.path, 'lab.bundle'))).rejects.toMatchObject({
      code: 'DISK_FULL',
      exitCode: 3,
      remedies: expect.arrayContaining([`df -h ${disk.path}/`]),
    });
    expect(await readdir(disk.path)).toEqual([]);
  });

  it('an engine whose disk is too small: said before, and by the engine where nobody could look', async () => {
    await using disk = await smallDisk('44m');
    await using small = await startIsolatedEngine(join(disk.path, 'data'));
    const cache = join(dir.path, 'cache-small');
    const looked = await source(cache, small.engine);
    await expect(looked.provide(run)).rejects.toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringContaining('loading the bundle needs'),
    });
    const blind = await source(cache, small.engine, { diskIsHere: () => false });
    await expect(blind.provide(run)).rejects.toMatchObject({ code: 'DISK_FULL' });
    expect(await small.engine.images.list({}, signal)).toEqual([]);
  });
});

async function* brokenOff(): AsyncGenerator<Buffer> {
  yield Buffer.alloc(1000);
  throw new Error('the medium is gone');
}

/** Imports an archive with the containerd of the node image, which reads archives as engines on it do. */
async function importedByContainerd(archive: string): Promise<string> {
  const { stdout } = await runner.run(
    'docker',
    ['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}', 'meshdev.local/node'],
    { signal },
  );
  const [node = ''] = stdout.split('\n');
  const script = [
    'containerd >/tmp/log 2>&1 &',
    'until ctr version >/dev/null 2>&1; do sleep 0.1; done',
    'ctr images import --no-unpack --all-platforms /archive.tar >&2',
    'ctr images ls | tr -s " "',
  ].join('\n');
  const args = [
    'run',
    '--rm',
    '--network',
    'none',
    '--volume',
    `${archive}:/archive.tar:ro`,
    '--entrypoint',
    'sh',
    node,
    '-c',
    script,
  ];
  return (await runner.run('docker', args, { signal })).stdout;
}
