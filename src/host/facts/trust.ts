import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { SYSTEM_STORES } from '../machine-files.ts';
import type { Fact, TrustSeen } from '../../ports/host-facts.ts';
import { seen } from './read-fact.ts';

/** How the subject of every root for browsers begins (src/keys/key-specs.ts). */
const OURS = /^CN=(meshdev edge root .*)$/m;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** Roots of meshdev in the stores of the system. Read-only. @param roots files of the roots of all labs, the own one first */
export async function readTrust(
  ownRoot: string,
  roots: readonly string[],
  stores: readonly string[] = SYSTEM_STORES,
): Promise<Fact<TrustSeen>> {
  const [labRoot, ...labRoots] = await Promise.all([ownRoot, ...roots].map(fingerprintIn));
  const installed = await Promise.all(stores.map(rootsIn));
  return seen({
    labRoot,
    labRoots: labRoots.filter((one) => one !== undefined),
    installed: installed.flat(),
  });
}

async function fingerprintIn(file: string): Promise<string | undefined> {
  const pem = await readFile(file, 'utf8').catch(() => undefined);
  return pem === undefined ? undefined : certificateOf(pem)?.fingerprint256;
}

async function rootsIn(store: string): Promise<TrustSeen['installed']> {
  const text = await readFile(store, 'utf8').catch(() => '');
  return (text.match(CERTIFICATE) ?? []).flatMap((pem) => {
    // Parsing all roots of a system costs 20 ms; those of meshdev are told by a word of their subject.
    const certificate = Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64').includes('meshdev')
      ? certificateOf(pem)
      : undefined;
    const name = certificate === undefined ? undefined : OURS.exec(certificate.subject)?.[1];
    return certificate === undefined || name === undefined
      ? []
      : [{ store, fingerprint: certificate.fingerprint256, name }];
  });
}

function certificateOf(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
