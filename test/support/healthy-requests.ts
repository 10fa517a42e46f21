import type { EvidenceMap } from '../../src/evidence/evidence-map.ts';
import type { DeliveryRequest, TokenRequest } from '../../src/evidence/tokens.ts';
import type { TracedRequest } from '../../src/evidence/traced-request.ts';
import { DELIVERIES, type DeliveryCase } from '../../src/cases/tokens/delivery-cases.ts';
import type { TracedRequestId } from '../../src/cases/traced-requests.ts';
import { FORGED_TOKENS, TOLERATED_TOKENS, type TokenCase } from '../../src/cases/tokens/token-cases.ts';
import { spiffeId } from '../../src/topology/identity.ts';
import { authorityOf, type Lab } from '../../src/topology/lab.ts';
import type { TokenReason } from '../../src/trust/token-reason.ts';

/** Envoy's words for each reason, as the pinned version writes them. */
export const DETAILS: Readonly<Record<TokenReason, string>> = {
  ACCEPTED: 'via_upstream',
  MISSING: 'jwt_authn_access_denied{Jwt_is_missing}',
  MALFORMED:
    'jwt_authn_access_denied{Jwt_is_not_in_the_form_of_Header.Payload.Signature_with_two_dots_and_3_sections}',
  ALG_UNSUPPORTED: 'jwt_authn_access_denied{Jwt_header_[alg]_is_not_supported}',
  KEY_NOT_FOUND: "jwt_authn_access_denied{Jwks_doesn't_have_key_to_match_kid_or_alg_from_Jwt}",
  SIGNATURE_BAD: 'jwt_authn_access_denied{Jwt_verification_fails}',
  ISSUER_UNKNOWN: 'jwt_authn_access_denied{Jwt_issuer_is_not_configured}',
  AUDIENCE_WRONG: 'jwt_authn_access_denied{Audiences_in_Jwt_are_not_allowed}',
  EXPIRED: 'jwt_authn_access_denied{Jwt_is_expired}',
  NOT_YET_VALID: 'jwt_authn_access_denied{Jwt_not_yet_valid}',
  TOO_LARGE: 'http1.headers_too_large',
  ACCESS_DENIED: 'rbac_access_denied_matched_policy[none]',
};

const CLIENT_ADDRESS = '172.30.0.1';

/** What a traced request is made from; the rest follows from where it ended. */
export interface Route {
  readonly id: string;
  readonly subject: string | undefined;
  readonly path: string;
}

/** Every proxy handed it on, the app echoed it. */
export function answered(lab: Lab, fingerprint: string, route: Route): TracedRequest {
  return {
    ...passed(lab, fingerprint, route, { status: 200, details: 'via_upstream' }),
    app: { method: 'GET', uri: route.path, status: 200, userAgent: `agent-${route.id}` },
    echo: {
      headers: {
        host: [authorityOf(lab)],
        'x-meshdev-id': [route.id],
        'x-forwarded-client-cert': [xfcc(lab, undefined, fingerprint)],
        'x-forwarded-for': [`${CLIENT_ADDRESS},172.30.0.3`],
        'x-forwarded-proto': ['https'],
        'x-forwarded-host': [authorityOf(lab)],
        ...(route.subject === undefined ? {} : { 'x-meshdev-subject': [route.subject] }),
      },
      ...(route.subject === undefined ? {} : { subject: route.subject }),
    },
  };
}

/** The sidecar refused it. */
export function refused(
  lab: Lab,
  fingerprint: string,
  route: Route,
  answer: { readonly status: number; readonly details: string },
): TracedRequest {
  return passed(lab, fingerprint, route, answer);
}

/** Two elements, as Envoy writes them: the gateway's about the edge, the sidecar's about the gateway. */
export function xfcc(lab: Lab, uri = spiffeId(lab.workloads.gateway), hash = 'aa'): string {
  const [gateway, app] = [spiffeId(lab.workloads.gateway), spiffeId(lab.workloads.httpbin)];
  return `By=${gateway};Hash=${hash};Subject="CN=edge,O=meshdev";DNS=${lab.hosts.edge},By=${app};Hash=bb;Subject="";URI=${uri}`;
}

function passed(
  lab: Lab,
  fingerprint: string,
  { id, subject, path }: Route,
  { status, details }: { readonly status: number; readonly details: string },
): TracedRequest {
  const authority = authorityOf(lab);
  const session = { version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256' };
  return {
    status,
    ended: 'data',
    headers: { 'x-meshdev-id': id },
    body: '',
    meshdevId: id,
    edge: {
      meshdevId: id,
      method: 'GET',
      host: authority,
      uri: path,
      status,
      clientIp: CLIENT_ADDRESS,
      tlsVersion: 'TLSv1.3',
      serverName: lab.hosts.httpbin,
      upstream: `${lab.cluster.node}:${lab.gatewayNodePort}`,
      durationMs: 3,
    },
    gateway: {
      meshdev_id: id,
      status: String(status),
      path: path.split('?')[0] ?? path,
      authority,
      sni: lab.hosts.httpbin,
      response_code_details: 'via_upstream',
      downstream_tls_version: session.version,
      downstream_tls_cipher: session.cipher,
      downstream_peer_fingerprint: fingerprint,
      downstream_peer_dns_san: lab.hosts.edge,
      upstream_cluster: 'outbound|8000||httpbin.apps.svc.cluster.local',
      upstream_host: '10.244.0.7:8080',
      upstream_peer_uri_san: spiffeId(lab.workloads.httpbin),
      upstream_tls_version: session.version,
      upstream_tls_cipher: session.cipher,
    },
    sidecar: {
      meshdev_id: id,
      status: String(status),
      response_code_details: details,
      downstream_peer_uri_san: spiffeId(lab.workloads.gateway),
      downstream_tls_version: session.version,
      downstream_tls_cipher: session.cipher,
      ...(subject === undefined ? {} : { jwt_subject: subject }),
    },
    app: undefined,
    echo: undefined,
  };
}

export function healthyRequests(lab: Lab, fingerprint: string): EvidenceMap['walks'] {
  const allow = (id: TracedRequestId, subject: string, path: string) =>
    answered(lab, fingerprint, { id: `id-${id}`, subject, path });
  const deny = (id: TracedRequestId, subject: string | undefined, path: string) =>
    refused(
      lab,
      fingerprint,
      { id: `id-${id}`, subject, path },
      { status: 403, details: DETAILS.ACCESS_DENIED },
    );
  const posted = allow('alice-body', 'alice', '/anything/admin/x?a=1&b=%20two');
  const url = `${lab.audience}/anything/admin/x?a=1&b=%20two`;
  const body = 'the body, byte for byte';
  return {
    'alice-read': allow('alice-read', 'alice', '/headers?walk=read'),
    'alice-admin': allow('alice-admin', 'alice', '/anything/admin'),
    'alice-body': { ...posted, echo: { headers: {}, ...posted.echo, method: 'POST', url, body } },
    'bob-read': allow('bob-read', 'bob', '/anything/read'),
    'bob-admin': deny('bob-admin', 'bob', '/anything/admin'),
    'bob-admin-encoded': deny('bob-admin-encoded', 'bob', '/anything/%61dmin'),
    'bob-admin-dots': deny('bob-admin-dots', 'bob', '/anything/read/%2e%2e/admin'),
    'eve-read': deny('eve-read', 'eve', '/anything/read'),
    'machine-read': deny('machine-read', 'meshdev-ci', '/anything/read'),
    'alice-unlisted': deny('alice-unlisted', 'alice', '/status/200'),
    'alice-wrong-method': deny('alice-wrong-method', 'alice', '/anything/read'),
    'no-token': deny('no-token', undefined, '/headers'),
    'query-token': deny('query-token', undefined, '/headers'),
    spoofed: allow('spoofed', 'alice', '/headers?walk=spoofed'),
  };
}

export function healthyTokenRequests(lab: Lab, fingerprint: string): readonly TokenRequest[] {
  const all: readonly TokenCase[] = [...FORGED_TOKENS, ...TOLERATED_TOKENS];
  return all.map((each) => {
    const { status, reason } = each.expected;
    const route = { id: `id-token-${each.id}`, subject: 'alice', path: '/headers' };
    if (reason === 'TOO_LARGE') return { ...refusedUnwritten(status), case: each };
    const traced =
      reason === 'ACCEPTED'
        ? answered(lab, fingerprint, route)
        : refused(lab, fingerprint, { ...route, subject: undefined }, { status, details: DETAILS[reason] });
    return { ...traced, case: each };
  });
}

/** The edge's HTTP server refused it before anybody wrote a record. */
function refusedUnwritten(status: number): TracedRequest {
  return {
    status,
    ended: 'data',
    headers: {},
    body: '',
    meshdevId: undefined,
    edge: undefined,
    gateway: undefined,
    sidecar: undefined,
    app: undefined,
    echo: undefined,
  };
}

export function healthyDeliveries(lab: Lab, fingerprint: string): readonly DeliveryRequest[] {
  const all: readonly DeliveryCase[] = DELIVERIES;
  return all.map((each) => {
    const { expected, id } = each;
    const route = { id: `id-delivery-${id}`, subject: undefined, path: '/headers' };
    const traced =
      expected.kind === 'judged'
        ? answered(lab, fingerprint, { ...route, subject: expected.subject })
        : refused(lab, fingerprint, route, { status: expected.status, details: DETAILS[expected.reason] });
    return { ...traced, case: each };
  });
}
