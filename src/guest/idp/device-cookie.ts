import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/*
 * A device cookie says that somebody has signed in to this account from here before. Its attempts are
 * counted apart, so that wrong passwords sent by others lock nobody out who knows the right one (OWASP,
 * "Slow down online guessing attacks with device cookies"). It is no login: the password is still asked for.
 */

export const DEVICE_COOKIE = '_device';

/** Those of the IdP that both it and meshdev have; the first one signs. */
interface Secrets {
  readonly cookieKeys: readonly string[];
}

/** @param device unguessable, of letters, digits and `-` */
export function deviceCookie(
  { cookieKeys: [secret = ''] }: Secrets,
  account: string,
  device: string,
): string {
  return `${device}.${signature(secret, account, device)}`;
}

/** The device that a `Cookie` header names, if it is one of this account; undefined for none and for forgeries. */
export function deviceOf(
  { cookieKeys }: Secrets,
  account: string,
  header: string | undefined,
): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const [, device, given] = new RegExp(`^ *${DEVICE_COOKIE}=([\\w-]+)\\.([\\w-]+)$`).exec(pair) ?? [];
    if (device === undefined || given === undefined) continue;
    if (cookieKeys.some((secret) => equal(given, signature(secret, account, device)))) return device;
  }
  return undefined;
}

function signature(secret: string, account: string, device: string): string {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'device cookie', 32));
  return createHmac('sha256', key).update(`${device}.${account}`).digest('base64url');
}

function equal(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
