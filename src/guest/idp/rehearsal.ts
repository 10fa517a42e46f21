import { createECDH, hkdfSync } from 'node:crypto';
import type { PrivateJwk } from './config.ts';

/*
 * A key set of an issuer that nobody believes, to rehearse a rotation with: `check` makes one sidecar
 * believe it for a moment, lets it move on to the next key, and sees how soon that is taken and the one
 * before it refused. Rotating the lab's own keys for that would end everybody's login.
 */

/** Path of that key set at the IdP. */
export const REHEARSAL_PATH = '/rehearsal/jwks';

/** An issuer that no rule of the lab names. */
export const REHEARSAL_ISSUER = 'https://rehearsal.invalid';

/** To the IdP's process: nobody can send it from outside its container. */
export const REHEARSAL_SIGNAL = 'SIGUSR2';

const KEYS = 3;

/** Order of the group of P-256. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** Those of the IdP that both it and `check` have. */
interface Secrets {
  readonly cookieKeys: readonly string[];
}

export type RehearsalKey = PrivateJwk & { readonly kid: string };

/** Whoever knows the secrets of the IdP can sign with them; nothing more has to be stored. */
export function rehearsalKeys({ cookieKeys: [secret = ''] }: Secrets): readonly RehearsalKey[] {
  return Array.from({ length: KEYS }, (_, index) => derive(secret, `rehearsal-${index}`));
}

/** One key at a time, and the next one whenever it is told to move on. */
export class Rehearsal {
  readonly #keys: readonly RehearsalKey[];
  #turn = 0;

  constructor(secrets: Secrets) {
    this.#keys = rehearsalKeys(secrets);
  }

  moveOn(): void {
    this.#turn = (this.#turn + 1) % KEYS;
  }

  /** The key set, without private parts. */
  shown(): object {
    const { kty, crv, x, y, kid } = this.#keys[this.#turn] ?? {};
    return { keys: [{ kty, crv, x, y, kid, alg: 'ES256', use: 'sig' }] };
  }
}

/** FIPS 186-5 A.2.1: 64 bits more than the order has, so that the remainder is even. */
function derive(secret: string, kid: string): RehearsalKey {
  const bytes = Buffer.from(hkdfSync('sha256', secret, '', kid, 40));
  const scalar = (BigInt(`0x${bytes.toString('hex')}`) % (ORDER - 1n)) + 1n;
  const d = Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex');
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(d);
  const point = curve.getPublicKey();
  const part = (from: number): string => point.subarray(from, from + 32).toString('base64url');
  return { kty: 'EC', crv: 'P-256', x: part(1), y: part(33), d: d.toString('base64url'), kid };
}
