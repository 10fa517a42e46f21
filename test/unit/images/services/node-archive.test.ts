import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeImagesOf } from '../../../../src/images/services/node-archive.ts';
import type { ContainerEngine } from '../../../../src/ports/container-engine.ts';
import { createFakeEngine } from '../../../support/fake-engine.ts';
import { run } from './project.ts';

const REFERENCE = 'meshdev.local/service/orders:0123456789abcdef';
const LAYERS = [Buffer.from('base '.repeat(500)), Buffer.from('orders')];

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const CONFIG = Buffer.from(
  JSON.stringify({
    os: 'linux',
    architecture: 'amd64',
    rootfs: { type: 'layers', diff_ids: LAYERS.map((layer) => `sha256:${sha256(layer)}`) },
  }),
);

type Form = 'docker 20.10' | 'docker 25' | 'docker 29 with the store of containerd';

/** What an engine of this kind exports. */
function exportOf(form: Form): Promise<Buffer> {
  const archive = pack();
  const blob = (content: Buffer): string => {
    const name = `blobs/sha256/${sha256(content)}`;
    archive.entry({ name }, content);
    return name;
  };
  const old = form === 'docker 20.10';
  const packed = form.startsWith('docker 29') ? LAYERS.map((layer) => gzipSync(layer)) : LAYERS;
  const layers = packed.map((layer, at) => {
    if (!old) return blob(layer);
    archive.entry({ name: `${at}/layer.tar` }, layer);
    return `${at}/layer.tar`;
  });
  if (old) archive.entry({ name: `${sha256(CONFIG)}.json` }, CONFIG);
  const config = old ? `${sha256(CONFIG)}.json` : blob(CONFIG);
  if (!old) {
    archive.entry({ name: 'oci-layout' }, '{"imageLayoutVersion":"1.0.0"}');
    archive.entry({ name: 'index.json' }, JSON.stringify({ schemaVersion: 2, manifests: [] }));
  }
  archive.entry(
    { name: 'manifest.json' },
    JSON.stringify([{ Config: config, RepoTags: [REFERENCE], Layers: layers }]),
  );
  archive.finalize();
  return buffer(archive);
}

let dir: string;
let saves: number;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'meshdev-node-archive-'));
  saves = 0;
});
afterEach(() => rm(dir, { recursive: true, force: true }));

function engineOf(form: Form): ContainerEngine {
  const fake = createFakeEngine();
  return {
    ...fake,
    images: {
      ...fake.images,
      save: async (_references, read) => {
        saves += 1;
        const bytes = await exportOf(form);
        return read(
          (async function* whole() {
            yield bytes;
          })(),
        );
      },
    },
  };
}

const made = (form: Form, id = '1'.repeat(64)) =>
  nodeImagesOf(engineOf(form), { reference: REFERENCE, id: `sha256:${id}` }, dir, run);

describe('the archive of an image for a node', () => {
  it('is the same whichever engine exports the image', async () => {
    const forms: readonly Form[] = ['docker 20.10', 'docker 25', 'docker 29 with the store of containerd'];
    const seen = await Promise.all(
      forms.map(async (form, index) => {
        const archive = await made(form, `${index}`.repeat(64));
        return { images: archive.images, bytes: sha256(await buffer(await archive.open())) };
      }),
    );
    expect(new Set(seen.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(seen[0]?.images).toEqual([
      { name: REFERENCE, digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) },
    ]);
  });

  it('is exported once to be compared and sent, and only to be sent where its parts are recorded', async () => {
    const first = await made('docker 20.10');
    expect(saves).toBe(1);
    const bytes = await buffer(await first.open());
    expect(saves).toBe(1);
    const again = await made('docker 20.10');
    expect([saves, again.images, again.bytes]).toEqual([1, first.images, first.bytes]);
    expect((await buffer(await again.open())).equals(bytes)).toBe(true);
    expect((await buffer(await again.open())).equals(bytes)).toBe(true);
    expect(saves).toBe(3);
  });

  it('leaves nothing but the record', async () => {
    await buffer(await (await made('docker 25')).open());
    await expect.poll(() => readdir(dir)).toEqual([`${'1'.repeat(64)}.json`]);
    const stopped = await (await made('docker 25')).open();
    stopped.destroy();
    await setTimeout(20);
    await expect.poll(() => readdir(dir)).toEqual([`${'1'.repeat(64)}.json`]);
  });

  it('is exported anew where the record cannot be read', async () => {
    const { images } = await made('docker 20.10');
    await writeFile(join(dir, `${'1'.repeat(64)}.json`), '{"manifest":');
    expect((await made('docker 20.10')).images).toEqual(images);
    expect(saves).toBe(2);
  });
});
