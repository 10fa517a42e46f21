import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createRegistryClient } from '../../../src/images/registry/client.ts';
import { createGet } from '../../../src/images/registry/http.ts';
import { EMPTY_LOCK } from '../../../src/images/registry/lock-file.ts';
import { pinnedImages } from '../../../src/images/registry/pins.ts';
import { pullLayers } from '../../../src/images/registry/pull.ts';
import { resolveImage } from '../../../src/images/registry/resolve-image.ts';
import { blobStore } from '../../../src/images/registry/store.ts';
import { PROFILES } from '../../../src/profiles.ts';
import { type Environment, type Ended, exited, must, runProgram } from '../../support/e2e-program.ts';
import { MESHDEV } from '../../support/e2e-home.ts';
import { DOCKER_ARCH, tinyLayout, tinyTools } from '../../support/registry/fill.ts';
import { type Fault, type Registry, startRegistry } from '../../support/registry/registry-server.ts';
import { scope, smallDisk, temporaryDir } from './workshop.ts';

// The real program pulls from a real registry whose images are tiny; nothing of them is ever run.

let registry: Registry;
let dir: Awaited<ReturnType<typeof temporaryDir>>;
const loaded = new Set<string>();

beforeAll(async () => {
  dir = await temporaryDir();
  registry = await startRegistry(await tinyLayout(dir.path), await tinyTools(dir.path));
});

afterAll(async () => {
  await registry[Symbol.asyncDispose]();
  await dir[Symbol.asyncDispose]();
});

/** Where the guest image of the first user is kept: making it again for each would take most of the time. */
const keptGuest = () => join(dir.path, 'guest');

/** Keeps the guest image that this user made. */
async function keepGuest(store: string): Promise<void> {
  const records = join(store, 'guest');
  const [record = 'none'] = await readdir(records);
  const { manifest, config, layers } = Guest.parse(JSON.parse(await readFile(join(records, record), 'utf8')));
  await cp(records, join(keptGuest(), 'guest'), { recursive: true });
  for (const { digest } of [manifest, config, ...layers.slice(-1)]) {
    const blob = join('blobs', digest.replace('sha256:', ''));
    await cp(join(store, blob), join(keptGuest(), blob));
  }
}

const Blob = z.object({ digest: z.string() });
const Guest = z.object({ manifest: Blob, config: Blob, layers: z.array(Blob) });

/** A user who has pulled nothing yet; with `guest`, one who has made the guest image before. */
async function freshUser({ guest = false } = {}) {
  const home = await temporaryDir();
  const store = join(home.path, 'cache/meshdev/registry');
  if (guest) await cp(keptGuest(), store, { recursive: true, force: true }).catch(() => undefined);
  const env: Environment = {
    HOME: home.path,
    XDG_CACHE_HOME: join(home.path, 'cache'),
    XDG_STATE_HOME: join(home.path, 'state'),
    DOCKER_CONFIG: join(home.path, 'docker'),
    // Packages of the guest come from the cache of the machine's user.
    npm_config_cache: (await must('npm', ['config', 'get', 'cache'])).trim(),
    MESHDEV_IMAGE_PROFILE: 'stock',
    MESHDEV_MIRROR: registry.address,
    MESHDEV_DOWNLOADS: registry.downloads,
    MESHDEV_IMAGE_SOURCE: 'registry',
  };
  const meshdev = (...argv: readonly string[]): Promise<Ended> =>
    runProgram(MESHDEV, argv, { cwd: home.path, env });
  return {
    env,
    store,
    build: async (...options: readonly string[]): Promise<Ended> => {
      const ended = await meshdev('images', 'build', ...options);
      for (const line of ended.stdout.split('\n')) if (line.startsWith('meshdev.local/')) loaded.add(line);
      return ended;
    },
    meshdev,
    /** Everything that the program says it holds, without what other tests of the machine do meanwhile. */
    list: async () =>
      Listed.parse(JSON.parse(exited(await meshdev('images', 'list', '-o', 'json'), 0).stdout)).pulled,
    partial: async (): Promise<readonly string[]> => {
      const blobs = await readdir(join(store, 'blobs')).catch(() => []);
      return blobs.filter((name) => name.startsWith('.'));
    },
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  };
}

/** Images of this test in the engine: no real one of meshdev is as small. Taken away before each fault. */
async function tinyInEngine(): Promise<readonly string[]> {
  const lines = (
    await must('docker', ['image', 'ls', '--format', '{{.Repository}}:{{.Tag}} {{.Size}}', 'meshdev.local/*'])
  ).split('\n');
  return lines.filter((line) => /^\S+ [\d.]+(kB|B)$/.test(line)).toSorted();
}

const Listed = z.object({ pulled: z.array(z.object({ name: z.string(), digest: z.string() })) });

/** The path of the layer of an image, as requests name it. */
async function layerOf(id: 'httpbin' | 'edge'): Promise<string> {
  const { image } = await resolved(id, blobStore(join(dir.path, 'look')));
  return image.layers[0]?.digest ?? 'none';
}

function wantedOf(id: 'httpbin' | 'edge') {
  const pins = pinnedImages({ profile: 'stock', mirror: { '*': registry.address } }, EMPTY_LOCK, 'none');
  const pin = pins.find((one) => one.id === id);
  if (pin === undefined) throw new Error(`no pin ${id}`);
  return pin;
}

function clientWith(stallMs: number) {
  return createRegistryClient(createGet({ env: {}, direct: [], stallMs }), async () => undefined);
}

async function resolved(id: 'httpbin' | 'edge', store: ReturnType<typeof blobStore>) {
  const wanted = wantedOf(id);
  return {
    wanted,
    ...(await resolveImage(wanted, `linux/${DOCKER_ARCH}`, { client: clientWith(20_000), store }, scope())),
  };
}

describe('a user who has pulled nothing', () => {
  it('gets images and tools, records their digests, and needs no registry for the second time', async () => {
    await using user = await freshUser();
    const first = exited(await user.build(), 0);
    await keepGuest(user.store);
    expect(first.stderr).toMatch(
      /source registry \(asked for by MESHDEV_IMAGE_SOURCE\) · 6 images to pull, kind and istioctl to bring: about \d+ MB, \d+ s/,
    );
    expect(first.stdout.split('\n')).toHaveLength(4);
    expect(await user.list()).toHaveLength(7);
    const lock = exited(await user.meshdev('images', 'lock'), 0).stdout;
    for (const { name } of Object.values(PROFILES.stock.images)) expect(lock).toContain(name);
    expect(lock).toContain('8 digests recorded');
    await registry.fault({ kind: 'status', path: '', status: 500 });
    const second = exited(await user.build(), 0);
    await registry.fault(undefined);
    expect(second.stderr).toContain('the engine holds every image of the present pins');
    expect(second.stdout).toBe(first.stdout);
  });
});

describe('a bundle that was filled by a registry', () => {
  it('gives the same images to a user who reaches none', async () => {
    await using maker = await freshUser({ guest: true });
    const pulled = exited(await maker.build(), 0).stdout;
    const file = join(maker.env['HOME'] ?? '', 'lab.bundle');
    exited(await maker.meshdev('bundle', 'create', file), 0);
    const inspected = exited(await maker.meshdev('bundle', 'inspect', file, '-o', 'json'), 0).stdout;
    expect(JSON.parse(inspected)).toMatchObject({ manifest: { source: 'registry', profile: 'stock' } });

    const images = pulled.trim().split('\n');
    await must('docker', ['image', 'rm', ...images]);
    await registry.fault({ kind: 'status', path: '', status: 500 });
    await using taker = await freshUser({ guest: true });
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

afterEach(async () => {
  if (loaded.size > 0) await runProgram('docker', ['image', 'rm', ...loaded]);
  loaded.clear();
});

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
      says: /it is there for linux\/s390x, and the engine runs linux\//,
    },
    {
      fault: 'cut connection',
      set: async () => ({ kind: 'cut', path: await layerOf('httpbin') }),
      code: 'REGISTRY_UNREACHABLE',
      exitCode: 4,
      says: /try 3 of 3[\s\S]*the connection to 127\.0\.0\.1:\d+ broke/,
    },
    {
      fault: 'one flipped byte',
      set: async () => ({ kind: 'flip', path: await layerOf('edge') }),
      code: 'IMAGE_CORRUPT',
      exitCode: 4,
      says: /what came has the digest sha256:[0-9a-f]{64}, wanted sha256:[0-9a-f]{64}; nothing of it was kept/,
    },
  ];

  it.each(rows)('$fault: $code', async ({ set, code, exitCode, says }) => {
    await using user = await freshUser({ guest: true });
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
    await using user = await freshUser({ guest: true });
    const before = await user.list();
    await registry.fault({ kind: 'password', path: '/v2/' });
    const failed = exited(await user.build(), 3);
    expect(failed.stderr).toMatch(
      /REGISTRY_AUTH: .* answered 401 to nobody in particular \(authentication required\)/,
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

  it('wrong digest: IMAGE_CHANGED, and only `images lock --update` takes the other one', async () => {
    await using user = await freshUser({ guest: true });
    exited(await user.meshdev('images', 'lock', '--update'), 0);
    const before = await user.list();
    await registry.fault({ kind: 'other', path: manifest });
    const failed = exited(await user.build(), 4);
    expect(failed.stderr).toMatch(
      /IMAGE_CHANGED: ghcr\.io\/mccutchen\S+ is sha256:\S+, and \S+images\.lock\.json says sha256:/,
    );
    expect(await user.list()).toEqual(before);
    const updated = exited(await user.meshdev('images', 'lock', '--update'), 0).stdout;
    expect(updated.split('\n').filter((line) => line.startsWith('changed '))).toHaveLength(1);
    await registry.fault(undefined);
    exited(await user.meshdev('images', 'lock', '--update'), 0);
    exited(await user.build(), 0);
  });

  it('no room: DISK_FULL before anything is pulled', async () => {
    await using user = await freshUser({ guest: true });
    await using disk = await smallDisk('1m');
    const failed = exited(
      await runProgram(MESHDEV, ['images', 'build'], { env: { ...user.env, XDG_CACHE_HOME: disk.path } }),
      3,
    );
    expect(failed.stderr).toMatch(/DISK_FULL: bringing the images needs .* free/);
  });

  it('a disk that fills up on the way: DISK_FULL, and the disk is as empty as before', async () => {
    await using disk = await smallDisk('8k');
    const small = blobStore(join(disk.path, 'blobs'));
    const { image, wanted } = await resolved('httpbin', blobStore(join(dir.path, 'look')));
    const pulling = pullLayers([{ image, wanted }], { client: clientWith(20_000), store: small }, scope());
    await expect(pulling).rejects.toMatchObject({ code: 'DISK_FULL', exitCode: 3 });
    expect(await readdir(small.dir)).toEqual([]);
  });

  it('slow: REGISTRY_UNREACHABLE after three tries, with the reason of each', async () => {
    await using cache = await temporaryDir();
    const store = blobStore(cache.path);
    const { image, wanted } = await resolved('httpbin', blobStore(join(dir.path, 'look')));
    await registry.fault({ kind: 'slow', path: await layerOf('httpbin') });
    const run = scope();
    const pulling = pullLayers([{ image, wanted }], { client: clientWith(300), store }, run);
    await expect(pulling).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE', exitCode: 4 });
    await registry.fault(undefined);
    expect(run.said.filter((line) => line.includes('nothing came from'))).toHaveLength(2);
    expect(await readdir(cache.path)).toEqual([]);
    await pullLayers([{ image, wanted }], { client: clientWith(20_000), store }, scope());
    expect(await readdir(cache.path)).toHaveLength(1);
  });
});
