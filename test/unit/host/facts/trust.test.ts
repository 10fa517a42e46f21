import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTrust } from '../../../../src/host/facts/trust.ts';
import { createLab, DEFAULT_CHOICE } from '../../../../src/topology/lab.ts';
import { converge, temporaryStore } from '../../../support/lab-keys.ts';

/** The root of a lab as `up` makes it: the names that are looked for are those that it writes. */
async function rootOf(name: string): Promise<string> {
  await using temporary = await temporaryStore();
  await converge(createLab({ ...DEFAULT_CHOICE, name }), temporary.store);
  // Awaited here: the file goes with the store.
  return await readFile(temporary.store.rootFile, 'utf8');
}

let dir = '';
let roots = { demo: '', old: '' };
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'meshdev-trust-'));
  roots = { demo: await rootOf('demo'), old: await rootOf('old') };
  await writeFile(at('demo.crt'), roots.demo);
  await writeFile(
    at('store.crt'),
    `# a comment\n${roots.old}\n${roots.demo}-----BEGIN CERTIFICATE-----\nbWVzaGRldg==\n-----END CERTIFICATE-----\n`,
  );
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const at = (name: string): string => join(dir, name);
/** With the day and the mark of its making. */
const nameOf = (lab: string): unknown =>
  expect.stringMatching(new RegExp(`^meshdev edge root ${lab} \\d{4}-\\d{2}-\\d{2} [0-9a-f]{6}$`));
const fingerprint = (pem: string): string => new X509Certificate(pem).fingerprint256;

describe('roots of meshdev in the store of a system', () => {
  it('are found by their subject, with the lab that they are of', async () => {
    expect(await readTrust(at('demo.crt'), [at('demo.crt')], [at('store.crt'), at('missing.crt')])).toEqual({
      kind: 'seen',
      value: {
        labRoot: fingerprint(roots.demo),
        labRoots: [fingerprint(roots.demo)],
        installed: [
          { store: at('store.crt'), fingerprint: fingerprint(roots.old), name: nameOf('old') },
          { store: at('store.crt'), fingerprint: fingerprint(roots.demo), name: nameOf('demo') },
        ],
      },
    });
  });

  it('are none where no lab has a root and no store has one', async () => {
    expect(await readTrust(at('missing.crt'), [], [at('missing.crt')])).toEqual({
      kind: 'seen',
      value: { labRoot: undefined, labRoots: [], installed: [] },
    });
  });
});
