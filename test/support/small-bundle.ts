import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { type BundleContent, createBundle, type MadeBundle } from '../../src/images/bundle/create-bundle.ts';
import type { Images } from '../../src/ports/container-engine.ts';
import type { LabTools } from '../../src/ports/image-source.ts';

/** A layer is any bytes here: nothing of meshdev looks into one. */
export const BASE = Buffer.from('base '.repeat(900));
const ROLES = { node: 'meshdev.local/node:1', edge: 'meshdev.local/edge:1', guest: 'meshdev.local/guest:1' };
const LAYERS = { [ROLES.node]: ['node'], [ROLES.edge]: ['edge'], [ROLES.guest]: ['guest', 'more'] };

export const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

export interface SmallOptions {
  /** How the engine hands layers out: as they are with links for what is shared, or compressed by digest. */
  readonly form?: 'classic' | 'containerd';
  readonly architecture?: string;
  readonly expects?: Readonly<Record<string, string>>;
  /** What the engine sends instead of the layers that the configurations name. */
  readonly corrupt?: boolean;
}

/** What an engine exports for three images that share their lowest layer. */
async function exportedArchive(options: SmallOptions = {}): Promise<Buffer> {
  const archive = pack();
  const add = (name: string, content: Buffer): void => void archive.entry({ name }, content);
  let baseAt: string | undefined;
  const index = Object.entries(LAYERS).map(([reference, names]) => {
    const layers = [BASE, ...names.map((name) => Buffer.from(`layer of ${name}`))];
    const config = configOf(layers, options.architecture ?? 'amd64');
    const configName = `${sha256(config)}.json`;
    add(configName, Buffer.from(config));
    const paths = layers.map((layer, at) => {
      const path =
        options.form === 'containerd'
          ? `blobs/sha256/${sha256(gzipSync(layer))}`
          : `${reference.slice(14, 18)}${at}/layer.tar`;
      if (options.form === 'containerd') add(path, gzipSync(layer));
      else if (at === 0 && baseAt !== undefined)
        archive.entry({ name: path, type: 'symlink', linkname: `../${baseAt}` });
      else add(path, options.corrupt === true ? Buffer.from('something else') : layer);
      if (at === 0) baseAt ??= path;
      return path;
    });
    return { Config: configName, RepoTags: [reference], Layers: paths };
  });
  add('manifest.json', Buffer.from(JSON.stringify(index)));
  archive.finalize();
  return buffer(archive);
}

function configOf(layers: readonly Buffer[], architecture: string): string {
  const diffIds = layers.map((layer) => `sha256:${sha256(layer)}`);
  return JSON.stringify({ architecture, os: 'linux', rootfs: { type: 'layers', diff_ids: diffIds } });
}

/** A directory of its own for bundles, with two programs to put into them. */
export interface BundleDir extends AsyncDisposable {
  readonly path: string;
  create(name: string, options?: SmallOptions): Promise<MadeBundle>;
}

export const QUIET = {
  // Anew for whoever asks: this module is shared by files that run one after another.
  get signal() {
    return AbortSignal.timeout(60_000);
  },
  progress: (): undefined => undefined,
};
export const EXPECTS = { istio: 'hub 1.31', 'guest code': 'c0de' };

export async function bundleDir(): Promise<BundleDir> {
  const path = await mkdtemp(join(tmpdir(), 'bundle-'));
  const tools = { kind: join(path, 'kind'), istioctl: join(path, 'istioctl') };
  await writeFile(tools.kind, '#!/bin/sh\necho kind\n');
  await writeFile(tools.istioctl, '#!/bin/sh\necho istioctl\n');
  return {
    path,
    create: async (name, options = {}) =>
      createBundle(join(path, name), await contentOf(tools, options), QUIET),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

async function contentOf(tools: LabTools, options: SmallOptions): Promise<BundleContent> {
  const archive = await exportedArchive(options);
  const images: Pick<Images, 'save'> = { save: (_, read) => read(inChunks(archive, 1000)) };
  return {
    provided: { images: ROLES, tools, digest: 'content-1' },
    services: [],
    source: 'packages',
    profile: 'stock',
    images,
    toolPlatform: 'linux/amd64',
    meshdev: '0.1.0',
    expects: options.expects ?? EXPECTS,
  };
}

export async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
