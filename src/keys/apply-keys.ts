import { randomBytes } from 'node:crypto';
import {
  type CertificateAuthority,
  type CertificateSpec,
  type SigningPair,
  validFor,
  type Validity,
} from '../ports/certificate-authority.ts';
import { throwIfAborted } from '../run/wait-until.ts';
import type { Lab } from '../topology/lab.ts';
import { parseCertificate } from '../trust/certificate.ts';
import { madeName } from '../trust/root-name.ts';
import { createIdpSecrets } from './idp-secrets.ts';
import { type CertificateId, type KeySpec, keySpecs } from './key-specs.ts';
import {
  IDP_FILE,
  type KeyStore,
  parseIdpSecrets,
  readPair,
  writeIdpSecrets,
  writePair,
} from './key-store.ts';
import type { KeysPlan, PlannedKey } from './plan-keys.ts';
import { makePrivateDir, readPrivate, writeWhole } from './private-files.ts';

export interface ApplyKeysOptions {
  readonly lab: Lab;
  readonly store: KeyStore;
  readonly authority: CertificateAuthority;
  /** Now. */
  readonly at: Date;
  readonly signal: AbortSignal;
}

/**
 * Makes what the plan says, issuers first, each entry whole or not at all: an interrupted run is
 * continued by the next plan. Whoever calls holds the lock of the lab.
 * @throws MeshdevError STATE_NOT_PRIVATE, INTERRUPTED
 */
export async function applyKeys(plan: KeysPlan, options: ApplyKeysOptions): Promise<void> {
  const due = plan.entries.filter((entry) => entry.action !== 'keep');
  if (due.length === 0) return;
  await makePrivateDir(options.store);
  for (const entry of due) {
    throwIfAborted(options.signal);
    await applyOne(entry, options);
  }
}

async function applyOne({ id }: PlannedKey, options: ApplyKeysOptions): Promise<void> {
  if (id === 'idp-secrets') return makeIdpSecrets(options);
  if (id === 'edge-root-file') return exportRoot(options.store);
  return writePair(options.store, id, await issue(id, options));
}

/** A user more is no reason for new signing keys, which would end every session. */
async function makeIdpSecrets({ store, lab }: ApplyKeysOptions): Promise<void> {
  const text = await readPrivate(store, IDP_FILE);
  await writeIdpSecrets(store, createIdpSecrets(lab, text === undefined ? undefined : parseIdpSecrets(text)));
}

async function exportRoot(store: KeyStore): Promise<void> {
  const { certificatePem } = await readPair(store, 'edge-root');
  await writeWhole(store.rootFile, certificatePem, 0o644);
}

async function issue(
  id: CertificateId,
  { lab, store, authority, at }: ApplyKeysOptions,
): Promise<SigningPair> {
  const spec = keySpecs(lab)[id];
  if (spec.issuer === undefined)
    return authority.issue({ spec: rootSpec(spec, at), validity: validFor(at, spec.lifetimeDays) });
  const issuer = await readPair(store, spec.issuer);
  return authority.issue({ spec: spec.certificate, validity: validityBelow(spec, issuer, at), issuer });
}

function rootSpec({ certificate, namedByMaking }: KeySpec, at: Date): CertificateSpec {
  if (namedByMaking === undefined) return certificate;
  return { ...certificate, commonName: madeName(certificate.commonName, at, randomBytes(3)) };
}

/** Nothing outlives its issuer: verifiers would refuse it earlier than it says. */
function validityBelow(spec: KeySpec, issuer: SigningPair, at: Date): Validity {
  const own = validFor(at, spec.lifetimeDays);
  const { notBefore, notAfter } = parseCertificate(issuer.certificatePem).facts;
  return {
    notBefore: new Date(Math.max(own.notBefore.getTime(), notBefore)),
    notAfter: new Date(Math.min(own.notAfter.getTime(), notAfter)),
  };
}
