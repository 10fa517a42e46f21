import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { layoutOf } from '../../../../src/images/bundle/layout.ts';
import { parseManifest } from '../../../../src/images/bundle/manifest.ts';
import { inPieces } from '../../../../src/images/bundle/pack-blob.ts';
import { readBlob, readHead, verifyFile } from '../../../../src/images/bundle/read-bundle.ts';
import { BASE, type BundleDir, bundleDir, inChunks, QUIET, sha256 } from '../../../support/small-bundle.ts';

let dir: BundleDir;
let good: string;
let bytes: Buffer;

beforeAll(async () => {
  dir = await bundleDir();
  good = (await dir.create('good.bundle')).path;
  bytes = await readFile(good);
});
afterAll(async () => dir[Symbol.asyncDispose]());

/** Reads a bundle as far as `up` does before it uses anything; gives the code of the refusal. */
async function refusal(path: string): Promise<string> {
  try {
    await verifyFile(await readHead(path), QUIET);
    return 'accepted';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

async function changed(name: string, content: Buffer): Promise<string> {
  const path = join(dir.path, name);
  await writeFile(path, content);
  return path;
}

describe('a bundle', () => {
  it('has the same bytes when it is made again, and whatever form the engine exports in', async () => {
    const digests = await Promise.all([
      dir.create('again.bundle').then((made) => made.digest),
      dir.create('containerd.bundle', { form: 'containerd' }).then((made) => made.digest),
    ]);
    expect(digests).toEqual([sha256(bytes), sha256(bytes)]);
  });

  it('leaves nothing beside itself', async () => {
    expect(
      (await readdir(dir.path)).filter((name) => name.startsWith('.') || name.includes('partial')),
    ).toEqual([]);
  });

  it('gives back every part as it went in', async () => {
    const head = await readHead(good);
    const { engine } = head.manifest.images;
    const lowest = new Set(engine.map(({ layers }) => layers[0]?.digest));
    expect([...lowest]).toEqual([`sha256:${sha256(BASE)}`]);
    expect(await buffer(readBlob(head, `sha256:${sha256(BASE)}`))).toEqual(BASE);
    for (const { digest } of head.manifest.blobs)
      expect(`sha256:${sha256(await buffer(readBlob(head, digest)))}`).toBe(digest);
  });

  it('says its own digest, as sha256sum would', async () => {
    expect(await verifyFile(await readHead(good), QUIET)).toBe(sha256(bytes));
  });

  it('is an archive that other tools read: the layout is that of its tar headers', async () => {
    const { manifest } = await readHead(good);
    for (const [digest, { at, blob }] of layoutOf(manifest).blobs) {
      const header = bytes.toString('latin1', at - 512, at);
      expect(header).toContain(`blobs/sha256/${digest.slice(7)}.zst`);
      expect(Number.parseInt(header.slice(124, 135), 8)).toBe(blob.stored);
    }
  });
});

describe('a changed bundle is refused before anything of it is used', () => {
  it('whichever byte was changed, in whatever way', async () => {
    const path = join(dir.path, 'flipped.bundle');
    const positions = fc.nat(bytes.length - 1);
    await fc.assert(
      fc.asyncProperty(positions, fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] ?? 0) ^ mask;
        await writeFile(path, flipped);
        expect(await refusal(path)).toMatch(/^BUNDLE_(DAMAGED|UNSUPPORTED)$/);
      }),
      { numRuns: 150 },
    );
  });

  it('all over its first header, and in each byte of its last line', async () => {
    const path = join(dir.path, 'flipped.bundle');
    const places = [
      ...Array.from({ length: 128 }, (_, at) => at * 4 + (at % 4)),
      ...Array.from({ length: 72 }, (_, at) => bytes.length - 1 - at),
    ];
    for (const at of places) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      await writeFile(path, flipped);
      expect({ at, code: await refusal(path) }).toEqual({ at, code: 'BUNDLE_DAMAGED' });
    }
  });

  it('cut at any length, and says how much is there', async () => {
    for (const length of [0, 1, 511, 512, 513, 2000, bytes.length - 73, bytes.length - 1]) {
      const path = await changed('cut.bundle', bytes);
      await truncate(path, length);
      expect({ length, code: await refusal(path) }).toEqual({ length, code: 'BUNDLE_DAMAGED' });
    }
    const path = await changed('cut.bundle', bytes.subarray(0, -1));
    await expect(readHead(path)).rejects.toThrow(
      `it is truncated: it has ${bytes.length - 1} of ${bytes.length} bytes`,
    );
  });

  it('with something after its end', async () => {
    expect(await refusal(await changed('long.bundle', Buffer.concat([bytes, Buffer.from('x')])))).toBe(
      'BUNDLE_DAMAGED',
    );
  });

  it('when it is no bundle, not there, or a directory', async () => {
    expect(await refusal(await changed('text', Buffer.from('hello\n'.repeat(500))))).toBe('BUNDLE_DAMAGED');
    expect(await refusal(join(dir.path, 'nothing'))).toBe('BUNDLE_UNREADABLE');
    expect(await refusal(dir.path)).toBe('BUNDLE_UNREADABLE');
  });

  it('in a part of it, after it was verified', async () => {
    const path = await changed('later.bundle', bytes);
    const head = await readHead(path);
    await verifyFile(head, QUIET);
    const extent = head.layout.blobs.get(`sha256:${sha256(BASE)}`);
    const swapped = Buffer.from(bytes);
    swapped.fill(7, extent?.at, (extent?.at ?? 0) + (extent?.blob.stored ?? 0));
    await writeFile(path, swapped);
    await expect(buffer(readBlob(head, `sha256:${sha256(BASE)}`))).rejects.toMatchObject({
      code: 'BUNDLE_DAMAGED',
    });
  });
});

describe('a manifest', () => {
  const text = (change: (manifest: Record<string, unknown>) => void): string => {
    const manifest: Record<string, unknown> = JSON.parse(JSON.stringify(parsedGood()));
    change(manifest);
    return JSON.stringify(manifest);
  };
  const parsedGood = () => {
    const parsed = parseManifest(bytes.toString('utf8', 512, bytes.indexOf('\n', 512)));
    if (parsed.kind !== 'good') throw new Error(parsed.kind);
    return parsed.manifest;
  };

  it('of another form is told from one that is broken', () => {
    expect(parseManifest(text((manifest) => (manifest['schemaVersion'] = '2')))).toEqual({
      kind: 'other-version',
      schemaVersion: '2',
    });
    expect(parseManifest(text((manifest) => (manifest['surprise'] = 1)))).toMatchObject({ kind: 'bad' });
    expect(parseManifest('{')).toMatchObject({ kind: 'bad' });
  });

  it('must list whatever it needs, once', () => {
    const { blobs, roles } = parsedGood();
    expect(parseManifest(text((manifest) => (manifest['blobs'] = blobs.slice(1))))).toMatchObject({
      kind: 'bad',
    });
    expect(parseManifest(text((manifest) => (manifest['blobs'] = [...blobs, blobs[0]])))).toMatchObject({
      kind: 'bad',
    });
    expect(
      parseManifest(text((manifest) => (manifest['roles'] = { ...roles, node: 'meshdev.local/other:1' }))),
    ).toMatchObject({ kind: 'bad' });
  });

  it('names programs only, never paths', () => {
    const tools = [{ name: '../../bin/sh', blob: parsedGood().blobs[0]?.digest }];
    expect(parseManifest(text((manifest) => (manifest['tools'] = tools)))).toMatchObject({ kind: 'bad' });
  });
});

describe('pieces', () => {
  it('are of one size however the bytes came, and lose nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 500 }),
        fc.integer({ min: 1, max: 60 }),
        async (given, size) => {
          const pieces: Buffer[] = [];
          for await (const piece of inPieces(inChunks(Buffer.from(given), size), 64)) pieces.push(piece);
          expect(Buffer.concat(pieces)).toEqual(Buffer.from(given));
          expect(pieces.slice(0, -1).every((piece) => piece.length === 64)).toBe(true);
        },
      ),
    );
  });
});
