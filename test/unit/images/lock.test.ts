import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pid } from 'node:process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { packagesDir } from '../../../src/images/packages/cache.ts';
import { lockCache } from '../../../src/images/packages/lock.ts';

let cacheDir = '';
let lock = '';
beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'meshdev-lock-'));
  await mkdir(packagesDir(cacheDir));
  lock = join(packagesDir(cacheDir), '.lock');
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(cacheDir, { recursive: true, force: true });
});

/** Whoever still waits after this long waits for nothing. */
const run = () => ({ signal: AbortSignal.timeout(5_000), progress: () => undefined });

describe('the lock of the image cache', () => {
  it('is refused at once where it cannot be made', async () => {
    await mkdir(lock);
    await expect(lockCache(cacheDir, run())).rejects.toMatchObject({
      code: 'CACHE_NOT_WRITABLE',
      message: expect.stringMatching(new RegExp(`${lock}: E[A-Z]+`)),
    });
  });

  it('is refused at once on a full disk, and leaves nothing', async () => {
    await symlink('/dev/full', `${lock}.${pid}`);
    await expect(lockCache(cacheDir, run())).rejects.toMatchObject({ code: 'DISK_FULL' });
    expect(await readdir(packagesDir(cacheDir))).toEqual([]);
  });

  it.each(['999999999 1', `${pid} 1`, `${pid} -`, 'nonsense', ''])(
    'is taken over from %j, who is nobody',
    async (stale) => {
      await writeFile(lock, stale);
      await using _held = await lockCache(cacheDir, run());
      expect(await readFile(lock, 'utf8')).toMatch(new RegExp(`^${pid} \\d+$`));
    },
  );

  it('of a living process is waited for, two hours and no longer, and its holder named', async () => {
    await using _first = await lockCache(cacheDir, run());
    // Only what the clock says is made up: the wait itself goes on in real time.
    vi.useFakeTimers({ toFake: ['performance'] });
    const waiting = lockCache(cacheDir, {
      ...run(),
      progress: () => void vi.advanceTimersByTime((2 * 60 + 2) * 60 * 1000),
    });
    await expect(waiting).rejects.toMatchObject({
      code: 'TIMED_OUT',
      // Two minutes more beside busy programs.
      message: `waited 7320 s for the image cache; last seen: process ${pid} is building images`,
    });
  });

  it('is not waited for after an interruption', async () => {
    await using _first = await lockCache(cacheDir, run());
    const abort = new AbortController();
    const waiting = lockCache(cacheDir, { signal: abort.signal, progress: () => abort.abort() });
    await expect(waiting).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});
