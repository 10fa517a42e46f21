import { ADMIN, APP_ID } from '../../sample/names.ts';
import { WALK } from '../../sample/walks.ts';
import { type AnyCheck, defineCheck, eachCase, fail, pass, seeing, skip, unknown } from '../check.ts';
import {
  addsUp,
  neverMixed,
  oneCertificate,
  onceEach,
  throughUpgrade,
  upgradeRefused,
} from '../continuity.ts';
import { requestSeen } from '../describe.ts';
import type { TracedRequest } from '../../evidence/traced-request.ts';
import { exchangeItem } from '../evidence-item.ts';
import { peerVerdict } from '../peer.ts';
import { notFromApp } from '../refusal.ts';
import type { Verdict } from '../verdict.ts';
import { authorityOf } from '../../topology/lab.ts';

export const CONTINUITY_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-CONT-001',
    title: 'the records of edge, gateway, sidecar and app have the same request id',
    impact: 'the components recorded different requests',
    hint: 'the component that the message names',
    hop: 'lab',
    polarity: 'positive',
    blocking: false,
    evidence: ['walks'],
    judge: ({ walks }) => {
      const traced = walks[WALK.adminRead];
      if (traced.ended === 'timeout') return unknown('TIMED_OUT', `the request: ${requestSeen(traced)}`);
      if (traced.status !== 200)
        return unknown('PATH_BROKEN', `the app did not answer the request; ${requestSeen(traced)}`);
      const id = traced.meshdevId;
      const ids = {
        edge: traced.edge?.meshdevId,
        gateway: traced.gateway?.meshdev_id,
        sidecar: traced.sidecar?.meshdev_id,
        app: traced.app === undefined ? undefined : traced.echo?.headers['x-meshdev-id']?.join(','),
      };
      const strangers = Object.entries(ids).filter(([, seen]) => seen === undefined || seen !== id);
      if (id !== undefined && strangers.length === 0) return pass(`${id} at edge, gateway, sidecar and app`);
      const seen = strangers
        .map(([component, value]) => `${component} ${value === undefined ? 'has no record' : `has ${value}`}`)
        .join(', ');
      return fail('CONT_BROKEN', `request ${id ?? '(no id returned)'}: ${seen}; ${requestSeen(traced)}`);
    },
  }),
  defineCheck({
    id: 'MD-CONT-002',
    title: 'the edge used, the gateway logged and the first XFCC element names the same client certificate',
    impact: 'another component terminates TLS between edge and gateway',
    hint: '`meshdev check MD-EGW-005`',
    hop: 'edge->gateway',
    polarity: 'positive',
    blocking: false,
    evidence: ['walks', 'anchors'],
    judge: ({ walks, anchors }) =>
      seeing(oneCertificate(walks[WALK.adminRead], anchors), exchangeItem(walks[WALK.adminRead])),
  }),
  defineCheck({
    id: 'MD-CONT-003',
    title: 'the last XFCC element has the SPIFFE ID of the gateway as URI and the SPIFFE ID of the app as By',
    impact: 'another workload sent the request to the app',
    hint: '`meshdev check MD-RBAC-003`',
    hop: 'sidecar->app',
    polarity: 'positive',
    blocking: false,
    evidence: ['walks'],
    judge: ({ walks }, { lab }) => {
      const traced = walks[WALK.adminRead];
      if (traced.echo === undefined) return noEcho(traced);
      return peerVerdict(traced.echo, lab.workloads.gateway, lab.workloads[APP_ID]);
    },
  }),
  defineCheck({
    id: 'MD-CONT-004',
    title: 'the subject of the token is the subject that the sidecar validated and the app received',
    impact: 'the identity changed on its path',
    hint: '`meshdev check hdr`',
    hop: 'lab',
    polarity: 'positive',
    blocking: false,
    evidence: ['walks', 'tokens'],
    judge: ({ walks, tokens }) => {
      const traced = walks[WALK.adminRead];
      if (traced.sidecar === undefined || traced.echo === undefined)
        return unknown('NO_RECORD', `no record at the sidecar or no echo of the app; ${requestSeen(traced)}`);
      const subjects = {
        issued: tokens[ADMIN].subject,
        judged: traced.sidecar.jwt_subject,
        received: traced.echo.subject,
      };
      return new Set(Object.values(subjects)).size === 1
        ? pass(`subject ${subjects.issued}`)
        : fail(
            'CONT_SUBJECT_DIFFERS',
            `issued ${subjects.issued || 'none'}, validated ${subjects.judged ?? 'none'}, received ${subjects.received ?? 'none'}`,
          );
    },
  }),
  defineCheck({
    id: 'MD-CONT-005',
    title: 'method, path, query, host and body reach the app unchanged',
    impact: 'a component rewrites requests',
    hint: 'the field that the message names',
    hop: 'lab',
    polarity: 'positive',
    blocking: false,
    evidence: ['walks'],
    judge: ({ walks }, { lab }) => {
      const traced = walks[WALK.adminBody];
      const { echo } = traced;
      if (echo === undefined) return noEcho(traced);
      const stranger = notFromApp(traced, `${ADMIN}'s POST`, 'CONT_NO_ECHO');
      if (stranger !== undefined) return stranger;
      const arrived = [echo.method, echo.url, echo.headers['host']?.join(','), echo.body];
      const authority = authorityOf(lab);
      const sent = [
        'POST',
        `${lab.audience}/anything/admin/x?a=1&b=%20two`,
        authority,
        'the body, byte for byte',
      ];
      const wrong = sent.flatMap((value, index) =>
        arrived[index] === value ? [] : [`sent ${value}, received ${arrived[index] ?? 'nothing'}`],
      );
      return wrong.length === 0 ? pass() : fail('CONT_REWRITTEN', wrong.join(' · '));
    },
  }),
  defineCheck({
    id: 'MD-CONT-006',
    title: 'n nonces give n distinct echoes, and each request reached the app once',
    impact: 'a cache, a retry or a duplication is in effect in front of the app',
    hint: '`retries` of the VirtualService; caches before the edge',
    hop: 'lab',
    polarity: 'positive',
    blocking: false,
    evidence: ['continuity'],
    judge: ({ continuity: { nonces } }) => onceEach(nonces),
  }),
  defineCheck({
    id: 'MD-CONT-007',
    title: 'two users that alternate on one connection receive only their own data',
    impact: 'the identity is bound to the connection and leaks between requests',
    hint: 'the state that the edge keeps for each connection',
    hop: 'lab',
    polarity: 'positive',
    blocking: false,
    evidence: ['continuity'],
    judge: ({ continuity: { turns } }) =>
      eachCase([
        ['http1', neverMixed(turns.http1)],
        ['http2', neverMixed(turns.http2)],
      ]),
  }),
  defineCheck({
    id: 'MD-CONT-008',
    title: 'WebSocket and gRPC, where exposed, carry the same identities',
    impact: 'only plain HTTP is protected',
    hint: 'the route of the protocol',
    hop: 'lab',
    polarity: 'positive',
    blocking: false,
    evidence: ['continuity', 'tokens'],
    judge: ({ continuity, tokens: { [ADMIN]: admin } }, { lab }) =>
      eachCase([
        ['web-socket', throughUpgrade(continuity, admin.subject, lab)],
        ['web-socket-without-token', upgradeRefused(continuity)],
        ['grpc', skip('no service of this lab uses gRPC: each is declared with appProtocol http')],
      ]),
  }),
  defineCheck({
    id: 'MD-CONT-009',
    title: 'the latencies of the components add up to the latency of the client',
    impact: 'clocks differ, or a phase is missing',
    hint: 'the clocks of host and node',
    hop: 'lab',
    polarity: 'positive',
    blocking: false,
    evidence: ['continuity'],
    judge: ({ continuity: { nonces } }) => addsUp(nonces.map(({ traced }) => traced)),
  }),
];

function noEcho(traced: TracedRequest): Verdict {
  const what = `the app did not answer the request; ${requestSeen(traced)}`;
  if (traced.ended === 'timeout') return unknown('TIMED_OUT', what);
  return traced.status === 200 ? fail('CONT_NO_ECHO', what) : unknown('PATH_BROKEN', what);
}
