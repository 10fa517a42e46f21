import { join } from 'node:path';
import { MeshdevError } from '../errors/meshdev-error.ts';
import type { SigningPair } from '../ports/certificate-authority.ts';
import { type IdpSecrets, idpSecretsSchema } from './idp-secrets.ts';
import type { CertificateId } from './key-specs.ts';
import { type PrivateDir, readPrivate, writePrivate } from './private-files.ts';

/** Where the keys of one lab are. */
export interface KeyStore extends PrivateDir {
  /** Public copy of the edge root, readable for all. */
  readonly rootFile: string;
}

/** @param place of the lab, from `labPaths`; `uid` of this process, undefined on systems without users */
export function keyStore(place: {
  readonly labDir: string;
  readonly edgeRoot: string;
  readonly uid: number | undefined;
}): KeyStore {
  return { dir: join(place.labDir, 'keys'), rootFile: place.edgeRoot, uid: place.uid };
}

export const IDP_FILE = 'idp-secrets.json';

/** Certificate and key in one file: they are replaced together or not at all. */
export function fileOf(id: CertificateId): string {
  return `${id}.pem`;
}

/** @throws MeshdevError LAB_NOT_UP when it is missing, STATE_NOT_PRIVATE */
export async function readPair(store: KeyStore, id: CertificateId): Promise<SigningPair> {
  const text = await readPrivate(store, fileOf(id));
  if (text === undefined) throw unusable(store, fileOf(id), 'it does not exist');
  return splitPair(text);
}

export async function writePair(store: KeyStore, id: CertificateId, pair: SigningPair): Promise<void> {
  await writePrivate(store, fileOf(id), `${pair.certificatePem}${pair.keyPem}`);
}

/** @throws MeshdevError LAB_NOT_UP when it is missing or of another version, STATE_NOT_PRIVATE */
export async function readIdpSecrets(store: KeyStore): Promise<IdpSecrets> {
  const text = await readPrivate(store, IDP_FILE);
  if (text === undefined) throw unusable(store, IDP_FILE, 'it does not exist');
  const secrets = parseIdpSecrets(text);
  if (secrets === undefined) throw unusable(store, IDP_FILE, 'it is from another version of meshdev');
  return secrets;
}

export async function writeIdpSecrets(store: KeyStore, secrets: IdpSecrets): Promise<void> {
  await writePrivate(store, IDP_FILE, `${JSON.stringify(secrets, null, 2)}\n`);
}

/** Undefined for anything that is not the secrets file of this version. */
export function parseIdpSecrets(text: string): IdpSecrets | undefined {
  try {
    return idpSecretsSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Parts of a file of the store; empty texts where it holds none. */
export function splitPair(text: string): SigningPair {
  return { certificatePem: blockOf(text, 'CERTIFICATE'), keyPem: blockOf(text, 'PRIVATE KEY') };
}

function blockOf(text: string, kind: string): string {
  return new RegExp(`-----BEGIN ${kind}-----[\\s\\S]*?-----END ${kind}-----\\n?`).exec(text)?.[0] ?? '';
}

function unusable(store: KeyStore, file: string, seen: string): MeshdevError {
  const message = `reading the keys of the lab: ${join(store.dir, file)}: ${seen}`;
  return new MeshdevError('LAB_NOT_UP', { message, remedies: ['meshdev up'] });
}
