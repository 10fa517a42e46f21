import { createECDH, hkdfSync, randomBytes } from 'node:crypto';
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

/** Order of the group of P-256. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** Those of the IdP that both it and `check` have. */
interface Secrets {
  readonly cookieKeys: readonly string[];
}

export type RehearsalKey = PrivateJwk & { readonly kid: string };

/** Of a key set with one key, as the IdP shows it and a proxy holds it. Undefined when it is another's. */
export function rehearsalKid(keySet: string): string | undefined {
  return /"kid": ?"(rehearsal-[0-9a-f]+-\d+)"/.exec(keySet)?.[1];
}

/** The key that follows, which nobody publishes before it is moved on to. */
export function nextRehearsalKid(kid: string): string {
  const [, stem = '', count = ''] = /^(.*-)(\d+)$/.exec(kid) ?? [];
  return `${stem}${Number(count) + 1}`;
}

/** Whoever knows the secrets of the IdP can sign with any of them; nothing more has to be stored. */
export function rehearsalKey({ cookieKeys: [secret = ''] }: Secrets, kid: string): RehearsalKey {
  return derive(secret, kid);
}

/**
 * One key at a time, and the next one whenever it is told to move on. No key is ever shown twice: istiod
 * remembers the one before a restart of the IdP, and what it holds already would be no new key to it.
 */
export class Rehearsal {
  readonly #secrets: Secrets;
  #key: RehearsalKey;

  constructor(secrets: Secrets) {
    this.#secrets = secrets;
    this.#key = rehearsalKey(secrets, `rehearsal-${randomBytes(6).toString('hex')}-0`);
  }

  moveOn(): void {
    this.#key = rehearsalKey(this.#secrets, nextRehearsalKid(this.#key.kid));
  }

  /** The key set, without private parts. */
  shown(): object {
    const { kty, crv, x, y, kid } = this.#key;
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
