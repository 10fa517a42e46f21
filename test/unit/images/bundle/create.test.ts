import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unwritable } from '../../../../src/images/bundle/problems.ts';
import { type BundleDir, bundleDir } from '../../../support/small-bundle.ts';

let dir: BundleDir;
beforeAll(async () => (dir = await bundleDir()));
afterAll(async () => dir[Symbol.asyncDispose]());

describe('creating a bundle', () => {
  it('refuses layers that are not what the configuration says', async () => {
    await expect(dir.create('corrupt.bundle', { corrupt: true })).rejects.toMatchObject({
      code: 'ENGINE_CALL_FAILED',
      message: expect.stringContaining('its configuration lists'),
    });
    expect(await readdir(dir.path)).not.toContain('corrupt.bundle');
  });

  it('replaces a bundle, and nothing that is none', async () => {
    await dir.create('one.bundle');
    expect((await dir.create('one.bundle', { architecture: 'arm64' })).manifest.platform.images).toBe(
      'linux/arm64',
    );
    const notes = join(dir.path, 'notes.txt');
    await writeFile(notes, 'mine\n');
    await expect(dir.create('notes.txt')).rejects.toMatchObject({ code: 'BUNDLE_NOT_WRITABLE' });
    expect(await readFile(notes, 'utf8')).toBe('mine\n');
  });

  it('says so when it cannot write there, and leaves nothing', async () => {
    await mkdir(join(dir.path, 'taken'));
    await expect(dir.create('taken')).rejects.toMatchObject({ code: 'BUNDLE_NOT_WRITABLE' });
    await expect(dir.create('no/such/place.bundle')).rejects.toMatchObject({ code: 'BUNDLE_NOT_WRITABLE' });
    expect((await readdir(dir.path)).filter((name) => name.includes('partial'))).toEqual([]);
    expect((await readdir(dir.path)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('tells a full disk from everything else', () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    expect(unwritable('/media/lab.bundle', full)).toMatchObject({
      code: 'DISK_FULL',
      remedies: ['df -h /media/', expect.stringContaining('meshdev bundle create')],
    });
    expect(unwritable('/media/lab.bundle', new Error('EROFS'))).toMatchObject({
      code: 'BUNDLE_NOT_WRITABLE',
    });
  });
});
