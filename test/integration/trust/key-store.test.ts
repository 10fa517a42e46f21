import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, afterEach, describe, expect, it } from 'vitest';
import { createX509Authority } from '../../../src/adapters/x509-authority.ts';
import { applyKeys } from '../../../src/keys/apply-keys.ts';
import { keySpecs } from '../../../src/keys/key-specs.ts';
import { writePair } from '../../../src/keys/key-store.ts';
import { observeKeys } from '../../../src/keys/observe-keys.ts';
import { planKeys } from '../../../src/keys/plan-keys.ts';
import { readKeys } from '../../../src/keys/read-keys.ts';
import { validFor } from '../../../src/ports/certificate-authority.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { parseCertificate } from '../../../src/trust/certificate.ts';
import { jwkThumbprint } from '../../../src/trust/token.ts';
import { converge, type TemporaryStore, temporaryStore } from '../../support/lab-keys.ts';

const run = promisify(execFile);
const lab = createLab(DEFAULT_CHOICE);
const NEVER = new AbortController().signal;

describe('the key store', () => {
  let temporary: TemporaryStore;

  beforeEach(async () => {
    temporary = await temporaryStore();
  });

  afterEach(async () => {
    await temporary[Symbol.asyncDispose]();
  });

  const changes = async (at = new Date()) => {
    const plan = planKeys(lab, await observeKeys(temporary.store), at.getTime());
    return plan.entries
      .filter((entry) => entry.action !== 'keep')
      .map((entry) => `${entry.id} ${entry.action}`);
  };
  const refused = async () =>
    observeKeys(temporary.store).then(
      () => undefined,
      (error: unknown) => error,
    );

  it('is converged after one run, private, and exports the root for all', async () => {
    const { store } = temporary;
    await converge(lab, store);
    expect(await changes()).toEqual([]);
    expect((await stat(store.dir)).mode & 0o777).toBe(0o700);
    const files = await readdir(store.dir);
    expect(files.toSorted()).toEqual([
      'edge-client.pem',
      'edge-intermediate.pem',
      'edge-root.pem',
      'gateway-server.pem',
      'idp-secrets.json',
      'istiod-ca.pem',
      'mesh-root.pem',
    ]);
    for (const file of files) expect((await stat(join(store.dir, file))).mode & 0o777).toBe(0o600);
    expect((await stat(store.rootFile)).mode & 0o777).toBe(0o644);
    expect(await readFile(store.rootFile, 'utf8')).not.toContain('PRIVATE');
  });

  it('never makes two edge roots of one name, and keeps a root that was named before that', async () => {
    const { store } = temporary;
    const subject = async () => parseCertificate(await readFile(store.rootFile, 'utf8')).facts.subject;
    await converge(lab, store);
    const first = await subject();
    expect(first).toMatch(/^CN=meshdev edge root demo \d{4}-\d\d-\d\d [0-9a-f]{6}, O=meshdev$/);
    await rm(join(store.dir, 'edge-root.pem'));
    await converge(lab, store);
    expect(await subject()).not.toBe(first);

    const { certificate: spec, lifetimeDays } = keySpecs(lab)['edge-root'];
    const old = await createX509Authority().issue({ spec, validity: validFor(new Date(), lifetimeDays) });
    await writePair(store, 'edge-root', old);
    const entries = planKeys(lab, await observeKeys(store), Date.now()).entries;
    expect(entries.find(({ id }) => id === 'edge-root')?.action).toBe('keep');
  });

  it('stays private under any umask', async () => {
    const before = process.umask(0o777);
    try {
      await mkdir(temporary.store.dir, { mode: 0o700 });
      await chmod(temporary.store.dir, 0o700);
      await converge(lab, temporary.store);
    } finally {
      process.umask(before);
    }
    expect((await stat(temporary.store.rootFile)).mode & 0o777).toBe(0o644);
    expect(await changes()).toEqual([]);
  });

  it('hands out what parties need and no root key', async () => {
    await converge(lab, temporary.store);
    const keys = await readKeys(temporary.store);
    const handed = JSON.stringify(keys);
    for (const root of ['edge-root.pem', 'mesh-root.pem']) {
      const text = await readFile(join(temporary.store.dir, root), 'utf8');
      const key = text.slice(text.indexOf('-----BEGIN PRIVATE KEY-----')).split('\n')[2] ?? '';
      expect(key.length).toBeGreaterThan(40);
      expect(handed).not.toContain(key);
    }
    const [signing] = keys.idp.jwks.keys;
    expect(signing && jwkThumbprint(signing)).toBe(signing?.kid);
    expect(Object.keys(keys.idp.passwords)).toEqual(['alice', 'bob', 'eve']);
    expect(new Set(Object.values(keys.idp.passwords)).size).toBe(3);
  });

  it('repairs exactly what is broken', async () => {
    const { store } = temporary;
    await converge(lab, store);
    const before = await readKeys(store);
    await rename(join(store.dir, 'edge-client.pem'), join(store.dir, 'gateway-server.pem'));
    expect(await changes()).toEqual(['gateway-server replace', 'edge-client create']);
    await converge(lab, store);
    expect(await changes()).toEqual([]);
    const after = await readKeys(store);
    expect(after.mesh).toEqual(before.mesh);
    expect(after.idp).toEqual(before.idp);
    expect(after.edgeClient).not.toEqual(before.edgeClient);
  });

  it('takes a certificate with another key for unusable', async () => {
    const { store } = temporary;
    await converge(lab, store);
    const [root, client] = await Promise.all(
      ['mesh-root.pem', 'edge-client.pem'].map((name) => readFile(join(store.dir, name), 'utf8')),
    );
    const [, key = ''] = root?.split(/(?=-----BEGIN PRIVATE KEY)/) ?? [];
    const [certificate = ''] = client?.split(/(?=-----BEGIN PRIVATE KEY)/) ?? [];
    await writeFile(join(store.dir, 'edge-client.pem'), `${certificate}${key}`);
    expect(await changes()).toEqual(['edge-client replace']);
  });

  it('continues after an interruption and gets over its leavings', async () => {
    const { store } = temporary;
    const plan = planKeys(lab, await observeKeys(store), Date.now());
    const half = { entries: plan.entries.slice(0, 3) };
    await applyKeys(half, { lab, store, authority: createX509Authority(), at: new Date(), signal: NEVER });
    await writeFile(join(store.dir, '.istiod-ca.pem.new'), 'half of it');
    await converge(lab, store);
    expect(await changes()).toEqual([]);
    expect(await readdir(store.dir)).not.toContain('.istiod-ca.pem.new');
  });

  it('stops between entries on request', async () => {
    const { store } = temporary;
    const plan = planKeys(lab, await observeKeys(store), Date.now());
    const options = {
      lab,
      store,
      authority: createX509Authority(),
      at: new Date(),
      signal: AbortSignal.abort(),
    };
    await expect(applyKeys(plan, options)).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  it('renews before the end and keeps what was handed out chained', async () => {
    const { store } = temporary;
    await converge(lab, store);
    const later = new Date(Date.now() + 70 * 86_400_000);
    expect(await changes(later)).toEqual(['gateway-server renew', 'edge-client renew']);
    await converge(lab, store, later);
    expect(await changes(later)).toEqual([]);
  });

  it('never gives a child a longer life than its issuer', async () => {
    const { store } = temporary;
    await converge(lab, store);
    const late = new Date(Date.now() + 660 * 86_400_000);
    await converge(lab, store, late);
    const { certificates } = await observeKeys(store);
    const endOf = (id: 'mesh-root' | 'gateway-server') => {
      const own = certificates[id];
      return own.kind === 'present' ? own.certificate.facts.notAfter : 0;
    };
    expect(endOf('gateway-server')).toBe(endOf('mesh-root'));
    expect(await changes(late)).toEqual([]);
  });

  it.each([
    ['a wide directory', async (dir: string) => chmod(dir, 0o750), 'chmod 700'],
    ['a wide key', async (dir: string) => chmod(join(dir, 'mesh-root.pem'), 0o640), 'chmod 600'],
    [
      'secrets that all can read',
      async (dir: string) => chmod(join(dir, 'idp-secrets.json'), 0o604),
      'chmod 600',
    ],
  ])('refuses %s, and the line it gives repairs it', async (_, widen, remedy) => {
    await converge(lab, temporary.store);
    await widen(temporary.store.dir);
    const error = await refused();
    expect(error).toMatchObject({ code: 'STATE_NOT_PRIVATE' });
    const [line = ''] = Reflect.get(Object(error), 'remedies');
    expect(line).toContain(remedy);
    const [program = '', ...argv] = line.split(' ');
    await run(program, argv);
    expect(await changes()).toEqual([]);
  });

  it('refuses what belongs to somebody else', async () => {
    await converge(lab, temporary.store);
    const stranger = { ...temporary.store, uid: (temporary.store.uid ?? 0) + 1 };
    await expect(observeKeys(stranger)).rejects.toMatchObject({ code: 'STATE_NOT_PRIVATE' });
    await expect(readKeys(stranger)).rejects.toMatchObject({ code: 'STATE_NOT_PRIVATE' });
  });

  it('follows no links', async () => {
    const { store } = temporary;
    await converge(lab, store);
    const elsewhere = join(store.dir, '..', 'elsewhere.pem');
    await rename(join(store.dir, 'edge-client.pem'), elsewhere);
    await symlink(elsewhere, join(store.dir, 'edge-client.pem'));
    expect(await refused()).toMatchObject({ code: 'STATE_NOT_PRIVATE' });
    await rm(store.dir, { recursive: true });
    await symlink('/tmp', store.dir);
    expect(await refused()).toMatchObject({ code: 'STATE_NOT_PRIVATE' });
  });

  it('says that a lab without keys is not up', async () => {
    await expect(readKeys(temporary.store)).rejects.toMatchObject({
      code: 'LAB_NOT_UP',
      remedies: ['meshdev up'],
    });
  });
});
