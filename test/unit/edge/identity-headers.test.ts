import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  IDENTITY_PATTERNS,
  IDENTITY_WORDS,
  isMatch,
  looksLikeIdentity,
  PASSING_HEADERS,
  untrustable,
} from '../../../src/edge/identity-headers.ts';
import { namesOf } from '../../../src/cases/headers/identity-cases.ts';

const letter = fc.constantFrom(...'a b c d e f g h i j k l m n o p q r s t u v w x y z -'.split(' '));
const part = fc.array(letter, { maxLength: 8 }).map((letters) => letters.join(''));
const word = fc.constantFrom(...Object.values(IDENTITY_WORDS).flat());

const EVERYDAY = `
    Accept Accept-Encoding Accept-Language Authorization Baggage Cache-Control Content-Encoding
    Content-Length Content-Type Cookie DNT DPoP Date Depth Destination Device-Memory Early-Data
    Expect From Grpc-Timeout Host HX-Current-URL HX-Request Idempotency-Key If-Match
    If-Modified-Since If-None-Match Last-Event-ID Max-Forwards Mcp-Session-Id Origin Overwrite
    Pragma Prefer Priority Purpose Range Referer Save-Data Sec-CH-Prefers-Color-Scheme Sec-CH-UA
    Sec-CH-UA-Form-Factors Sec-CH-UA-Mobile Sec-CH-UA-Platform Sec-Fetch-Dest Sec-Fetch-Mode
    Sec-Fetch-Site Sec-Fetch-User Sec-GPC Sec-Purpose Sec-WebSocket-Extensions Sec-WebSocket-Key
    Sec-WebSocket-Protocol Sec-WebSocket-Version Service-Worker Signature Signature-Input SOAPAction
    TE Timeout Traceparent Tracestate Trailer Transfer-Encoding Upgrade Upgrade-Insecure-Requests
    User-Agent Via X-Api-Key X-B3-TraceId X-Cache-Control X-Client-Data X-Client-Version
    X-Correlation-Id X-CSRF-Token X-CSRFToken X-Grpc-Web X-Hub-Signature-256 X-Requested-With
    X-User-Agent X-XSRF-TOKEN Connect-Protocol-Version Lock-Token
`
  .trim()
  .split(/\s+/);

describe('looksLikeIdentity', () => {
  it.each([
    'X-Roles',
    'X-Groups',
    'X-Userinfo',
    'Sec-Istio-Auth-Userinfo',
    'Forwarded-For',
    'X-Forwarded',
    'Proxy-Client-IP',
    'Proxy',
    'X-Forwarded-Client-Cert',
    'Forwarded',
    'X-Real-IP',
    'True-Client-Ip',
    'Cf-Connecting-Ip',
    'Remote-User',
    'X-Webauth-User',
    'X-Jwt-Payload',
    'X-Amzn-Oidc-Data',
    'X-Ms-Client-Principal',
    'Impersonate-User',
    'X-Consumer-Groups',
    'X-Scope-OrgID',
    'L5d-Client-Id',
    'Ssl-Client-Verify',
    'Client-Cert',
    'X-Envoy-Peer-Metadata',
    'X-Meshdev-Subject',
    'Front-End-Https',
    'X-Host',
    'Sudo',
    'X-Service-Account',
  ])('takes %s off', (name) => {
    expect(looksLikeIdentity(name)).toBe(true);
  });

  /** What browsers, libraries and standards send; a false alarm here would break apps in silence. */
  it.each(EVERYDAY)('lets %s pass', (name) => {
    expect(looksLikeIdentity(name)).toBe(false);
  });

  it('finds every word wherever it stands, in any letter case, with any separator', () => {
    fc.assert(
      fc.property(part, word, part, fc.constantFrom('-', '_', '.'), (before, one, after, separator) => {
        const name = `${before}${one}${after}`;
        fc.pre(!PASSING_HEADERS.some((passes) => passes.toLowerCase() === name));
        expect(looksLikeIdentity(name.replaceAll('-', separator))).toBe(true);
        expect(looksLikeIdentity(name.toUpperCase())).toBe(true);
      }),
    );
  });

  it('has a made-up name for each of its patterns, and none twice', () => {
    expect(new Set(IDENTITY_PATTERNS).size).toBe(IDENTITY_PATTERNS.length);
    for (const pattern of IDENTITY_PATTERNS) {
      expect(namesOf(pattern).length).toBeGreaterThan(0);
      for (const name of namesOf(pattern)) {
        expect(isMatch(name.toLowerCase(), pattern)).toBe(true);
        expect(looksLikeIdentity(name)).toBe(true);
      }
    }
  });
});

describe('untrustable', () => {
  it.each(['X-Roles', 'X-Tenant-Id', 'X-Gitlab-Token', 'X-Forwarded-User', 'x-userinfo'])(
    'lets a service trust %s',
    (name) => {
      expect(untrustable(name)).toBeUndefined();
    },
  );

  it.each([
    ['X-Forwarded-Client-Cert', 'that the chain itself sets'],
    ['x-forwarded-for', 'that the chain itself sets'],
    ['X-Envoy-Original-Path', 'that the chain itself sets'],
    ['X-Meshdev-Subject', 'that the chain itself sets'],
    ['Host', 'that the chain itself sets'],
    ['X_Roles', 'drops names with "_"'],
    ['X-Roles: a', 'must be a header name'],
    ['X-Roles\n\trespond', 'must be a header name'],
    ['*', 'must be a header name'],
    ['', 'must be a header name'],
  ])('refuses %j: it %s', (name, why) => {
    expect(untrustable(name)).toContain(why);
  });
});
