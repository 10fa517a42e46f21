import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nodeExtraCa } from '../../../src/keys/node-extra-ca.ts';
import { fingerprintsOf } from '../../../src/trust/fingerprints.ts';
import { makeCa } from '../../support/certificates.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'meshdev-extra-ca-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function place() {
  const at = await mkdtemp(join(dir, 'lab-'));
  const files = { edgeRoot: join(at, 'root.crt'), nodeExtraCa: join(at, 'both.crt') };
  const root = await rootOf('2026-12-01 a1b2c3');
  await writeFile(files.edgeRoot, root);
  return { at, files, root };
}

async function rootOf(making: string): Promise<string> {
  const ca = await makeCa(`meshdev edge root demo ${making}`, undefined, { organization: 'meshdev' });
  return ca.certificatePem;
}

it('is the root where the shell names no other file', async () => {
  const { files } = await place();
  for (const given of [undefined, '', files.edgeRoot])
    expect(await nodeExtraCa(given, files, 'demo')).toEqual({ path: files.edgeRoot });
});

it('keeps the certificates that the shell names, beside the root', async () => {
  const { at, files, root } = await place();
  const company = (await makeCa('Company root')).certificatePem;
  await writeFile(join(at, 'company.pem'), company);
  expect(await nodeExtraCa(join(at, 'company.pem'), files, 'demo')).toEqual({ path: files.nodeExtraCa });
  const both = await readFile(files.nodeExtraCa, 'utf8');
  expect(fingerprintsOf(both)).toEqual([...fingerprintsOf(company), ...fingerprintsOf(root)]);
});

it('does not grow when it is evaluated again, and drops an older root of the lab', async () => {
  const { files, root } = await place();
  const company = (await makeCa('Company root')).certificatePem;
  await writeFile(files.nodeExtraCa, `${company}${await rootOf('2026-11-01 0f0f0f')}`);
  expect(await nodeExtraCa(files.nodeExtraCa, files, 'demo')).toEqual({ path: files.nodeExtraCa });
  const both = await readFile(files.nodeExtraCa, 'utf8');
  expect(fingerprintsOf(both)).toEqual([...fingerprintsOf(company), ...fingerprintsOf(root)]);
});

it('says what it leaves out when the file cannot be read', async () => {
  const { at, files } = await place();
  const extra = await nodeExtraCa(join(at, 'gone.pem'), files, 'demo');
  expect(extra.path).toBe(files.edgeRoot);
  expect(extra.leftOut).toMatch(/NODE_EXTRA_CA_CERTS=.*gone\.pem is left out: .*ENOENT/);
});

it('is whole for every shell, where several start at once', async () => {
  const { at, files, root } = await place();
  const company = (await makeCa('Company root')).certificatePem;
  const given = join(at, 'company.pem');
  await writeFile(given, company);
  const shells = Array.from({ length: 20 }, async () => nodeExtraCa(given, files, 'demo'));
  for (const extra of await Promise.all(shells)) expect(extra).toEqual({ path: files.nodeExtraCa });
  const both = await readFile(files.nodeExtraCa, 'utf8');
  expect(fingerprintsOf(both)).toEqual([...fingerprintsOf(company), ...fingerprintsOf(root)]);
  expect((await readdir(at)).toSorted()).toEqual(['both.crt', 'company.pem', 'root.crt']);
});
