import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeWhole } from '../../../src/keys/private-files.ts';

let dir = '';
beforeEach(async () => (dir = await mkdtemp(join(tmpdir(), 'meshdev-private-'))));
afterEach(() => rm(dir, { recursive: true, force: true }));

describe('writing a file whole', () => {
  it('leaves that file and nothing else', async () => {
    await writeWhole(join(dir, 'key.pem'), 'old', 0o600);
    await writeWhole(join(dir, 'key.pem'), 'new', 0o600);
    expect(await readFile(join(dir, 'key.pem'), 'utf8')).toBe('new');
    expect((await stat(join(dir, 'key.pem'))).mode & 0o777).toBe(0o600);
    expect(await readdir(dir)).toEqual(['key.pem']);
  });

  it('leaves no part of a key where it cannot be done', async () => {
    await mkdir(join(dir, 'key.pem'));
    await expect(writeWhole(join(dir, 'key.pem'), 'secret', 0o600)).rejects.toMatchObject({ code: 'EISDIR' });
    expect(await readdir(dir)).toEqual(['key.pem']);
  });
});
