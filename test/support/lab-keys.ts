import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createX509Authority } from '../../src/adapters/x509-authority.ts';
import { applyKeys } from '../../src/keys/apply-keys.ts';
import { type KeyStore, keyStore, readPair } from '../../src/keys/key-store.ts';
import type { LabKeys } from '../../src/keys/lab-keys.ts';
import { observeKeys } from '../../src/keys/observe-keys.ts';
import { planKeys } from '../../src/keys/plan-keys.ts';
import { readKeys } from '../../src/keys/read-keys.ts';
import type { CertificateForge } from '../../src/probe/certificates/forge.ts';
import type { Lab } from '../../src/topology/lab.ts';

export interface TemporaryStore extends AsyncDisposable {
  readonly store: KeyStore;
}

export async function temporaryStore(): Promise<TemporaryStore> {
  const labDir = await mkdtemp(join(tmpdir(), 'meshdev-keys-'));
  const store = keyStore({ labDir, edgeRoot: join(labDir, 'edge-root.crt'), uid: process.getuid?.() });
  return { store, [Symbol.asyncDispose]: () => rm(labDir, { recursive: true, force: true }) };
}

/** Brings the store to what the lab needs, as the step of `up` does. */
export async function converge(lab: Lab, store: KeyStore, at = new Date()): Promise<void> {
  const plan = planKeys(lab, await observeKeys(store), at.getTime());
  const { signal } = new AbortController();
  await applyKeys(plan, { lab, store, authority: createX509Authority(), at, signal });
}

/** A forger with fresh keys of a lab that is never started. */
export async function freshForger(lab: Lab): Promise<CertificateForge & { readonly keys: LabKeys }> {
  await using temporary = await temporaryStore();
  await converge(lab, temporary.store);
  return {
    lab,
    keys: await readKeys(temporary.store),
    meshRoot: await readPair(temporary.store, 'mesh-root'),
    authority: createX509Authority(),
    at: new Date(),
  };
}

/** Fresh keys of a lab that is never started. */
export async function freshKeys(lab: Lab): Promise<LabKeys> {
  await using temporary = await temporaryStore();
  await converge(lab, temporary.store);
  // Awaited here: the store is gone as soon as this function ends.
  return await readKeys(temporary.store);
}
