import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip, createZstdCompress, gzipSync } from 'node:zlib';
import { EPOCH, type Layer } from '../../../src/images/packages/layer.ts';
import type { OciConfig } from './images.ts';

export interface ImageToPublish {
  readonly name: string;
  readonly layers: readonly Layer[];
  readonly config: OciConfig;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

const OCI = 'application/vnd.oci.image';
const CREATED = new Date(EPOCH * 1000).toISOString();
/** The other platform that the projects publish for. */
const FOREIGN: Readonly<Record<string, string>> = { amd64: 'arm64', arm64: 'amd64' };

/**
 * An OCI layout with an index behind every name, as BuildKit publishes images: one manifest for each
 * platform, and one attestation for each manifest. The lowest layer is in gzip, those on it are in zstd.
 */
export async function writePublishedLayout(
  dir: string,
  images: readonly ImageToPublish[],
  arch: string,
): Promise<void> {
  const blobs = join(dir, 'blobs', 'sha256');
  await mkdir(blobs, { recursive: true });
  const pack = packerInto(blobs);
  const put = (mediaType: string, content: Buffer | object): Promise<Descriptor> =>
    putInto(blobs, mediaType, content);
  const manifests: object[] = [];
  for (const { name, layers, config } of images) {
    const packed: Descriptor[] = [];
    for (const [at, layer] of layers.entries()) packed.push(await pack(layer, at === 0 ? 'gzip' : 'zstd'));
    const own = await publish(put, { architecture: arch, os: 'linux', config }, layers.map(diffId), packed);
    const index = await indexOf(put, { own, arch, name });
    manifests.push({ ...index, annotations: { 'io.containerd.image.name': name } });
  }
  await writeFile(join(dir, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  await writeFile(join(dir, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
}

/** Our platform is not the first one, so that nothing is right by chance. */
async function indexOf(
  put: Put,
  { own, arch, name }: { readonly own: Descriptor; readonly arch: string; readonly name: string },
): Promise<Descriptor> {
  const other = FOREIGN[arch] ?? 's390x';
  const foreign = await foreignImage(put, other, name);
  const mediaType = `${OCI}.index.v1+json`;
  return put(mediaType, {
    schemaVersion: 2,
    mediaType,
    manifests: [
      { ...foreign, platform: { architecture: other, os: 'linux' } },
      await attestationOf(put, foreign),
      { ...own, platform: { architecture: arch, os: 'linux' } },
      await attestationOf(put, own),
    ],
  });
}

type Put = (mediaType: string, content: Buffer | object) => Promise<Descriptor>;

async function publish(
  put: Put,
  image: { readonly architecture: string; readonly os: string; readonly config: object },
  diffIds: readonly string[],
  layers: readonly Descriptor[],
): Promise<Descriptor> {
  const config = await put(`${OCI}.config.v1+json`, {
    ...image,
    created: CREATED,
    rootfs: { type: 'layers', diff_ids: diffIds },
    history: layers.map(() => ({ created: CREATED, created_by: 'COPY' })),
  });
  const mediaType = `${OCI}.manifest.v1+json`;
  return put(mediaType, { schemaVersion: 2, mediaType, config, layers });
}

/** Enough to be listed; what takes it by mistake finds nothing to run. */
async function foreignImage(put: Put, architecture: string, name: string): Promise<Descriptor> {
  const tar = Buffer.alloc(10_240);
  tar.write(name, 0);
  const layer = await put(`${OCI}.layer.v1.tar+gzip`, gzipSync(tar));
  return publish(put, { architecture, os: 'linux', config: {} }, [digestOf(tar)], [layer]);
}

async function attestationOf(put: Put, subject: Descriptor): Promise<object> {
  const statement = Buffer.from(
    JSON.stringify({
      _type: 'https://in-toto.io/Statement/v0.1',
      predicateType: 'https://slsa.dev/provenance/v0.2',
      subject: [{ name: '_', digest: { sha256: subject.digest.slice('sha256:'.length) } }],
      predicate: {},
    }),
  );
  const layer = {
    ...(await put('application/vnd.in-toto+json', statement)),
    annotations: { 'in-toto.io/predicate-type': 'https://slsa.dev/provenance/v0.2' },
  };
  const platform = { architecture: 'unknown', os: 'unknown' };
  return {
    ...(await publish(put, { ...platform, config: {} }, [digestOf(statement)], [layer])),
    annotations: {
      'vnd.docker.reference.digest': subject.digest,
      'vnd.docker.reference.type': 'attestation-manifest',
    },
    platform,
  };
}

async function putInto(blobs: string, mediaType: string, content: Buffer | object): Promise<Descriptor> {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
  const digest = digestOf(bytes);
  await writeFile(join(blobs, digest.slice('sha256:'.length)), bytes);
  return { mediaType, digest, size: bytes.length };
}

type Form = 'gzip' | 'zstd';

const PACKERS = {
  gzip: () => createGzip({ level: constants.Z_BEST_SPEED }),
  zstd: () => createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 1 } }),
} as const;

/** Packs each layer once, however many images have it. */
function packerInto(blobs: string): (layer: Layer, form: Form) => Promise<Descriptor> {
  const packed = new Map<string, Promise<Descriptor>>();
  return (layer, form) => {
    const key = `${form} ${layer.digest}`;
    const one = packed.get(key) ?? packLayer(blobs, layer, form);
    packed.set(key, one);
    return one;
  };
}

async function packLayer(blobs: string, layer: Layer, form: Form): Promise<Descriptor> {
  const draft = join(blobs, `.${form}-${layer.digest}`);
  const hash = createHash('sha256');
  let size = 0;
  const meter = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  await pipeline(
    createReadStream(layer.path, { highWaterMark: 1 << 20 }),
    PACKERS[form](),
    meter,
    createWriteStream(draft),
  );
  const hex = hash.digest('hex');
  await rename(draft, join(blobs, hex));
  return { mediaType: `${OCI}.layer.v1.tar+${form}`, digest: `sha256:${hex}`, size };
}

function diffId({ digest }: Layer): string {
  return `sha256:${digest}`;
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
