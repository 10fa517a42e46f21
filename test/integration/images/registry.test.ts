import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pullLayers } from '../../../src/images/registry/pull.ts';
import { blobStore } from '../../../src/images/registry/store.ts';
import { PROFILES } from '../../../src/profiles.ts';
import { exited, must, runProgram } from '../../support/e2e-program.ts';
import { MESHDEV } from '../../support/e2e-home.ts';
import type { Fault, Registry } from '../../support/registry/registry-server.ts';
import { clientWith, startTinyRegistry, type TinyRegistry } from './registry-user.ts';
import { scope, smallDisk, temporaryDir } from './workshop.ts';

// The real program pulls from a real registry whose images are tiny; nothing of them is ever run.

let tiny: TinyRegistry;
let registry: Registry;

beforeAll(async () => {
  tiny = await startTinyRegistry();
  ({ registry } = tiny);
});

afterAll(() => tiny[Symbol.asyncDispose]());

/** Images of this registry in the engine; taken away before each fault. */
async function tinyInEngine(): Promise<readonly string[]> {
  const listing = await must('docker', [
    'image',
    'ls',
    '--format',
    '{{.Repository}}:{{.Tag}}',
    'meshdev.local/*',
  ]);
  const references = await tiny.references();
  return listing.split('\n').filter((line) => references.has(line));
}

describe('a user who has pulled nothing', () => {
  it('gets images and tools, records their digests, and needs no registry for the second time', async () => {
    await using user = await tiny.user({ guest: false });
    const first = exited(await user.build(), 0);
    expect(first.stderr).toMatch(
      /source registry \(selected by MESHDEV_IMAGE_SOURCE\) · 6 images to pull, kind and istioctl to download: about \d+ MB, \d+ s/,
    );
    expect(first.stdout.split('\n')).toHaveLength(4);
    expect(await user.list()).toHaveLength(7);
    const lock = exited(await user.meshdev('images', 'lock'), 0).stdout;
    for (const { name } of Object.values(PROFILES.stock.images)) expect(lock).toContain(name);
    expect(lock).toContain('8 digests recorded');
    await registry.fault({ kind: 'status', path: '', status: 500 });
    const second = exited(await user.build(), 0);
    await registry.fault(undefined);
    expect(second.stderr).toContain('the engine has every image of the current pins');
    expect(second.stdout).toBe(first.stdout);
  });
});

describe('a bundle that was filled by a registry', () => {
  it('gives the same images to a user who reaches none', async () => {
    await using maker = await tiny.user();
    const pulled = exited(await maker.build(), 0).stdout;
    const file = join(maker.env['HOME'] ?? '', 'lab.bundle');
    exited(await maker.meshdev('bundle', 'create', file), 0);
    const inspected = exited(await maker.meshdev('bundle', 'inspect', file, '-o', 'json'), 0).stdout;
    expect(JSON.parse(inspected)).toMatchObject({ manifest: { source: 'registry', profile: 'stock' } });

    const images = pulled.trim().split('\n');
    await must('docker', ['image', 'rm', ...images]);
    await registry.fault({ kind: 'status', path: '', status: 500 });
    await using taker = await tiny.user();
    const taken = exited(await taker.build('--image-source', 'bundle', '--bundle', file), 0);
    await registry.fault(undefined);
    expect(taken.stdout).toBe(pulled);
    await must('docker', ['image', 'inspect', ...images]);
  });
});

interface Row {
  readonly fault: string;
  readonly set: () => Promise<Fault>;
  readonly code: string;
  readonly exitCode: number;
  readonly says: RegExp;
}

afterEach(() => tiny.unload());

describe('a registry that fails is an error with a remedy, and leaves no half image', () => {
  const manifest = '/mccutchen/go-httpbin/manifests/';
  const rows: readonly Row[] = [
    {
      fault: '404',
      set: async () => ({ kind: 'status', path: manifest, status: 404 }),
      code: 'IMAGE_NOT_FOUND',
      exitCode: 4,
      says: /run {4}docker pull ghcr\.io\/\S+ && docker tag .* && docker push 127\.0\.0\.1:\d+\/mccutchen/,
    },
    {
      fault: 'wrong platform',
      set: async () => ({ kind: 'platform', path: manifest }),
      code: 'IMAGE_WRONG_PLATFORM',
      exitCode: 3,
      says: /it exists for linux\/s390x, and the engine runs linux\//,
    },
    {
      fault: 'cut connection',
      set: async () => ({ kind: 'cut', path: await tiny.layerOf('httpbin') }),
      code: 'REGISTRY_UNREACHABLE',
      exitCode: 4,
      says: /try 3 of 3[\s\S]*the connection to 127\.0\.0\.1:\d+ broke/,
    },
    {
      fault: 'one flipped byte',
      set: async () => ({ kind: 'flip', path: await tiny.layerOf('edge') }),
      code: 'IMAGE_CORRUPT',
      exitCode: 4,
      says: /the downloaded content has the digest sha256:[0-9a-f]{64}, expected sha256:[0-9a-f]{64}; it was discarded/,
    },
  ];

  it.each(rows)('$fault: $code', async ({ set, code, exitCode, says }) => {
    await using user = await tiny.user();
    const [before, inEngine] = [await user.list(), await tinyInEngine()];
    await registry.fault(await set());
    const failed = exited(await user.build(), exitCode);
    await registry.fault(undefined);
    expect(failed.stderr).toContain(`meshdev: ${code}: `);
    expect(failed.stderr).toMatch(says);
    expect(await user.list()).toEqual(before);
    expect(await user.partial()).toEqual([]);
    expect(await tinyInEngine()).toEqual(inEngine);
    // Every remedy ends in the same command, and it works once the cause is gone.
    exited(await user.build(), 0);
  });

  it('401: REGISTRY_AUTH, and `docker login` is the remedy', async () => {
    await using user = await tiny.user();
    const before = await user.list();
    await registry.fault({ kind: 'password', path: '/v2/' });
    const failed = exited(await user.build(), 3);
    expect(failed.stderr).toMatch(
      /REGISTRY_AUTH: .* answered 401 to an anonymous request \(authentication required\)/,
    );
    expect(await user.list()).toEqual(before);
    const remedy = /run {4}(docker login \S+)/.exec(failed.stderr)?.[1] ?? 'no remedy';
    const [program = '', ...argv] = remedy.split(' ');
    const login = [...argv, '--username', 'reader', '--password-stdin'];
    exited(await runProgram(program, login, { env: user.env, stdin: 'let-me-in' }), 0);
    const works = exited(await user.build(), 0);
    await registry.fault(undefined);
    expect(works.stdout + works.stderr).not.toContain('let-me-in');
  });

  it('no room: DISK_FULL before anything is pulled', async () => {
    await using user = await tiny.user();
    await using disk = await smallDisk('1m');
    const failed = exited(
      await runProgram(MESHDEV, ['images', 'build'], { env: { ...user.env, XDG_CACHE_HOME: disk.path } }),
      3,
    );
    expect(failed.stderr).toMatch(/DISK_FULL: downloading the images needs .* free/);
  });

  it('a disk that fills up on the way: DISK_FULL, and the disk is as empty as before', async () => {
    await using disk = await smallDisk('8k');
    const small = blobStore(join(disk.path, 'blobs'));
    const { image, wanted } = await tiny.resolved('httpbin');
    const pulling = pullLayers([{ image, wanted }], { client: clientWith(20_000), store: small }, scope());
    await expect(pulling).rejects.toMatchObject({ code: 'DISK_FULL', exitCode: 3 });
    expect(await readdir(small.dir)).toEqual([]);
  });

  it('slow: REGISTRY_UNREACHABLE after three tries, with the reason of each', async () => {
    await using cache = await temporaryDir();
    const store = blobStore(cache.path);
    const { image, wanted } = await tiny.resolved('httpbin');
    await registry.fault({ kind: 'slow', path: await tiny.layerOf('httpbin') });
    const run = scope();
    const pulling = pullLayers([{ image, wanted }], { client: clientWith(300), store }, run);
    await expect(pulling).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE', exitCode: 4 });
    await registry.fault(undefined);
    expect(run.said.filter((line) => line.includes('sent no data for'))).toHaveLength(2);
    expect(await readdir(cache.path)).toEqual([]);
    await pullLayers([{ image, wanted }], { client: clientWith(20_000), store }, scope());
    expect(await readdir(cache.path)).toHaveLength(1);
  });
});
