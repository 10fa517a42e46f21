import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { dropFromNode, loadIntoNode, missingFrom } from '../../../src/images/node-load.ts';
import { packImages } from '../../../src/images/oci-archive.ts';
import { bytesOfImages, type OciImage } from '../../../src/images/oci-image.ts';
import type { NodeImages } from '../../../src/ports/image-source.ts';
import { createFakeEngine } from '../../support/fake-engine.ts';
import type { FakeEngineOptions } from '../../support/fake-engine-options.ts';

const signal = AbortSignal.timeout(60_000);
const run = { signal, progress: () => undefined };

const CONTENT = new Map(
  ['manifest', 'config', 'layer'].map((text) => [
    `sha256:${createHash('sha256').update(text).digest('hex')}`,
    Buffer.from(text),
  ]),
);
const [manifest, config, layer] = [...CONTENT].map(([digest, bytes]) => ({
  mediaType: 'application/octet-stream',
  digest,
  size: bytes.length,
}));
const blank = { mediaType: '', digest: 'sha256:', size: 0 };
const IMAGE: OciImage = {
  name: 'meshdev.local/some/app:1',
  manifest: manifest ?? blank,
  config: config ?? blank,
  layers: [layer ?? blank],
};
const open = (digest: string) => Readable.from([CONTENT.get(digest) ?? Buffer.alloc(0)]);
const WANTED: NodeImages = {
  images: [{ name: IMAGE.name, digest: IMAGE.manifest.digest }],
  bytes: bytesOfImages([IMAGE]),
  open: () => packImages([IMAGE], open),
};

const row = (digest: string, status = 'complete') =>
  `REF TYPE DIGEST STATUS SIZE UNPACKED\n${IMAGE.name} application/vnd.oci.image.manifest.v1+json ${digest} ${status} (2/2) 1.0 MiB/1.0 MiB false\n`;

/** An engine with one node, in which programs do as `exec` says. */
async function nodeWith(exec: NonNullable<FakeEngineOptions['exec']>) {
  const engine = createFakeEngine({
    exec,
    images: [{ id: 'i', tags: ['node'], labels: {}, sizeBytes: 0 }],
  });
  await engine.networks.ensure({ name: 'net', labels: {}, ipv6: false }, signal);
  const id = await engine.containers.create(
    { name: 'node', image: 'node', labels: {}, network: 'net' },
    signal,
  );
  await engine.containers.start(id, signal);
  return engine;
}

describe('an archive of images', () => {
  it('holds each blob once, under its digest, and gives the same bytes twice', async () => {
    const twice = await Promise.all(
      [IMAGE, IMAGE].map(async () => buffer(await packImages([IMAGE, { ...IMAGE, name: 'x/y:2' }], open))),
    );
    expect(twice[0]?.equals(twice[1] ?? Buffer.alloc(0))).toBe(true);
    const names: string[] = [];
    const reader = extract();
    reader.end(twice[0]);
    for await (const entry of reader) {
      names.push(entry.header.name);
      entry.resume();
    }
    expect(names.slice(0, 3)).toEqual(['oci-layout', 'index.json', 'manifest.json']);
    expect(names.slice(3)).toEqual(
      [...CONTENT.keys()].toSorted().map((digest) => `blobs/sha256/${digest.slice(7)}`),
    );
  });

  it('fails when a blob does', async () => {
    const broken = () => Readable.from(gone());
    await expect(buffer(await packImages([IMAGE], broken))).rejects.toThrow(/disk is gone/);
  });
});

async function* gone(): AsyncGenerator<Buffer> {
  yield Buffer.from('x');
  throw new Error('the disk is gone');
}

describe('what a node lacks', () => {
  const [wanted] = WANTED.images;
  it.each([
    ['nothing', row(IMAGE.manifest.digest), []],
    ['an image that is not there', 'REF TYPE DIGEST\n', [`${IMAGE.name} is missing in the node`]],
    [
      'another image of that name',
      row('sha256:other'),
      [`${IMAGE.name} is sha256:other, expected ${wanted?.digest}`],
    ],
    [
      'an image without one of its parts',
      row(IMAGE.manifest.digest, 'incomplete'),
      [`${IMAGE.name} is incomplete`],
    ],
  ])('%s', (_, table, missing) => {
    expect(missingFrom(table, WANTED.images)).toEqual(missing);
  });
});

describe('loading into a node', () => {
  const ended = (exitCode: number, stdout = '', stderr = '') => ({
    exitCode,
    stdout: Buffer.from(stdout),
    stderr: Buffer.from(stderr),
  });
  async function nodeThat(importing: 'works' | 'lies' | 'fails' | 'swaps', sent: number[] = []) {
    let held = '';
    const exec: NonNullable<FakeEngineOptions['exec']> = (_, { argv, stdin }) => {
      if (argv.includes('check')) return ended(0, held);
      sent.push(stdin?.length ?? 0);
      if (importing === 'fails') return ended(1, '', 'ctr: no space left on device');
      held =
        importing === 'works' ? row(IMAGE.manifest.digest) : importing === 'swaps' ? row('sha256:other') : '';
      return ended(0);
    };
    return nodeWith(exec);
  }

  it('sends one archive, and nothing when all is there', async () => {
    const sent: number[] = [];
    const engine = await nodeThat('works', sent);
    await loadIntoNode(engine, 'node', WANTED, run);
    await loadIntoNode(engine, 'node', WANTED, run);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toBeGreaterThan(3_000);
  });

  it.each([
    ['fails', /no space left on device/],
    ['lies', /is missing in the node/],
    ['swaps', /is sha256:other, expected/],
  ] as const)('is refused when the import %s', async (importing, message) => {
    const engine = await nodeThat(importing);
    const failure = loadIntoNode(engine, 'node', WANTED, run);
    await expect(failure).rejects.toMatchObject({ code: 'IMAGE_NOT_IN_NODE' });
    await expect(failure).rejects.toThrow(message);
  });
});

describe('images that a node no longer needs', () => {
  const names = [
    'meshdev.local/service/a:1',
    'meshdev.local/service/a:2',
    'meshdev.local/guest:1',
    'sha256:ab',
  ];
  const wish = { prefix: 'meshdev.local/service/', keep: new Set(['meshdev.local/service/a:2']) };

  async function engineWith(removeExit: number) {
    const ran: (readonly string[])[] = [];
    const exec: NonNullable<FakeEngineOptions['exec']> = (_, { argv }) => {
      ran.push(argv);
      const lists = argv.includes('list');
      return {
        exitCode: lists ? 0 : removeExit,
        stdout: Buffer.from(lists ? `${names.join('\n')}\n` : ''),
        stderr: Buffer.from(lists ? '' : 'image is in use'),
      };
    };
    return { engine: await nodeWith(exec), ran };
  }

  it('are removed by name, and nothing else is', async () => {
    const { engine, ran } = await engineWith(0);
    expect(await dropFromNode(engine, 'node', wish, signal)).toEqual(['meshdev.local/service/a:1']);
    expect(ran.at(-1)?.slice(-2)).toEqual(['remove', 'meshdev.local/service/a:1']);
  });

  it('are not asked for where there are none', async () => {
    const { engine, ran } = await engineWith(1);
    const keep = new Set(names);
    expect(await dropFromNode(engine, 'node', { ...wish, keep }, signal)).toEqual([]);
    expect(ran).toHaveLength(1);
  });

  it('are an error where the node refuses', async () => {
    const { engine } = await engineWith(1);
    await expect(dropFromNode(engine, 'node', wish, signal)).rejects.toMatchObject({
      code: 'IMAGE_NOT_IN_NODE',
      message: expect.stringContaining('image is in use'),
    });
  });
});
