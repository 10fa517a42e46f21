import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pid } from 'node:process';
import { describe, expect, it } from 'vitest';
import { ensureCache, packagesDir } from '../../../src/images/packages/cache.ts';
import { ensureSpace } from '../../../src/images/packages/disk.ts';
import { lockCache } from '../../../src/images/packages/lock.ts';
import { scope, smallDisk, temporaryDir } from './workshop.ts';

describe('the disk of the cache', () => {
  it('is measured: too small is said before anything is built, with path and figures', async () => {
    await using disk = await smallDisk('16m');
    const need = { purpose: 'the stages', path: join(disk.path, 'not/yet/there'), bytes: 3e9 };
    await expect(ensureSpace([need])).rejects.toMatchObject({ code: 'DISK_FULL', details: { needed: 3e9 } });
    await expect(ensureSpace([{ ...need, bytes: 1e6 }])).resolves.toBeUndefined();
  });

  it('that cannot be written is named', async () => {
    await using disk = await smallDisk('16m', ',ro');
    const cacheDir = join(disk.path, 'cache');
    await expect(ensureCache(cacheDir)).rejects.toMatchObject({
      code: 'CACHE_NOT_WRITABLE',
      message: expect.stringContaining(packagesDir(cacheDir)),
    });
  });

  it('where a file is in the way is named too', async () => {
    await using dir = await temporaryDir();
    await writeFile(join(dir.path, 'cache'), '');
    await expect(ensureCache(join(dir.path, 'cache'))).rejects.toMatchObject({ code: 'CACHE_NOT_WRITABLE' });
  });
});

describe('the lock of the cache', () => {
  async function cacheWithLock(path: string, content: string): Promise<string> {
    await mkdir(packagesDir(path), { recursive: true });
    const lock = join(packagesDir(path), '.lock');
    await writeFile(lock, content);
    return lock;
  }

  it('is held by this process and given back', async () => {
    await using dir = await temporaryDir();
    await ensureCache(dir.path);
    const lock = join(packagesDir(dir.path), '.lock');
    {
      await using _held = await lockCache(dir.path, scope());
      expect(await readFile(lock, 'utf8')).toMatch(new RegExp(`^${pid} \\d+$`));
    }
    await expect(readFile(lock)).rejects.toThrow(/ENOENT/);
  });

  it('of a process that has ended, or whose number is used again, is taken over', async () => {
    await using dir = await temporaryDir();
    for (const stale of ['999999999 1', `${pid} 1`, '']) {
      await cacheWithLock(dir.path, stale);
      await using _held = await lockCache(dir.path, scope(AbortSignal.timeout(5_000)));
      expect(await readFile(join(packagesDir(dir.path), '.lock'), 'utf8')).not.toBe(stale);
    }
  });

  it('of a living process is waited for, and its holder named', async () => {
    await using dir = await temporaryDir();
    await ensureCache(dir.path);
    const first = await lockCache(dir.path, scope());
    const said: string[] = [];
    const progress = (message: string): void => {
      said.push(message);
      void first[Symbol.asyncDispose]();
    };
    await using _held = await lockCache(dir.path, { ...scope(), progress });
    expect(said[0]).toBe(`waiting for the image cache · process ${pid} is building images`);
  });

  it('is not waited for after an interruption', async () => {
    await using dir = await temporaryDir();
    await ensureCache(dir.path);
    await using _first = await lockCache(dir.path, scope());
    await expect(lockCache(dir.path, scope(AbortSignal.timeout(50)))).rejects.toMatchObject({
      code: 'INTERRUPTED',
    });
  });
});
