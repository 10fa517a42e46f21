import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { liveTokenJudge } from '../../../src/probe/exposure/live-tokens.ts';
import { requestIn } from '../../../src/probe/exposure/leaked-line.ts';
import { tokensIn } from '../../../src/trust/tokens-in-text.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const ISSUER = 'https://auth.mesh.localhost';
const { privateKey, publicKey } = await generateKeyPair('ES256');
const stranger = await generateKeyPair('ES256');
const keySet = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' }] });

interface Change {
  readonly issuer?: string;
  readonly audience?: string;
  readonly exp?: number;
  readonly key?: typeof privateKey;
}

function token({ issuer = ISSUER, audience = 'app', exp = NOW + 60_000, key = privateKey }: Change = {}) {
  return new SignJWT({ sub: 'alice' })
    .setProtectedHeader({ alg: 'ES256', kid: 'one', typ: 'at+jwt' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setExpirationTime(exp / 1000)
    .sign(key);
}

describe('a token in a log', () => {
  const judge = liveTokenJudge([{ issuer: ISSUER, audiences: ['app'], keySet }], NOW);

  it('is live when the chain would accept it now, and is so until its end', async () => {
    expect(await (await judge)(await token())).toEqual({
      what: 'live access token of alice',
      token: { until: NOW + 60_000 },
    });
  });

  it.each([
    ['is over', { exp: NOW - 1_000 }],
    ['is of another issuer', { issuer: 'https://elsewhere.test' }],
    ['is for another audience', { audience: 'another' }],
    ['is signed by somebody else', { key: stranger.privateKey }],
  ] satisfies readonly (readonly [string, Change])[])('is not when it %s', async (_, change) => {
    expect(await (await judge)(await token(change))).toBeUndefined();
  });

  it('is not when it only looks like one, or when nobody’s keys can be read', async () => {
    expect(await (await judge)('eyJhbGciOiJFUzI1NiJ9.e30.AAAA')).toBeUndefined();
    const blind = await liveTokenJudge([{ issuer: ISSUER, audiences: [], keySet: 'no JSON' }], NOW);
    expect(await blind(await token())).toBeUndefined();
  });

  it('is found as it is and encoded, each once', async () => {
    const one = await token();
    const encoded = one.replaceAll('.', '%2E').replaceAll('e', '%65');
    expect(tokensIn(`GET /x/${one}?t=${one} HTTP/1.1`)).toEqual([one]);
    expect(tokensIn(`GET /x/${encoded}`)).toEqual([one]);
    expect(tokensIn(`GET /x/${encoded.replaceAll('%', '%25')}`)).toEqual([one]);
    expect(tokensIn('eyJx.y.z and a.b.c, 100%')).toEqual([]);
  });
});

describe('the request that a line of a log is about', () => {
  it.each([
    [
      'the edge',
      { request: { method: 'GET', uri: '/x?access_token=0123456789' }, meshdev_id: 'id-1' },
      { request: 'GET /x?access_token=REDACTED', id: 'id-1' },
    ],
    ['a proxy', { method: 'GET', path: '/y', meshdev_id: 'id-2' }, { request: 'GET /y', id: 'id-2' }],
    ['the app', { method: 'POST', uri: '/z', status: 200 }, { request: 'POST /z', id: undefined }],
    ['nobody', { event: 'grant.success' }, { request: undefined, id: undefined }],
  ])('is told from what %s writes', (_, line, seen) => {
    expect(requestIn(JSON.stringify(line))).toEqual(seen);
  });

  it('is not told from other text, and shows no token', async () => {
    expect(requestIn('a line')).toEqual({ request: undefined, id: undefined });
    const one = await token();
    const { request, id } = requestIn(JSON.stringify({ method: 'GET', path: `/${one}`, meshdev_id: one }));
    expect(`${request} ${id}`).toBe('GET /REDACTED REDACTED');
  });
});
