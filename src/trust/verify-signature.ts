import type { Certificate } from './certificate.ts';
import { publicKeyOf } from './key-facts.ts';

/** Pure cryptography: whether `issuer`'s key made the signature on `child`. */
export function isSignedBy(child: Certificate, issuer: Certificate): boolean {
  const key = publicKeyOf(issuer.x509);
  try {
    return key !== undefined && child.x509.verify(key);
  } catch {
    // Key and signature are of different kinds.
    return false;
  }
}
