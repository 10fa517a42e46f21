import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archiveOf } from '../../../../src/images/bundle/tar.ts';
import { archiveEntries, scanContext } from '../../../../src/images/services/context.ts';
import { parseDockerignore } from '../../../../src/images/services/dockerignore.ts';

let dir: string;
beforeEach(async () => (dir = await mkdtemp(join(tmpdir(), 'meshdev-context-'))));
afterEach(() => rm(dir, { recursive: true, force: true }));

const run = { signal: new AbortController().signal, progress: () => undefined };
const scan = (...rules: readonly string[]) => scanContext(dir, parseDockerignore(rules.join('\n')), run);
const paths = async (...rules: readonly string[]) => (await scan(...rules)).map(({ path }) => path);

async function put(path: string, text = path): Promise<void> {
  await mkdir(dirname(join(dir, path)), { recursive: true });
  await writeFile(join(dir, path), text);
}

describe('a build context', () => {
  it('is every file, directory and link, with permissions and digests', async () => {
    await put('src/run.sh', 'x');
    await chmod(join(dir, 'src/run.sh'), 0o755);
    await chmod(join(dir, 'src'), 0o750);
    await symlink('../../etc/passwd', join(dir, 'link'));
    expect(await scan()).toEqual([
      { path: 'link', kind: 'link', mode: 0o777, to: '../../etc/passwd' },
      { path: 'src', kind: 'directory', mode: 0o750 },
      {
        path: 'src/run.sh',
        kind: 'file',
        mode: 0o755,
        bytes: 1,
        sha256: '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881',
      },
    ]);
  });

  it('leaves out what is ignored, and keeps what is taken back with its directories', async () => {
    for (const path of ['a/b/keep', 'a/b/drop', 'a/c/drop', 'main']) await put(path);
    expect(await paths('a', '!a/b/keep')).toEqual(['a', 'a/b', 'a/b/keep', 'main']);
    expect(await paths('a')).toEqual(['main']);
    expect(await paths('**', '!**/keep')).toEqual(['a', 'a/b', 'a/b/keep']);
  });

  it('does not look into an ignored directory', async () => {
    await put('a/x');
    await put('main');
    const looked: string[] = [];
    const { ignores, prunes } = parseDockerignore('a');
    await scanContext(dir, { prunes, ignores: (path) => (looked.push(path), ignores(path)) }, run);
    expect(looked.toSorted()).toEqual(['a', 'main']);
  });

  it('has no sockets', async () => {
    await put('main');
    const server = createServer().listen(join(dir, 'socket'));
    await new Promise((listening) => server.once('listening', listening));
    expect(await paths()).toEqual(['main']);
    server.close();
  });

  it('ends with the signal', async () => {
    await put('main');
    const fired = { ...run, signal: AbortSignal.abort() };
    await expect(scanContext(dir, parseDockerignore(''), fired)).rejects.toMatchObject({
      code: 'INTERRUPTED',
    });
  });
});

describe('the archive of a context', () => {
  const archive = async () =>
    buffer(archiveOf(archiveEntries(dir, await scan(), (path) => new RangeError(path))));

  it('has files, directories and links, and the same bytes whatever their times are', async () => {
    await put('src/run.sh', 'x');
    await chmod(join(dir, 'src/run.sh'), 0o755);
    await symlink('src/run.sh', join(dir, 'link'));
    await put(`${'long/'.repeat(40)}name`, 'long');
    const first = await archive();
    await utimes(join(dir, 'src/run.sh'), 1, 1);
    expect((await archive()).equals(first)).toBe(true);
    const seen = new Map<string, unknown>();
    const reader = extract();
    Readable.from([first]).pipe(reader);
    for await (const entry of reader) {
      const { name, type, mode, linkname, size, uid, mtime } = entry.header;
      seen.set(name, { type, mode, linkname, size, uid, at: mtime?.getTime() });
      entry.resume();
    }
    expect(seen.get('src/')).toMatchObject({ type: 'directory' });
    expect(seen.get('src/run.sh')).toMatchObject({ type: 'file', mode: 0o755, size: 1, uid: 0, at: 0 });
    expect(seen.get('link')).toMatchObject({ type: 'symlink', linkname: 'src/run.sh', size: 0 });
    expect(seen.get(`${'long/'.repeat(40)}name`)).toMatchObject({ type: 'file', size: 4 });
  });

  it.each(['other', 'longer than it was', ''])('fails when a file has become %j meanwhile', async (text) => {
    await put('main', 'first');
    const entries = archiveEntries(dir, await scan(), (path) => new RangeError(path));
    await put('main', text);
    await expect(buffer(archiveOf(entries))).rejects.toThrow(new RangeError('main'));
  });
});
