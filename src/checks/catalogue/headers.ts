import { APP_ID, VIEWER } from '../../sample/names.ts';
import { WALK } from '../../sample/walks.ts';
import { IDENTITY_PATTERNS } from '../../edge/identity-headers.ts';
import { authorityOf, type Lab, publicHosts } from '../../topology/lab.ts';
import { type AnyCheck, defineCheck, eachCase, fail, pass, seeing, unknown } from '../check.ts';
import { requestSeen } from '../describe.ts';
import type { TracedRequest } from '../../evidence/traced-request.ts';
import type { HeaderRequests } from '../../evidence/corpora.ts';
import { exchangeItem } from '../evidence-item.ts';
import { framingCases } from '../framing.ts';
import { headerCases, passingCases } from '../header-claims.ts';
import { pathCases } from '../paths.ts';
import { refusedAtEdge } from '../refused-at-edge.ts';
import { RBAC_DEFAULT } from '../../records/rbac-words.ts';
import { refusedBySidecar } from '../refusal.ts';
import type { Verdict } from '../verdict.ts';
import { peerVerdict } from '../peer.ts';
import { FORGED } from '../../cases/traced-requests.ts';

export const HEADER_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-HDR-001',
    title:
      'the app receives client address, protocol and host as the edge saw them, whatever the client sent',
    impact: 'a client can bypass address rules; redirects use wrong URLs',
    hint: '`request_header` directives in the Caddyfile',
    hop: 'client->edge',
    polarity: 'negative',
    refuser: 'edge',
    control: 'MD-CONT-001',
    blocking: false,
    evidence: ['walks', 'header.walks'],
    judge: ({ walks: { spoofed }, 'header.walks': found }, { lab }) =>
      eachCase([['all-at-once', edgesOwn(spoofed, lab)], ...headerCases(found, 'MD-HDR-001', lab)]),
  }),
  defineCheck({
    id: 'MD-HDR-002',
    title: 'an XFCC header of a client never reaches the app',
    impact: 'a client can set its own identity',
    hint: '`request_header` directives in the Caddyfile',
    hop: 'client->edge',
    polarity: 'negative',
    refuser: 'edge',
    control: 'MD-CONT-003',
    blocking: false,
    evidence: ['walks', 'header.walks'],
    judge: ({ walks: { spoofed }, 'header.walks': found }, { lab }) =>
      eachCase([
        ['all-at-once', ownXfcc(spoofed, lab)],
        ...headerCases(found, 'MD-HDR-002', lab),
        ['setting', strips(found, ['*forwarded*', '*cert*'], lab)],
      ]),
  }),
  defineCheck({
    id: 'MD-HDR-003',
    title: 'x-envoy-* control headers and x-meshdev-id of a client have no effect behind the edge',
    impact: 'a client can set timeouts, paths or request ids',
    hint: '`request_header` directives in the Caddyfile',
    hop: 'client->edge',
    polarity: 'negative',
    refuser: 'edge',
    control: 'MD-CONT-001',
    blocking: false,
    evidence: ['walks', 'header.walks'],
    judge: ({ walks: { spoofed }, 'header.walks': found }, { lab }) =>
      eachCase([
        ['all-at-once', noControls(spoofed)],
        ...headerCases(found, 'MD-HDR-003', lab),
        ['setting', strips(found, ['*envoy*', '*istio*', 'X-Request-Id'], lab)],
      ]),
  }),
  defineCheck({
    id: 'MD-HDR-004',
    title: 'only the proxy sets the header with the validated subject, with and without a token',
    impact: 'a client can choose its identity with a header',
    hint: '`outputClaimToHeaders` of `tokens`',
    hop: 'gateway->sidecar',
    polarity: 'negative',
    refuser: 'sidecar',
    control: 'MD-JWT-001',
    blocking: false,
    evidence: ['header.walks'],
    judge: ({ 'header.walks': found }, { lab }) => eachCase(headerCases(found, 'MD-HDR-004', lab)),
  }),
  defineCheck({
    id: 'MD-HDR-005',
    title: 'aliases of identity headers (underscore, dot, space, NUL) do not reach the app',
    impact: 'an app that normalizes header names receives the identity that the edge removed',
    hint: 'the version of Caddy: 2.11.5 or later removes them',
    hop: 'client->edge',
    polarity: 'negative',
    refuser: 'edge',
    control: 'MD-CONT-001',
    blocking: false,
    evidence: ['header.walks'],
    judge: ({ 'header.walks': found }, { lab }) => eachCase(headerCases(found, 'MD-HDR-005', lab)),
  }),
  defineCheck({
    id: 'MD-HDR-006',
    title: 'URL and method overrides, and headers named in Connection, have no effect',
    impact: 'the policy evaluates a different request than the app receives',
    hint: '`request_header` and `header_up` directives in the Caddyfile',
    hop: 'client->edge',
    polarity: 'negative',
    refuser: 'edge',
    control: 'MD-CONT-001',
    blocking: false,
    evidence: ['header.walks'],
    judge: ({ 'header.walks': found }, { lab }) => eachCase(headerCases(found, 'MD-HDR-006', lab)),
  }),
  defineCheck({
    id: 'MD-HDR-010',
    title: 'no header that resembles an identity reaches the app, unless the service trusts this header',
    impact: 'an app that trusts such a header accepts an identity that the client chose',
    hint: '`request_header` directives in the Caddyfile; `edge.trustedHeaders` of meshdev.yaml',
    hop: 'client->edge',
    polarity: 'negative',
    refuser: 'edge',
    control: 'MD-CONT-001',
    blocking: false,
    evidence: ['header.walks'],
    judge: ({ 'header.walks': found }, { lab }) =>
      eachCase([
        ...headerCases(found, 'MD-HDR-010', lab),
        ['setting', strips(found, IDENTITY_PATTERNS, lab)],
      ]),
  }),
  defineCheck({
    id: 'MD-HDR-011',
    title: 'headers without an identity, and headers that the service trusts, reach the app unchanged',
    impact: 'the edge removes headers that an app needs',
    hint: '`PASSING_HEADERS` of the edge; `edge.trustedHeaders` of meshdev.yaml',
    hop: 'client->edge',
    polarity: 'positive',
    blocking: false,
    evidence: ['header.walks'],
    judge: ({ 'header.walks': found }) => eachCase(passingCases(found)),
  }),
  defineCheck({
    id: 'MD-HDR-007',
    title:
      'a request with contradictory Host or :authority or ambiguous framing reaches the app as the edge read it, or not at all',
    impact: 'a client can smuggle a request past edge and policies',
    hint: 'the versions of Caddy and Envoy',
    hop: 'client->edge',
    polarity: 'negative',
    refuser: 'edge',
    control: 'MD-CONT-001',
    blocking: false,
    evidence: ['framing.walks'],
    judge: ({ 'framing.walks': walks }, { lab }) => eachCase(framingCases(walks, lab)),
  }),
  defineCheck({
    id: 'MD-HDR-008',
    title: 'the app receives the Authorization header once and unchanged',
    impact: 'the app uses a different token than the sidecar validated, or none',
    hint: '`forwardOriginalToken` of `tokens`',
    hop: 'sidecar->app',
    polarity: 'positive',
    blocking: false,
    evidence: ['header.walks'],
    judge: ({ 'header.walks': { authorization } }) => sameAuthorization(authorization),
  }),
  defineCheck({
    id: 'MD-HDR-009',
    title: 'every spelling of a protected path gets the decision of the plain path, or is refused',
    impact: 'an unusual spelling bypasses a path rule',
    hint: '`pathNormalization`',
    hop: 'gateway->sidecar',
    polarity: 'negative',
    refuser: 'sidecar',
    control: 'MD-RBAC-001',
    blocking: false,
    evidence: ['walks', 'path.walks'],
    judge: ({ walks, 'path.walks': spelled }, { lab }) =>
      eachCase([
        ['encoded', denied(walks[WALK.viewerAdminEncoded], `${VIEWER} on /anything/%61dmin`)],
        [WALK.viewerAdminDots, dotsDenied(walks[WALK.viewerAdminDots], lab)],
        ...pathCases(spelled, lab),
      ]),
  }),
];

function edgesOwn(spoofed: TracedRequest, lab: Lab): Verdict {
  if (spoofed.echo === undefined)
    return unknown('NO_ECHO', `the app did not answer the spoofed request: ${requestSeen(spoofed)}`);
  const { headers } = spoofed.echo;
  const said = JSON.stringify(headers);
  for (const canary of [FORGED.address, FORGED.host]) {
    if (said.includes(canary))
      return fail('HDR_CLAIM_ARRIVED', `the app received ${canary}, which the client forged`);
  }
  if (spoofed.edge === undefined)
    return unknown('NO_RECORD', `the edge has no record of the spoofed request: ${requestSeen(spoofed)}`);
  const received = {
    'x-forwarded-for': headers['x-forwarded-for']?.join(',').split(',')[0]?.trim(),
    'x-forwarded-proto': headers['x-forwarded-proto']?.join(','),
    'x-forwarded-host': headers['x-forwarded-host']?.join(','),
  };
  const wanted = {
    'x-forwarded-for': spoofed.edge.clientIp,
    'x-forwarded-proto': 'https',
    'x-forwarded-host': authorityOf(lab),
  };
  const wrong = differences(received, wanted);
  return wrong === '' ? pass(JSON.stringify(received)) : fail('HDR_NOT_THE_EDGES', `at the app ${wrong}`);
}

function ownXfcc(spoofed: TracedRequest, lab: Lab): Verdict {
  if (spoofed.echo === undefined)
    return unknown('NO_ECHO', `the app did not answer the spoofed request: ${requestSeen(spoofed)}`);
  const xfcc = spoofed.echo.headers['x-forwarded-client-cert']?.join(',') ?? '';
  if (xfcc.includes(FORGED.spiffe))
    return fail('HDR_XFCC_SPOOFED', `the app received the XFCC header of the client: ${xfcc}`);
  return peerVerdict(spoofed.echo, lab.workloads.gateway, lab.workloads[APP_ID]);
}

function noControls(spoofed: TracedRequest): Verdict {
  const { gateway, echo } = spoofed;
  // First: with the client's id on it, the gateway's record is not found under the edge's.
  const ids = [gateway?.meshdev_id, ...(echo?.headers['x-meshdev-id'] ?? [])];
  if (ids.includes(FORGED.id))
    return fail('HDR_ID_SPOOFED', `the id ${FORGED.id} of the client passed the edge`);
  if (gateway === undefined)
    return unknown('NO_RECORD', `the spoofed request left no record: ${requestSeen(spoofed)}`);
  // 1 ms is all that the forged timeout leaves the app.
  if (gateway.response_flags?.split(',').includes('UT') === true)
    return fail(
      'HDR_CONTROL_ARRIVED',
      'the gateway applied the x-envoy-upstream-rq-timeout-ms of the client',
    );
  if (echo === undefined)
    return unknown('NO_ECHO', `the app did not answer the spoofed request: ${requestSeen(spoofed)}`);
  if (gateway.path !== '/headers')
    return fail('HDR_CONTROL_ARRIVED', `the gateway used ${gateway.path ?? 'nothing'} as the original path`);
  const arrived = ['x-envoy-upstream-rq-timeout-ms', 'x-envoy-original-path'].flatMap(
    (name) => echo.headers[name]?.map((value) => `${name}: ${value}`) ?? [],
  );
  return arrived.length === 0
    ? pass()
    : fail('HDR_CONTROL_ARRIVED', `the app received ${arrived.join(', ')}`);
}

/**
 * A second opinion: what the gateway would take off as well is not seen on the wire when the edge forgets it.
 * Every site has to take it off.
 */
function strips({ stripped }: HeaderRequests, names: readonly string[], lab: Lab): Verdict {
  const sites = publicHosts(lab).length;
  const left = names.filter((name) => stripped.filter((one) => one === name).length < sites);
  return left.length === 0
    ? pass(names.join(', '))
    : fail(
        'HDR_NOT_STRIPPED',
        `the running configuration of Caddy does not remove ${left.join(', ')} in every site`,
      );
}

/** Of the header itself only a digest is kept. */
function sameAuthorization({ sent, traced }: HeaderRequests['authorization']): Verdict {
  const received = traced.echo?.authorization;
  if (traced.echo === undefined)
    return unknown('NO_ECHO', `the app did not answer the request: ${requestSeen(traced)}`);
  return received?.join() === sent
    ? seeing(pass('once, byte for byte'), exchangeItem(traced))
    : fail(
        'HDR_AUTHORIZATION_CHANGED',
        `sent once with digest ${sent}, the app received ${received?.join(', ') ?? 'none'}`,
      );
}

/** A strict edge does not hand encoded dots on. */
function dotsDenied(traced: TracedRequest, { strictPaths }: Lab): Verdict {
  const who = `${VIEWER} on /anything/read/%2e%2e/admin`;
  return strictPaths ? refusedAtEdge(traced, 400, who, 'HDR_PATH_NOT_JUDGED') : denied(traced, who);
}

function denied(traced: TracedRequest, who: string): Verdict {
  return refusedBySidecar(traced, { status: 403, details: RBAC_DEFAULT, code: 'RBAC_TOO_WIDE', who });
}

type Received = Readonly<Record<string, string | undefined>>;

function differences(received: Received, wanted: Readonly<Record<string, string>>): string {
  const wrong = Object.entries(wanted).filter(([name, value]) => received[name] !== value);
  return wrong
    .map(([name, value]) => `${name} is ${received[name] ?? 'absent'}, expected ${value}`)
    .join(' · ');
}
