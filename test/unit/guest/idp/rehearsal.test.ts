import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { expect, it } from 'vitest';
import { Rehearsal, rehearsalKeys } from '../../../../src/guest/idp/rehearsal.ts';

const SECRET = 'a secret of the identity provider';
const SECRETS = { cookieKeys: [SECRET, 'an older one'] };
const keys = rehearsalKeys(SECRETS);

it('derives the same keys on both sides, and others from another secret', () => {
  expect(rehearsalKeys({ cookieKeys: [SECRET] })).toEqual(keys);
  expect(rehearsalKeys({ cookieKeys: [`${SECRET}.`] })[0]?.d).not.toBe(keys[0]?.d);
  expect(new Set(keys.map(({ d }) => d)).size).toBe(3);
});

it.each(keys.map((key) => [key.kid, key] as const))('%s signs what its public half verifies', (_kid, key) => {
  const message = Buffer.from('a message');
  const signature = sign('sha256', message, createPrivateKey({ key: { ...key }, format: 'jwk' }));
  const { kty, crv, x, y } = key;
  const publicKey = createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' });
  expect(verify('sha256', message, publicKey, signature)).toBe(true);
});

it('shows one key at a time, without its private part, until it is told to move on', () => {
  const rehearsal = new Rehearsal(SECRETS);
  const shown = keys.map(({ kty, crv, x, y, kid }) => ({
    keys: [{ kty, crv, x, y, kid, alg: 'ES256', use: 'sig' }],
  }));
  for (const each of [...shown, shown[0]]) {
    expect(rehearsal.shown()).toEqual(each);
    expect(rehearsal.shown()).toEqual(each);
    rehearsal.moveOn();
  }
});
