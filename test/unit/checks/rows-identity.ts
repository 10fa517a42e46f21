import { spiffeId } from '../../../src/topology/identity.ts';
import type { Lab } from '../../../src/topology/lab.ts';
import {
  discovery,
  echoHeader,
  idpState,
  meshState,
  token,
  traced,
  without,
} from '../../support/break-evidence.ts';
import { NOW } from '../../support/certificates.ts';
import { PRESENT_KEY } from '../../support/healthy-idp.ts';
import { xfcc } from '../../support/healthy-requests.ts';
import { row, type Row, uncontrolled } from './expected.ts';

/** Whether all components speak of the same request and user, and what the IdP says of itself. */
export function identityRows(lab: Lab): readonly Row[] {
  return [...continuityRows(lab), ...claimRows(lab), ...idpRows(lab)];
}

function continuityRows(lab: Lab): readonly Row[] {
  const stranger = spiffeId(lab.workloads.intruder);
  return [
    row(
      'the app received another request id',
      traced('alice-read', (one) => ({
        ...one,
        echo: { ...one.echo, headers: { ...one.echo?.headers, 'x-meshdev-id': ['another'] } },
      })),
      {
        'MD-CONT-001': 'fail CONT_BROKEN',
        'MD-JWT-001': 'fail NOT_THE_APP',
        'MD-RBAC-001': 'fail NOT_THE_APP',
        'MD-WRK-001': 'fail NOT_THE_APP',
        ...uncontrolled('MD-CONT-001', 'MD-JWT-001', 'MD-RBAC-001'),
      },
    ),
    row(
      'the gateway recorded the request under another id',
      traced('alice-read', (one) => ({ ...one, gateway: { ...one.gateway, meshdev_id: 'another' } })),
      { 'MD-CONT-001': 'fail CONT_BROKEN', ...uncontrolled('MD-CONT-001') },
    ),
    row(
      'another workload sent the request to the app',
      echoHeader('alice-read', 'x-forwarded-client-cert', xfcc(lab, stranger)),
      {
        'MD-CONT-003': 'fail CONT_OTHER_PEER',
        'MD-CONT-002': 'fail CONT_OTHER_CERTIFICATE',
        ...uncontrolled('MD-CONT-003'),
      },
    ),
    row(
      'the gateway is named, but not last',
      echoHeader('alice-read', 'x-forwarded-client-cert', `${xfcc(lab)},By=x;URI=${stranger}`),
      {
        'MD-CONT-003': 'fail CONT_OTHER_PEER',
        'MD-CONT-002': 'fail CONT_OTHER_CERTIFICATE',
        ...uncontrolled('MD-CONT-003'),
      },
    ),
    row(
      'the XFCC cannot be read',
      echoHeader('alice-read', 'x-forwarded-client-cert', `Subject="CN=x;URI=${stranger}`),
      {
        'MD-CONT-003': 'fail CONT_XFCC_MALFORMED',
        'MD-CONT-002': 'fail CONT_OTHER_CERTIFICATE',
        ...uncontrolled('MD-CONT-003'),
      },
    ),
    row('the app received no XFCC', echoHeader('alice-read', 'x-forwarded-client-cert', undefined), {
      'MD-CONT-003': 'fail CONT_NO_XFCC',
      'MD-CONT-002': 'fail CONT_OTHER_CERTIFICATE',
      ...uncontrolled('MD-CONT-003'),
    }),
    row(
      'the app received the token of somebody else',
      traced('alice-read', (one) => ({ ...one, echo: { headers: {}, ...one.echo, subject: 'bob' } })),
      { 'MD-CONT-004': 'fail CONT_SUBJECT_DIFFERS' },
    ),
    row(
      'the sidecar judged no subject',
      traced('alice-read', (one) => ({ ...one, sidecar: without(one.sidecar, 'jwt_subject') })),
      {
        'MD-JWT-001': 'fail JWT_SUBJECT_DIFFERS',
        'MD-RBAC-001': 'fail CONT_SUBJECT_DIFFERS',
        'MD-CONT-004': 'fail CONT_SUBJECT_DIFFERS',
        ...uncontrolled('MD-JWT-001', 'MD-RBAC-001'),
      },
    ),
    ...(['method', 'url', 'body'] as const).map((part) =>
      row(
        `the ${part} arrives changed`,
        traced('alice-body', (one) => ({ ...one, echo: { headers: {}, ...one.echo, [part]: 'GET /' } })),
        { 'MD-CONT-005': 'fail CONT_REWRITTEN' },
      ),
    ),
    row('Host arrives changed', echoHeader('alice-body', 'host', 'httpbin.apps:8000'), {
      'MD-CONT-005': 'fail CONT_REWRITTEN',
    }),
    row(
      'an older answer to the same POST comes back',
      echoHeader('alice-body', 'x-meshdev-id', 'id-of-yesterday'),
      {
        'MD-CONT-005': 'fail NOT_THE_APP',
        'MD-RBAC-001': 'fail NOT_THE_APP',
        ...uncontrolled('MD-RBAC-001'),
      },
    ),
  ];
}

function claimRows(lab: Lab): readonly Row[] {
  const wrong = (what: string, change: Parameters<typeof token>[1]) =>
    row(`bob’s token has ${what}`, token('bob', change), { 'MD-OIDC-005': 'fail OIDC_CLAIMS' });
  return [
    wrong('another issuer', { issuer: `${lab.issuer}/` }),
    wrong('another audience', { audience: ['https://other.example'] }),
    wrong('one audience more', { audience: [lab.audience, 'https://other.example'] }),
    wrong('more roles', { roles: ['viewer', 'admin'] }),
    wrong('an end in the past', { expiresAt: NOW - 1 }),
    wrong('a symmetric signature', { algorithm: 'HS256' }),
    wrong('no signature', { algorithm: 'none' }),
    row('alice’s token is opaque', token('alice', { subject: '', issuer: '', algorithm: '' }), {
      'MD-OIDC-005': 'fail OIDC_CLAIMS',
      'MD-CONT-008': 'fail CONT_OTHER_PEER',
      'MD-JWT-001': 'fail JWT_SUBJECT_DIFFERS',
      'MD-JWT-021': 'fail JWT_SUBJECT_DIFFERS',
      'MD-RBAC-001': 'fail CONT_SUBJECT_DIFFERS',
      'MD-CONT-004': 'fail CONT_SUBJECT_DIFFERS',
      ...uncontrolled('MD-JWT-001', 'MD-RBAC-001'),
    }),
  ];
}

function idpRows(lab: Lab): readonly Row[] {
  const key = PRESENT_KEY;
  return [
    row('discovery names another issuer', discovery({ issuer: `${lab.issuer}/` }), {
      'MD-OIDC-001': 'fail OIDC_ISSUER_DIFFERS',
    }),
    row(
      'discovery names a plaintext URL',
      discovery({ token_endpoint: 'http://auth.mesh.localhost/token' }),
      {
        'MD-OIDC-002': 'fail OIDC_FOREIGN_URL',
      },
    ),
    row(
      'discovery names the container of the IdP',
      discovery({ jwks_uri: `http://${lab.containers.idp}:9400/jwks` }),
      { 'MD-OIDC-002': 'fail OIDC_FOREIGN_URL' },
    ),
    row('discovery has an endpoint that is no URL', discovery({ token_endpoint: 7 }), {
      'MD-OIDC-002': 'fail OIDC_FOREIGN_URL',
    }),
    row('discovery is almost empty', idpState({ discovery: { issuer: lab.issuer } }), {
      'MD-OIDC-002': 'fail OIDC_DISCOVERY_SHORT',
      'MD-OIDC-003': 'fail OIDC_ALGORITHM',
    }),
    row('the key set is empty', idpState({ keys: [] }), {
      'MD-OIDC-015': 'unknown EVIDENCE_MISSING',
      'MD-OIDC-003': 'fail OIDC_NO_KEYS',
      'MD-OIDC-010': 'fail OIDC_PLACEHOLDER_KEY',
    }),
    row('the key set holds a private part', idpState({ keys: [{ ...key, isPrivate: true }] }), {
      'MD-OIDC-003': 'fail OIDC_PRIVATE_KEY_PUBLISHED',
    }),
    row('the key set holds a symmetric key', idpState({ keys: [{ ...key, kty: 'oct' }] }), {
      'MD-OIDC-003': 'fail OIDC_PRIVATE_KEY_PUBLISHED',
    }),
    row('two keys have one id', idpState({ keys: [key, key] }), {
      'MD-OIDC-003': 'fail OIDC_AMBIGUOUS_KEYS',
    }),
    row(
      'the proxies hold istiod’s placeholder',
      meshState({ jwks: [{ kid: '(no kid)', thumbprint: 'placeholder' }] }),
      {
        'MD-OIDC-010': 'fail OIDC_PLACEHOLDER_KEY',
      },
    ),
    row(
      'the proxies hold the placeholder too',
      meshState({ jwks: [key, { kid: '(no kid)', thumbprint: 'placeholder' }] }),
      {
        'MD-OIDC-010': 'fail OIDC_PLACEHOLDER_KEY',
      },
    ),
    row(
      'the proxies hold another’s key under the name of the present one too',
      meshState({ jwks: [key, { ...key, thumbprint: 'another' }] }),
      { 'MD-OIDC-010': 'fail OIDC_PLACEHOLDER_KEY' },
    ),
    row(
      'the proxies hold a key of a kind that has no thumbprint',
      meshState({ jwks: [key, { kid: 'k', thumbprint: undefined }] }),
      {
        'MD-OIDC-010': 'fail OIDC_PLACEHOLDER_KEY',
      },
    ),
    row('the proxies hold no key', meshState({ jwks: [] }), {
      'MD-OIDC-010': 'fail OIDC_PLACEHOLDER_KEY',
    }),
    row(
      'the IdP has a new key that the proxies lack',
      idpState({ keys: [key, { ...key, kid: 'new-key', thumbprint: 'new' }] }),
      { 'MD-OIDC-010': 'fail OIDC_PLACEHOLDER_KEY', 'MD-OIDC-015': 'fail OIDC_FOREIGN_KEY' },
    ),
  ];
}
