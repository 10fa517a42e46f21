import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { textOf } from '../errors/meshdev-error.ts';
import { parseCertificate, parseCertificates } from '../trust/certificate.ts';
import type { CertificateId } from './key-specs.ts';
import { fileOf, IDP_FILE, type KeyStore, parseIdpSecrets, splitPair } from './key-store.ts';
import type { CertificateSeen, IdpSecretsSeen, KeysSeen } from './keys-seen.ts';
import { hasPrivateDir, readPrivate } from './private-files.ts';

/** What the store holds. Read-only. @throws MeshdevError STATE_NOT_PRIVATE */
export async function observeKeys(store: KeyStore): Promise<KeysSeen> {
  const there = await hasPrivateDir(store);
  const look = async (id: CertificateId): Promise<CertificateSeen> =>
    there ? seeCertificate(store, id) : { kind: 'absent' };
  return {
    certificates: {
      'edge-root': await look('edge-root'),
      'edge-intermediate': await look('edge-intermediate'),
      'mesh-root': await look('mesh-root'),
      'istiod-ca': await look('istiod-ca'),
      'gateway-server': await look('gateway-server'),
      'edge-client': await look('edge-client'),
    },
    idp: there ? await seeIdpSecrets(store) : { kind: 'absent' },
    rootFile: await fingerprintOf(store.rootFile),
  };
}

async function seeCertificate(store: KeyStore, id: CertificateId): Promise<CertificateSeen> {
  const text = await readPrivate(store, fileOf(id));
  if (text === undefined) return { kind: 'absent' };
  const why = `${join(store.dir, fileOf(id))} does not contain a certificate and its key`;
  try {
    const { certificatePem, keyPem } = splitPair(text);
    const certificate = parseCertificate(certificatePem);
    const own = certificate.x509.checkPrivateKey(createPrivateKey(keyPem));
    return own ? { kind: 'present', certificate } : { kind: 'unusable', why };
  } catch (error) {
    return { kind: 'unusable', why: `${why}: ${textOf(error)}` };
  }
}

async function seeIdpSecrets(store: KeyStore): Promise<IdpSecretsSeen> {
  const text = await readPrivate(store, IDP_FILE);
  if (text === undefined) return { kind: 'absent' };
  const secrets = parseIdpSecrets(text);
  if (secrets === undefined)
    return { kind: 'unusable', why: `${join(store.dir, IDP_FILE)} is from another version of meshdev` };
  return {
    kind: 'present',
    users: Object.keys(secrets.passwords),
    clients: Object.keys(secrets.clientSecrets),
  };
}

async function fingerprintOf(path: string): Promise<string | undefined> {
  try {
    return parseCertificates(await readFile(path, 'utf8'))[0]?.facts.fingerprint;
  } catch {
    return undefined;
  }
}
