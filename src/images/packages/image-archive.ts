import { createHash } from 'node:crypto';
import { copyFile, link, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LABEL, MANAGED_BY } from '../../topology/labels.ts';
import { EPOCH, type Layer } from './layer.ts';
import type { Json } from './stage.ts';

/** The parts of an image's configuration that images here use. */
export interface ImageConfig {
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly env?: readonly string[];
  readonly user?: string;
  readonly workdir?: string;
  readonly stopSignal?: string;
}

export interface ImageSpec {
  readonly name: string;
  readonly layers: readonly Layer[];
  readonly config: ImageConfig;
}

const OCI = 'application/vnd.oci.image';

interface Blob {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly text: string;
}

/** The directory form of an image archive: OCI layout and `docker save` format in one. */
export async function writeImageLayout(
  dir: string,
  images: readonly ImageSpec[],
  arch: string,
): Promise<void> {
  const blobs = join(dir, 'blobs', 'sha256');
  await mkdir(blobs, { recursive: true });
  const made = images.map((image) => describeImage(image, arch));
  for (const { config, manifest } of made)
    for (const one of [config, manifest]) await writeFile(join(blobs, hex(one)), one.text);
  const layers = new Map(images.flatMap((image) => image.layers).map((layer) => [layer.digest, layer]));
  for (const layer of layers.values()) await linkOrCopy(layer.path, join(blobs, layer.digest));
  await writeFile(join(dir, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  await writeFile(
    join(dir, 'index.json'),
    JSON.stringify({ schemaVersion: 2, manifests: made.map((one) => one.entry) }),
  );
  await writeFile(join(dir, 'manifest.json'), JSON.stringify(made.map((one) => one.docker)));
}

/** Config, manifest and the two index entries of one image. Pure. */
export function describeImage(image: ImageSpec, arch: string) {
  const config = blob(`${OCI}.config.v1+json`, configOf(image, arch));
  const layers = image.layers.map((layer) => ({
    mediaType: `${OCI}.layer.v1.tar`,
    digest: `sha256:${layer.digest}`,
    size: layer.size,
  }));
  const manifest = blob(`${OCI}.manifest.v1+json`, {
    schemaVersion: 2,
    mediaType: `${OCI}.manifest.v1+json`,
    config: descriptor(config),
    layers,
  });
  const annotations = {
    'io.containerd.image.name': image.name,
    'org.opencontainers.image.ref.name': tagOf(image.name),
  };
  return {
    config,
    manifest,
    entry: { ...descriptor(manifest), annotations },
    docker: {
      Config: `blobs/sha256/${hex(config)}`,
      RepoTags: [image.name],
      Layers: image.layers.map((layer) => `blobs/sha256/${layer.digest}`),
    },
  };
}

function configOf(image: ImageSpec, arch: string): Json {
  const created = new Date(EPOCH * 1000).toISOString();
  const { entrypoint, cmd, env, user, workdir, stopSignal } = image.config;
  return {
    architecture: arch,
    os: 'linux',
    created,
    config: {
      Labels: { [LABEL.managedBy]: MANAGED_BY },
      ...(entrypoint === undefined ? {} : { Entrypoint: entrypoint }),
      ...(cmd === undefined ? {} : { Cmd: cmd }),
      ...(env === undefined ? {} : { Env: env }),
      ...(user === undefined ? {} : { User: user }),
      ...(workdir === undefined ? {} : { WorkingDir: workdir }),
      ...(stopSignal === undefined ? {} : { StopSignal: stopSignal }),
    },
    rootfs: { type: 'layers', diff_ids: image.layers.map((layer) => `sha256:${layer.digest}`) },
    history: image.layers.map(() => ({ created, created_by: 'meshdev' })),
  };
}

function blob(mediaType: string, content: Json): Blob {
  const text = JSON.stringify(content);
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  return { mediaType, digest, size: Buffer.byteLength(text), text };
}

function descriptor({ mediaType, digest, size }: Blob) {
  return { mediaType, digest, size };
}

function hex({ digest }: Blob): string {
  return digest.slice('sha256:'.length);
}

function tagOf(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch {
    // Another file system: the archive is then built from a copy.
    await copyFile(from, to);
  }
}
