import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach } from 'vitest';
import { z } from 'zod';
import { createRegistryClient } from '../../../src/images/registry/client.ts';
import { createGet } from '../../../src/images/registry/http.ts';
import { EMPTY_LOCK } from '../../../src/images/registry/lock-file.ts';
import { pinnedImages } from '../../../src/images/registry/pins.ts';
import { resolveImage } from '../../../src/images/registry/resolve-image.ts';
import { type BlobStore, blobStore } from '../../../src/images/registry/store.ts';
import { MESHDEV } from '../../support/e2e-home.ts';
import { type Ended, type Environment, exited, must, runProgram } from '../../support/e2e-program.ts';
import { DOCKER_ARCH, tinyLayout, tinyTools } from '../../support/registry/fill.ts';
import { type Registry, startRegistry } from '../../support/registry/registry-server.ts';
import { scope, temporaryDir } from './workshop.ts';

/** A real registry whose images are tiny; nothing of them is ever run. */
export interface TinyRegistry extends AsyncDisposable {
  readonly registry: Registry;
  readonly dir: string;
  /** A user who has pulled nothing yet. */
  user(options?: UserOptions): Promise<RegistryUser>;
  /** Names that the engine has for the images of this registry. */
  references(): Promise<ReadonlySet<string>>;
  /** Removes from the engine what users loaded into it. */
  unload(): Promise<void>;
  resolved(id: TinyImage, store?: BlobStore): ReturnType<typeof resolveTiny>;
  /** The digest of the layer of an image, which is in the path of requests for it. */
  layerOf(id: TinyImage): Promise<string>;
}

type TinyImage = 'httpbin' | 'edge';

interface UserOptions {
  /** The guest image was made before: making it takes most of the time. */
  readonly guest?: boolean;
  /** As `docker login` left it. */
  readonly docker?: object;
  readonly env?: Environment;
  /** Another program than the built one, with its first arguments. */
  readonly program?: readonly string[];
}

export interface RegistryUser extends AsyncDisposable {
  readonly env: Environment;
  readonly store: string;
  build(...options: readonly string[]): Promise<Ended>;
  meshdev(...argv: readonly string[]): Promise<Ended>;
  /** Everything that the program says it holds, without what other tests of the machine do meanwhile. */
  list(): Promise<readonly { readonly name: string; readonly digest: string }[]>;
  partial(): Promise<readonly string[]>;
}

/** One for all tests of a file, which begin without a fault and without images in the engine. */
export async function tinyRegistryOfFile(): Promise<TinyRegistry> {
  const tiny = await startTinyRegistry();
  afterAll(() => tiny[Symbol.asyncDispose]());
  afterEach(async () => {
    await tiny.registry.fault(undefined);
    await tiny.unload();
  });
  return tiny;
}

export async function startTinyRegistry(): Promise<TinyRegistry> {
  const dir = await temporaryDir();
  const registry = await startRegistry(await tinyLayout(dir.path), await tinyTools(dir.path));
  const loaded = new Set<string>();
  const references = new Set<string>();
  const shared = { registry, kept: join(dir.path, 'guest'), loaded, references };
  const unload = async (): Promise<void> => {
    if (loaded.size > 0) await runProgram('docker', ['image', 'rm', ...loaded]);
    loaded.clear();
  };
  const look = blobStore(join(dir.path, 'look'));
  return {
    registry,
    dir: dir.path,
    user: (options = {}) => freshUser(shared, options),
    references: async () => {
      if (references.size > 0) return references;
      await using first = await freshUser(shared, {});
      exited(await first.build(), 0);
      await unload();
      return references;
    },
    unload,
    resolved: (id, store = look) => resolveTiny(registry, id, store),
    layerOf: async (id) => (await resolveTiny(registry, id, look)).image.layers[0]?.digest ?? 'none',
    [Symbol.asyncDispose]: async () => {
      await registry[Symbol.asyncDispose]();
      await dir[Symbol.asyncDispose]();
    },
  };
}

export function clientWith(stallMs: number) {
  const get = createGet({ env: {}, direct: [], stallMs, authorities: () => [] });
  return createRegistryClient(get, async () => ({}));
}

async function resolveTiny({ address }: Registry, id: TinyImage, store: BlobStore) {
  const pins = pinnedImages({ profile: 'stock', mirror: { '*': address } }, EMPTY_LOCK, 'none');
  const wanted = pins.find((one) => one.id === id);
  if (wanted === undefined) throw new Error(`no pin ${id}`);
  const context = { client: clientWith(20_000), store };
  return { wanted, ...(await resolveImage(wanted, `linux/${DOCKER_ARCH}`, context, scope())) };
}

interface Shared {
  readonly registry: Registry;
  /** Where the guest image of the first user is kept. */
  readonly kept: string;
  /** What is in the engine by now, and what ever was. */
  readonly loaded: Set<string>;
  readonly references: Set<string>;
}

async function freshUser(
  { registry, kept, loaded, references }: Shared,
  { guest = true, docker, env: more, program = [MESHDEV] }: UserOptions,
): Promise<RegistryUser> {
  const home = await temporaryDir();
  const store = join(home.path, 'cache/meshdev/registry');
  if (guest) await cp(kept, store, { recursive: true, force: true }).catch(() => undefined);
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
    ...more,
  };
  if (docker !== undefined) {
    await mkdir(join(home.path, 'docker'));
    await writeFile(join(home.path, 'docker/config.json'), JSON.stringify(docker));
  }
  const [command = '', ...first] = program;
  const meshdev = (...argv: readonly string[]): Promise<Ended> =>
    runProgram(command, [...first, ...argv], { cwd: home.path, env });
  return {
    env,
    store,
    build: async (...options) => {
      const ended = await meshdev('images', 'build', ...options);
      for (const line of ended.stdout.split('\n'))
        if (line.startsWith('meshdev.local/')) for (const set of [loaded, references]) set.add(line);
      if (ended.exitCode === 0) await keepGuest(store, kept);
      return ended;
    },
    meshdev,
    list: async () =>
      Listed.parse(JSON.parse(exited(await meshdev('images', 'list', '-o', 'json'), 0).stdout)).pulled,
    partial: async () => {
      const blobs = await readdir(join(store, 'blobs')).catch(() => []);
      return blobs.filter((name) => name.startsWith('.'));
    },
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  };
}

/** Keeps the guest image that this user made. */
async function keepGuest(store: string, kept: string): Promise<void> {
  const records = join(store, 'guest');
  const [record = 'none'] = await readdir(records);
  const { manifest, config, layers } = Guest.parse(JSON.parse(await readFile(join(records, record), 'utf8')));
  await cp(records, join(kept, 'guest'), { recursive: true });
  for (const { digest } of [manifest, config, ...layers.slice(-1)]) {
    const blob = join('blobs', digest.replace('sha256:', ''));
    await cp(join(store, blob), join(kept, blob));
  }
}

const Blob = z.object({ digest: z.string() });
const Guest = z.object({ manifest: Blob, config: Blob, layers: z.array(Blob) });
const Listed = z.object({ pulled: z.array(z.object({ name: z.string(), digest: z.string() })) });
