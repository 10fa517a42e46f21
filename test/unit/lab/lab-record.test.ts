import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LabRecord, readLabRecord, writeLabRecord } from '../../../src/lab/lab-record.ts';

const record: LabRecord = {
  schemaVersion: '1',
  name: 'blue',
  domain: 'mesh.localhost',
  httpsPort: 8443,
  imageSource: { kind: 'packages', because: 'no registry answers' },
  meshdevVersion: '0.1.0',
  settled: true,
};

describe('the record of a lab', () => {
  let root = '';
  let path = '';

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'meshdev-record-'));
    path = join(root, 'labs', 'blue', 'lab.json');
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('is read as it was written, the newest one', async () => {
    await writeLabRecord(path, record);
    await writeLabRecord(path, { ...record, httpsPort: 9443 });
    expect(await readLabRecord(path)).toEqual({ ...record, httpsPort: 9443 });
  });

  it('is private and leaves no draft', async () => {
    await writeLabRecord(path, record);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(path))).mode & 0o777).toBe(0o700);
    expect(await readdir(dirname(path))).toEqual(['lab.json']);
  });

  it('is none when there is none', async () => {
    expect(await readLabRecord(path)).toBeUndefined();
  });

  it.each([
    ['cut off', JSON.stringify(record).slice(0, 40)],
    ['of a later version', JSON.stringify({ ...record, schemaVersion: '2' })],
    ['without a port', JSON.stringify({ ...record, httpsPort: undefined })],
    ['with a name that leads elsewhere', JSON.stringify({ ...record, name: '../other' })],
    ['with an unknown image source', JSON.stringify({ ...record, imageSource: { kind: 'x', because: '' } })],
  ])('is none when it is %s', async (_, content) => {
    await writeLabRecord(path, record);
    await writeFile(path, content);
    expect(await readLabRecord(path)).toBeUndefined();
  });
});
