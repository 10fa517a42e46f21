import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { ProcessRunner } from '../../ports/process-runner.ts';
import type { RunScope } from '../../run/run-scope.ts';
import { LABEL, MANAGED_BY } from '../../topology/labels.ts';
import { IN_CLUSTER_IMAGES } from '../../versions.ts';
import type { OciImage } from '../oci-image.ts';
import { filesBelow } from '../packages/digest.ts';
import { GUEST_CONFIG } from '../packages/in-cluster-images.ts';
import { keyOf } from '../packages/keys.ts';
import { type CodeFile, containerCode, digestOfCode } from '../container-code.ts';
import { digestOfTree } from '../packages/tree-digest.ts';
import { parseJson } from '../../parse-json.ts';
import { parseConfig } from './manifest.ts';
import type { BlobStore } from './store.ts';

export interface GuestInputs {
  readonly runner: ProcessRunner;
  /** The directory `templates` of this project. */
  readonly templatesDir: string;
  /** The compiled package: `dist`. */
  readonly distDir: string;
  /** Where descriptions of finished guest images are kept, by key. */
  readonly dir: string;
  readonly store: BlobStore;
  /** Authorities for pulls, which packages are too. */
  readonly ca?: string;
}

const Blob = z.object({ mediaType: z.string(), digest: z.string(), size: z.number() });
const Kept = z.object({ manifest: Blob, config: Blob, layers: z.array(Blob) });

/** Everything that decides the guest image: its base, the packages, our own code. */
export async function guestKey(inputs: GuestInputs, base: OciImage): Promise<string> {
  const [packages, code] = await Promise.all([
    digestOfTree(join(inputs.templatesDir, 'images', 'guest')),
    digestOfCode(inputs.distDir),
  ]);
  return keyOf({
    recipe: 1,
    base: base.manifest.digest,
    packages,
    code,
    config: JSON.stringify(GUEST_CONFIG),
  });
}

/** The image that was made for this key, or undefined. */
export async function keptGuest({ dir, store }: GuestInputs, key: string): Promise<OciImage | undefined> {
  const text = await readFile(recordPath(dir, key), 'utf8').catch(() => '');
  const kept = Kept.safeParse(parseJson(text)).data;
  if (kept === undefined) return undefined;
  const own = [kept.manifest, kept.config, ...kept.layers.slice(-1)];
  const there = await Promise.all(own.map(({ digest }) => store.has(digest)));
  return there.every(Boolean) ? { name: IN_CLUSTER_IMAGES.guest, ...kept } : undefined;
}

/**
 * Makes the guest image: the base as it was pulled, and on it one layer with the npm packages and our
 * code. No builder and no container is needed, and equal inputs give equal digests.
 */
export async function makeGuest(
  inputs: GuestInputs,
  base: OciImage,
  key: string,
  run: RunScope,
): Promise<OciImage> {
  const { store, dir } = inputs;
  run.progress('building the guest image: npm packages');
  const layer = await store.put(await packLayer(inputs, run));
  const baseConfig = (await store.read(base.config.digest))?.toString('utf8') ?? '';
  const config = await store.put(Buffer.from(JSON.stringify(configOn(baseConfig, layer.digest))));
  const oci = 'application/vnd.oci.image';
  const parts = {
    config: { mediaType: `${oci}.config.v1+json`, ...config },
    layers: [
      ...base.layers.map((blob) => ({ ...blob, mediaType: asOci(blob.mediaType) })),
      { mediaType: `${oci}.layer.v1.tar`, ...layer },
    ],
  };
  const document = { schemaVersion: 2, mediaType: `${oci}.manifest.v1+json`, ...parts };
  const manifest = {
    mediaType: document.mediaType,
    ...(await store.put(Buffer.from(JSON.stringify(document)))),
  };
  const made = { manifest, ...parts };
  await mkdir(dir, { recursive: true });
  await writeFile(`${recordPath(dir, key)}.new`, `${JSON.stringify(made)}\n`);
  await rename(`${recordPath(dir, key)}.new`, recordPath(dir, key));
  return { name: IN_CLUSTER_IMAGES.guest, ...made };
}

function recordPath(dir: string, key: string): string {
  return join(dir, `guest-${key}.json`);
}

/** Layers may not be named in Docker's words in a manifest of OCI. Pure. */
function asOci(mediaType: string): string {
  return mediaType === 'application/vnd.docker.image.rootfs.diff.tar.gzip'
    ? 'application/vnd.oci.image.layer.v1.tar+gzip'
    : mediaType;
}

const BaseConfig = z.looseObject({ history: z.array(z.unknown()).optional() });

/** The base's configuration with one more layer, and our own way to start it. Pure. */
function configOn(base: string, diffId: string) {
  const seen = parseConfig(base);
  const history = BaseConfig.safeParse(parseJson(base)).data?.history ?? [];
  const [os = 'linux', architecture = ''] = seen?.platform.split('/') ?? [];
  const { entrypoint, env, user, workdir } = GUEST_CONFIG;
  return {
    architecture,
    os,
    created: new Date(0).toISOString(),
    config: {
      Labels: { [LABEL.managedBy]: MANAGED_BY },
      Entrypoint: entrypoint,
      Env: env,
      User: user,
      WorkingDir: workdir,
    },
    rootfs: { type: 'layers', diff_ids: [...(seen?.diffIds ?? []), diffId] },
    history: [...history, { created: new Date(0).toISOString(), created_by: 'meshdev' }],
  };
}

const HOME = 'opt/meshdev';

async function packLayer(inputs: GuestInputs, run: RunScope): Promise<Buffer> {
  const code = await containerCode(inputs.distDir);
  if (code.length === 0)
    throw new MeshdevError('IMAGE_BUILD_FAILED', {
      message: `building the guest image: ${inputs.distDir} contains no compiled code`,
      remedies: ['npm run build'],
    });
  await mkdir(inputs.dir, { recursive: true });
  const work = await mkdtemp(join(inputs.dir, '.npm-'));
  try {
    await installPackages(inputs, work, run);
    const modules = (await filesBelow(join(work, 'node_modules'))).filter(
      (file) => !/(^|\/)\.(bin|package-lock)/.test(file),
    );
    return await packFiles([
      { to: `${HOME}/package.json`, content: Buffer.from('{"type":"module","private":true}\n') },
      ...(await contents(
        modules.map((file) => ({
          from: join(work, 'node_modules', file),
          to: `${HOME}/node_modules/${file}`,
        })),
      )),
      ...(await contents(code.map(({ from, to }) => ({ from, to: `${HOME}/${to}` })))),
    ]);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Node.js is in the base already: the optional packages that carry it are left out. */
async function installPackages(
  { runner, templatesDir, ca }: GuestInputs,
  work: string,
  { signal }: RunScope,
): Promise<void> {
  await cp(join(templatesDir, 'images', 'guest'), work, { recursive: true });
  const flags = ['--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund', '--prefer-offline'];
  const env = ca === undefined ? {} : { NODE_EXTRA_CA_CERTS: ca };
  await runner.run('npm', ['ci', ...flags], { cwd: work, env, signal });
}

interface PackedFile {
  readonly to: string;
  readonly content: Buffer;
}

function contents(files: readonly CodeFile[]): Promise<readonly PackedFile[]> {
  return Promise.all(files.map(async ({ from, to }) => ({ to, content: await readFile(from) })));
}

/** Sorted, root's, one time stamp. */
async function packFiles(files: readonly PackedFile[]): Promise<Buffer> {
  const { pack } = await import('tar-stream');
  const archive = pack();
  const mtime = new Date(0);
  const dirs = new Set(files.flatMap(({ to }) => parents(to)));
  for (const name of [...dirs].toSorted()) archive.entry({ name, type: 'directory', mode: 0o755, mtime });
  for (const { to, content } of files.toSorted((a, b) => (a.to < b.to ? -1 : 1)))
    archive.entry({ name: to, mode: 0o644, mtime }, content);
  archive.finalize();
  return buffer(archive);
}

function parents(path: string): readonly string[] {
  const dir = dirname(path);
  return dir === '.' ? [] : [...parents(dir), dir];
}
