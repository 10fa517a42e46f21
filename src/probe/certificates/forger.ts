import { readPair } from '../../keys/key-store.ts';
import type { CertificateForge } from './forge.ts';
import type { Needs } from '../probe-context.ts';

/** Makes certificates that differ from the lab's own in one thing; its keys stay in this process. */
export async function forgerOf({ context, keys }: Needs<'context' | 'keys'>): Promise<CertificateForge> {
  const { lab, authority, keyStore } = context;
  return { lab, keys, authority, meshRoot: await readPair(keyStore, 'mesh-root'), at: new Date() };
}
