import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { expect, it } from 'vitest';
import {
  nextRehearsalKid,
  Rehearsal,
  rehearsalKey,
  rehearsalKid,
} from '../../../../src/guest/idp/rehearsal.ts';

const SECRET = 'a secret of the identity provider';
const SECRETS = { cookieKeys: [SECRET, 'an older one'] };
const KIDS = ['rehearsal-00ff-0', 'rehearsal-00ff-1', 'rehearsal-ee11-0'];
const keys = KIDS.map((kid) => rehearsalKey(SECRETS, kid));

it('derives the same keys on both sides, and others from another secret or name', () => {
  expect(KIDS.map((kid) => rehearsalKey({ cookieKeys: [SECRET] }, kid))).toEqual(keys);
  expect(rehearsalKey({ cookieKeys: [`${SECRET}.`] }, 'rehearsal-00ff-0').d).not.toBe(keys[0]?.d);
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
  const kid = shownBy(rehearsal);
  for (const each of [kid, nextRehearsalKid(kid), nextRehearsalKid(nextRehearsalKid(kid))]) {
    const { kty, crv, x, y } = rehearsalKey(SECRETS, each);
    const shown = { keys: [{ kty, crv, x, y, kid: each, alg: 'ES256', use: 'sig' }] };
    expect(rehearsal.shown()).toEqual(shown);
    expect(rehearsal.shown()).toEqual(shown);
    rehearsal.moveOn();
  }
});

it('never shows a key again, whenever it was started: istiod may hold one of before', () => {
  const shown = Array.from({ length: 20 }, () => {
    const rehearsal = new Rehearsal(SECRETS);
    const first = shownBy(rehearsal);
    rehearsal.moveOn();
    return [first, shownBy(rehearsal)];
  }).flat();
  expect(new Set(shown).size).toBe(40);
});

it.each([
  ['{"keys":[{"kid":"another"}]}', undefined],
  ['', undefined],
  ['{"keys":[{"kty":"EC","kid":"rehearsal-00ff-12"}]}', 'rehearsal-00ff-12'],
  ['{ "kid": "rehearsal-00ff-9" }', 'rehearsal-00ff-9'],
])('reads the key id of %s', (keySet, kid) => {
  expect(rehearsalKid(keySet)).toBe(kid);
});

it('counts beyond one digit', () => {
  expect(nextRehearsalKid('rehearsal-00ff-9')).toBe('rehearsal-00ff-10');
});

function shownBy(rehearsal: Rehearsal): string {
  return rehearsalKid(JSON.stringify(rehearsal.shown())) ?? '(none)';
}
