import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockLab } from '../../../src/lab/lab-lock.ts';

describe('lockLab', () => {
  let root = '';
  let path = '';

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'meshdev-lock-'));
    path = join(root, 'meshdev', 'locks', 'demo.lock');
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const leave = async (content: string): Promise<void> => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  };

  it('keeps others out while it is held, naming the owner, and lets them in afterwards', async () => {
    {
      await using _lock = await lockLab(path, process.pid);
      expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ pid: process.pid });
      await expect(lockLab(path, process.pid)).rejects.toMatchObject({
        code: 'LAB_LOCKED',
        message: expect.stringContaining(`pid ${process.pid}`),
      });
    }
    await using _again = await lockLab(path, process.pid);
  });

  it('asks the number alone on a system that does not tell when a process began', async () => {
    await leave(JSON.stringify({ pid: process.pid, startTicks: 0 }));
    await expect(lockLab(path, process.pid)).rejects.toMatchObject({ code: 'LAB_LOCKED' });
    // No system gives so high a number.
    await leave(JSON.stringify({ pid: 2 ** 30, startTicks: 0 }));
    await using _lock = await lockLab(path, process.pid);
  });

  it('leaves neither file nor directory behind', async () => {
    await (await lockLab(path, process.pid))[Symbol.asyncDispose]();
    expect(await readdir(root)).toEqual([]);
  });

  it('is readable by its owner only, in a directory of the same kind', async () => {
    await using _lock = await lockLab(path, process.pid);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(path))).mode & 0o777).toBe(0o700);
  });

  it('gives one lab to one of many at once', async () => {
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => lockLab(path, process.pid)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await readdir(dirname(path))).toEqual(['demo.lock']);
  });

  it('does not let labs disturb each other', async () => {
    const others = Array.from({ length: 10 }, (_, at) => join(root, 'meshdev', 'locks', `lab-${at}.lock`));
    for (let round = 0; round < 5; round += 1)
      await Promise.all(
        others.map(async (other) => {
          await using _lock = await lockLab(other, process.pid);
        }),
      );
    expect(await readdir(root)).toEqual([]);
  });

  it.each([
    ['a process that ended', JSON.stringify({ pid: 2 ** 22 + 1, startTicks: 1 })],
    ['a process whose number was given to another', JSON.stringify({ pid: process.pid, startTicks: 1 })],
    ['nobody: it cannot be read', '{"pid":'],
    ['nobody: it is empty', ''],
  ])('takes over the lock of %s, for one of many', async (_, content) => {
    await leave(content);
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => lockLab(path, process.pid)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ pid: process.pid });
  });

  it('respects another process that is alive', async () => {
    await using _theirs = await lockLab(path, process.ppid);
    await expect(lockLab(path, process.pid)).rejects.toMatchObject({
      code: 'LAB_LOCKED',
      remedies: expect.arrayContaining([`kill ${process.ppid}`]),
    });
  });

  it('does not remove a lock that somebody else took over', async () => {
    const mine = await lockLab(path, process.pid);
    await leave('{"pid":1,"startTicks":1}');
    await mine[Symbol.asyncDispose]();
    expect(await readFile(path, 'utf8')).toContain('"pid":1');
  });

  it('says what is wrong when it cannot be written', async () => {
    await writeFile(join(root, 'meshdev'), 'a file where the directory should be');
    await expect(lockLab(path, process.pid)).rejects.toMatchObject({
      code: 'STATE_NOT_PRIVATE',
      message: expect.stringContaining(path),
    });
  });
});
