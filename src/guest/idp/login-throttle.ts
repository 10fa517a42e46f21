import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { DEVICE_COOKIE, deviceCookie, deviceOf } from './device-cookie.ts';
import { Throttle } from './throttle.ts';

const FREE_BY_ACCOUNT = 5;
/** All clients on the lab's own machine share one address: the engine's. */
const FREE_BY_ADDRESS = 20;
const MONTH_SECONDS = 30 * 24 * 3600;

/** Wrong passwords by account, by the client's address, and by device where one is known. */
export interface LoginThrottle {
  readonly accounts: Throttle;
  readonly addresses: Throttle;
  readonly devices: Throttle;
}

/** @param now milliseconds; must never go back */
export function createLoginThrottle(now: () => number): LoginThrottle {
  return {
    accounts: new Throttle(FREE_BY_ACCOUNT, now),
    addresses: new Throttle(FREE_BY_ADDRESS, now),
    devices: new Throttle(FREE_BY_ACCOUNT, now),
  };
}

export type Attempt =
  | { readonly kind: 'wait'; readonly by: string; readonly seconds: number }
  | { readonly kind: 'go'; failed(): void; succeeded(): void };

interface Asked {
  readonly throttle: LoginThrottle;
  readonly config: { readonly cookieKeys: readonly string[] };
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * Whether a password may be tried for this account now. Between this and `failed` nothing may be awaited, or
 * attempts that come at once would all be let through.
 */
export function admit({ throttle, config, request, response }: Asked, account: string): Attempt {
  const device = deviceOf(config, account, request.headers.cookie);
  const counts =
    device === undefined
      ? [
          { by: 'account', counter: throttle.accounts, key: account, isForgiven: true },
          // Else whoever has an account could guess those of others without end.
          { by: 'address', counter: throttle.addresses, key: addressOf(request), isForgiven: false },
        ]
      : [{ by: 'device', counter: throttle.devices, key: device, isForgiven: true }];
  const longest = counts
    .map(({ by, counter, key }) => ({ by, ms: counter.waitMs(key) }))
    .reduce((one, other) => (other.ms > one.ms ? other : one));
  if (longest.ms > 0) return { kind: 'wait', by: longest.by, seconds: Math.ceil(longest.ms / 1000) };
  return {
    kind: 'go',
    failed: () => {
      for (const { counter, key } of counts) counter.failed(key);
    },
    succeeded: () => {
      for (const { counter, key, isForgiven } of counts) if (isForgiven) counter.succeeded(key);
      if (device === undefined) remember(response, deviceCookie(config, account, randomUUID()));
    },
  };
}

function remember(response: ServerResponse, value: string): void {
  response.appendHeader(
    'Set-Cookie',
    `${DEVICE_COOKIE}=${value}; Path=/interaction; Max-Age=${MONTH_SECONDS}; Secure; HttpOnly; SameSite=Lax`,
  );
}

/** As the edge saw it: it replaces what a client claims, and nobody else can reach this server. */
function addressOf({ headers, socket }: IncomingMessage): string {
  const forwarded = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',').at(-1)?.trim();
  return forwarded === undefined || forwarded === '' ? (socket.remoteAddress ?? '') : forwarded;
}
