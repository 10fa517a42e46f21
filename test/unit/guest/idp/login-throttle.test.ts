import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { deviceCookie, deviceOf } from '../../../../src/guest/idp/device-cookie.ts';
import { admit, createLoginThrottle } from '../../../../src/guest/idp/login-throttle.ts';

const config = { cookieKeys: ['today', 'yesterday'] };

function lab() {
  const clock = { ms: 0 };
  const throttle = createLoginThrottle(() => clock.ms);
  const ask = (account: string, headers: Readonly<Record<string, string>> = {}) => {
    const request = new IncomingMessage(new Socket());
    Object.assign(request.headers, headers);
    const response = new ServerResponse(request);
    return { attempt: admit({ throttle, config, request, response }, account), response };
  };
  const fail = (times: number, account: string, headers: Readonly<Record<string, string>> = {}): string => {
    for (let turn = 0; turn < times; turn += 1) {
      const { attempt } = ask(account, headers);
      if (attempt.kind === 'wait') return `${attempt.by} after ${turn}`;
      attempt.failed();
    }
    return 'never';
  };
  const succeed = (account: string, headers: Readonly<Record<string, string>> = {}): string => {
    const { attempt, response } = ask(account, headers);
    if (attempt.kind === 'wait') throw new Error(`has to wait for ${attempt.seconds} s`);
    attempt.succeeded();
    return String(response.getHeader('set-cookie'));
  };
  return { clock, ask, fail, succeed };
}

const from = (address: string) => ({ 'x-forwarded-for': address });
const cookie = (value: string) => ({ cookie: `a=b; _device=${value}; c=d` });

describe('wrong passwords', () => {
  it('hold up their account after five, wherever they come from', () => {
    const { fail, ask } = lab();
    expect(fail(6, 'alice', from('192.0.2.1'))).toBe('account after 5');
    expect(ask('alice', from('192.0.2.2')).attempt).toEqual({ kind: 'wait', by: 'account', seconds: 1 });
    expect(ask('bob', from('192.0.2.2')).attempt.kind).toBe('go');
  });

  it('hold up their address after twenty, whatever the account', () => {
    const { fail, ask } = lab();
    for (const account of ['one', 'two', 'three', 'four']) fail(5, account, from('192.0.2.1'));
    expect(fail(1, 'five', from('192.0.2.1'))).toBe('address after 0');
    expect(ask('five', from('192.0.2.2')).attempt.kind).toBe('go');
  });

  it('are forgiven their account by a login, but not their address', () => {
    const { fail, succeed } = lab();
    for (const account of ['one', 'two', 'three', 'four']) {
      expect(fail(4, account, from('192.0.2.1'))).toBe('never');
      succeed(account, from('192.0.2.1'));
    }
    expect(fail(5, 'one', from('192.0.2.1'))).toBe('address after 4');
  });

  it('of others do not hold up a device that has signed in to the account before', () => {
    const { fail, succeed, ask } = lab();
    const [, value = ''] = /^_device=([^;]+);/.exec(succeed('alice')) ?? [];
    for (const account of ['alice', 'one', 'two', 'three', 'four']) fail(9, account);
    expect(ask('alice', cookie(value)).attempt.kind).toBe('go');
    expect(ask('bob', cookie(value)).attempt.kind).toBe('wait');
    expect(ask('alice').attempt.kind).toBe('wait');
  });

  it('hold up such a device like any other when it sends them itself', () => {
    const { fail, ask } = lab();
    const known = cookie(deviceCookie(config, 'alice', 'device-1'));
    expect(fail(6, 'alice', known)).toBe('device after 5');
    expect(ask('alice').attempt.kind).toBe('go');
  });
});

describe('a device cookie', () => {
  it('is for one account, signed by a key that is or was in use', () => {
    const old = deviceCookie({ cookieKeys: ['yesterday'] }, 'alice', 'device-1');
    expect(deviceOf(config, 'alice', `_device=${old}`)).toBe('device-1');
    expect(deviceOf({ cookieKeys: ['today'] }, 'alice', `_device=${old}`)).toBeUndefined();
    expect(deviceOf(config, 'bob', `_device=${old}`)).toBeUndefined();
    expect(deviceOf(config, 'alice', `_device=${old.replace('device-1', 'device-2')}`)).toBeUndefined();
    expect(deviceOf(config, 'alice', undefined)).toBeUndefined();
  });

  it('is neither sent in clear nor shown to scripts or other sites', () => {
    expect(lab().succeed('alice')).toMatch(
      /^_device=[\w-]+\.[\w-]{43}; Path=\/interaction; Max-Age=2592000; Secure; HttpOnly; SameSite=Lax$/,
    );
  });
});
