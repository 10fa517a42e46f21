import type { EvidenceMap } from '../../../src/evidence/evidence-map.ts';
import type { PublishedKey } from '../../../src/evidence/idp-keys.ts';
import type { TracedRequest } from '../../../src/evidence/traced-request.ts';
import type { IstiodTrust } from '../../../src/evidence/istiod-trust.ts';
import type { ReasonCode } from '../../../src/checks/reasons.ts';
import { DELIVERIES, type DeliveryId } from '../../../src/cases/tokens/delivery-cases.ts';
import {
  type Break,
  discovery,
  gatewayDown,
  idpState,
  served,
  silent,
} from '../../support/break-evidence.ts';
import { PRESENT_KEY } from '../../support/healthy-idp.ts';
import { DETAILS } from '../../support/healthy-requests.ts';
import { row, type Row } from './expected.ts';

/** Handing tokens over, and the keys that they are validated with. */
export function deliveryRows(): readonly Row[] {
  return [...handOverRows(), ...canaryRows(), ...keyRows(), ...istiodRows()];
}

function delivery(id: DeliveryId, change: (traced: TracedRequest) => TracedRequest): Break {
  return (all) => ({
    ...all,
    'token.deliveries': all['token.deliveries'].map((one) =>
      one.case.id === id ? { ...one, ...change(one) } : one,
    ),
  });
}

function handOverRows(): readonly Row[] {
  const refused = DELIVERIES.filter(({ expected }) => expected.kind === 'refused');
  const other = (what: string, change: (traced: TracedRequest) => TracedRequest, code: ReasonCode) =>
    row(what, delivery('beside-a-cookie', change), { 'MD-JWT-019': `fail ${code}` });
  return [
    ...refused.map(({ id, why }) =>
      row(`a token is taken from elsewhere: ${id} (${why})`, delivery(id, served), {
        'MD-JWT-019': 'fail JWT_OTHER_DELIVERY_TAKEN',
      }),
    ),
    other(
      'another token is judged than the app receives',
      (one) => ({ ...one, sidecar: { ...one.sidecar, jwt_subject: 'bob' } }),
      'JWT_OTHER_TOKEN_RECEIVED',
    ),
    other(
      'the app receives two tokens',
      (one) => ({ ...one, echo: { headers: {}, ...one.echo, bearers: ['alice', 'bob'] } }),
      'JWT_OTHER_TOKEN_RECEIVED',
    ),
    other(
      'the app receives no token: the proxy kept it',
      (one) => ({ ...one, echo: { headers: one.echo?.headers ?? {} } }),
      'JWT_OTHER_TOKEN_RECEIVED',
    ),
    other(
      'a delivery that was accepted is refused',
      (one) => ({
        ...one,
        status: 401,
        echo: undefined,
        sidecar: { ...one.sidecar, status: '401', response_code_details: DETAILS.MALFORMED },
      }),
      'JWT_TOLERANCE_MOVED',
    ),
    row(
      'a delivery was not tried',
      (all) => ({ ...all, 'token.deliveries': all['token.deliveries'].slice(1) }),
      { 'MD-JWT-019': 'unknown CASE_NOT_RUN' },
    ),
    row('a delivery was not answered', delivery('query', silent), { 'MD-JWT-019': 'unknown NO_ANSWER' }),
    row('a delivery never got to the sidecar', delivery('query', gatewayDown), {
      'MD-JWT-019': 'fail REFUSED_ELSEWHERE',
    }),
  ];
}

function canaryRows(): readonly Row[] {
  const canary = (change: Partial<EvidenceMap['token.canary']>): Break => {
    return (all) => ({ ...all, 'token.canary': { ...all['token.canary'], ...change } });
  };
  const lives = (change: Partial<EvidenceMap['proxy.lives']['upMs']>): Break => {
    return (all) => ({
      ...all,
      'proxy.lives': { ...all['proxy.lives'], upMs: { ...all['proxy.lives'].upMs, ...change } },
    });
  };
  return [
    row('a proxy fetches the key set that a token names', canary({ hits: ['GET /keys.json'] }), {
      'MD-JWT-012': 'fail JWT_FOREIGN_KEY_TAKEN',
    }),
    row('the canary cannot be reached by anybody', canary({ reachable: false }), {
      'MD-JWT-012': 'unknown NOT_REACHED',
    }),
    row('no token with a key URL was judged', canary({ answered: 0 }), { 'MD-JWT-012': 'unknown NO_RECORD' }),
    row('the gateway crashed under the corpus', lives({ gateway: 1_000 }), {
      'MD-JWT-020': 'fail JWT_PROXY_CRASHED',
    }),
    row('the sidecar crashed under the corpus', lives({ httpbin: 0 }), {
      'MD-JWT-020': 'fail JWT_PROXY_CRASHED',
    }),
  ];
}

function keyRows(): readonly Row[] {
  const published = (what: string, change: Partial<PublishedKey>) =>
    row(what, idpState({ keys: [{ ...PRESENT_KEY, ...change }] }), { 'MD-OIDC-003': 'fail OIDC_ALGORITHM' });
  return [
    published('a key names no algorithm', { alg: undefined }),
    published('a key is for another curve than its algorithm', { crv: 'P-384' }),
    published('a key is for encryption', { use: 'enc' }),
    published('a key is a short RSA key', { kty: 'RSA', alg: 'RS256', crv: undefined, bits: 1024 }),
    published('a key is for SHA-1', { kty: 'RSA', alg: 'RS1', crv: undefined, bits: 2048 }),
    ...['none', 'HS256'].map((alg) =>
      row(
        `the IdP offers ID tokens signed with ${alg}`,
        discovery({ id_token_signing_alg_values_supported: ['ES256', alg] }),
        { 'MD-OIDC-003': 'fail OIDC_ALGORITHM' },
      ),
    ),
  ];
}

function istiodRows(): readonly Row[] {
  const trust = (change: Partial<IstiodTrust>): Break => {
    return (all) => ({ ...all, 'istiod.trust': { ...all['istiod.trust'], ...change } });
  };
  const turned = (what: string, change: Partial<IstiodTrust>, red: `${'fail' | 'unknown'} ${ReasonCode}`) =>
    row(what, trust(change), { 'MD-OIDC-011': red });
  const late = (what: string, fetches: IstiodTrust['fetches']) =>
    row(what, trust({ fetches }), { 'MD-OIDC-013': 'fail OIDC_KEYS_NOT_ASKED' });
  return [
    turned('istiod has no extra root', { extraRootPem: '' }, 'fail OIDC_ISTIOD_ROOT'),
    turned('istiod has another root', { extraRootPem: 'PEM' }, 'fail OIDC_ISTIOD_ROOT'),
    turned(
      'istiod does not verify',
      { environment: { JWKS_RESOLVER_INSECURE_SKIP_VERIFY: 'true' } },
      'fail OIDC_ISTIOD_INSECURE',
    ),
    ...['1.27.7', '1.28.4', '1.29.0', '1.26.9'].map((version) =>
      turned(`istiod is ${version}`, { version }, 'fail OIDC_ISTIOD_OLD'),
    ),
    turned('istiod says nothing of its version', { version: '' }, 'unknown EVIDENCE_UNREADABLE'),
    late('istiod never asks for the keys', []),
  ];
}
