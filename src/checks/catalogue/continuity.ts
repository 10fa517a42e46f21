import { type AnyCheck, defineCheck, eachCase, fail, pass, seeing, skip, unknown } from '../check.ts';
import {
  addsUp,
  neverMixed,
  oneCertificate,
  onceEach,
  throughUpgrade,
  upgradeRefused,
} from '../continuity.ts';
import { walkSeen } from '../describe.ts';
import type { Walk } from '../../evidence/walk.ts';
import { exchangeItem } from '../evidence-item.ts';
import { peerVerdict } from '../peer.ts';
import { notFromApp } from '../refusal.ts';
import type { Verdict } from '../verdict.ts';
import { authorityOf } from '../../topology/lab.ts';

export const CONTINUITY_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-CONT-001',
    title: 'one request id is in the records of edge, gateway, sidecar and app',
    means: 'the components did not see the same request',
    lookAt: 'the component named',
    hop: 'lab',
    polarity: 'positive',
    blocking: false,
    evidence: ['walks'],
    judge: ({ walks }) => {
      const walk = walks['alice-read'];
      if (walk.ended === 'timeout') return unknown('TIMED_OUT', `the request: ${walkSeen(walk)}`);
      if (walk.status !== 200)
        return unknown('PATH_BROKEN', `the request did not come back; ${walkSeen(walk)}`);
      const id = walk.meshdevId;
      const ids = {
        edge: walk.edge?.meshdevId,
        gateway: walk.gateway?.meshdev_id,
        sidecar: walk.sidecar?.meshdev_id,
        app: walk.app === undefined ? undefined : walk.echo?.headers['x-meshdev-id']?.join(','),
      };
      const strangers = Object.entries(ids).filter(([, seen]) => seen === undefined || seen !== id);
      if (id !== undefined && strangers.length === 0) return pass(`${id} at edge, gateway, sidecar and app`);
      const seen = strangers
        .map(([party, value]) => `${party} ${value === undefined ? 'has no record' : `has ${value}`}`)
        .join(', ');
      return fail('CONT_BROKEN', `request ${id ?? '(no id came back)'}: ${seen}; ${walkSeen(walk)}`);
    },
  }),
  defineCheck({
    id: 'MD-CONT-002',
    title:
      'the client certificate the edge used, the gateway logged and the first XFCC element names are one',
    means: 'someone stands between edge and gateway',
    lookAt: '`meshdev check MD-EGW-005`',
    hop: 'edge->gateway',
    polarity: 'positive',
    blocking: false,
    evidence: ['walks', 'anchors'],
    judge: ({ walks, anchors }) =>
      seeing(oneCertificate(walks['alice-read'], anchors), exchangeItem(walks['alice-read'])),
  }),
  defineCheck({
    id: 'MD-CONT-003',
    title: 'the last XFCC element names the gateway’s SPIFFE id, its By the app’s',
    means: 'the app was reached by another workload',
    lookAt: '`meshdev check MD-RBAC-003`',
    hop: 'sidecar->app',
    polarity: 'positive',
    blocking: false,
    evidence: ['walks'],
    judge: ({ walks }, { lab }) => {
      const walk = walks['alice-read'];
      if (walk.echo === undefined) return noEcho(walk);
      return peerVerdict(walk.echo, lab.workloads.gateway, lab.workloads.httpbin);
    },
  }),
  defineCheck({
    id: 'MD-CONT-004',
    title: 'subject issued, judged and received are one',
    means: 'identity changed on the way',
    lookAt: '`meshdev check hdr`',
    hop: 'lab',
    polarity: 'positive',
    blocking: false,
    evidence: ['walks', 'tokens'],
    judge: ({ walks, tokens }) => {
      const walk = walks['alice-read'];
      if (walk.sidecar === undefined || walk.echo === undefined)
        return unknown('NO_RECORD', `no record at the sidecar or no echo of the app; ${walkSeen(walk)}`);
      const subjects = {
        issued: tokens.alice.subject,
        judged: walk.sidecar.jwt_subject,
        received: walk.echo.subject,
      };
      return new Set(Object.values(subjects)).size === 1
        ? pass(`subject ${subjects.issued}`)
        : fail(
            'CONT_SUBJECT_DIFFERS',
            `issued ${subjects.issued || 'nobody'}, judged ${subjects.judged ?? 'none'}, received ${subjects.received ?? 'none'}`,
          );
    },
  }),
  defineCheck({
    id: 'MD-CONT-005',
    title: 'method, path, query, host and body arrive unchanged',
    means: 'something rewrites requests',
    lookAt: 'the field named',
    hop: 'lab',
    polarity: 'positive',
    blocking: false,
    evidence: ['walks'],
    judge: ({ walks }, { lab }) => {
      const walk = walks['alice-body'];
      const { echo } = walk;
      if (echo === undefined) return noEcho(walk);
      const stranger = notFromApp(walk, "alice's POST", 'CONT_NO_ECHO');
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
        arrived[index] === value ? [] : [`sent ${value}, arrived ${arrived[index] ?? 'nothing'}`],
      );
      return wrong.length === 0 ? pass() : fail('CONT_REWRITTEN', wrong.join(' · '));
    },
  }),
  defineCheck({
    id: 'MD-CONT-006',
    title: 'n nonces give n distinct echoes, and each reached the app once',
    means: 'a cache, a retry or a duplicate stands in front of the app',
    lookAt: '`retries` of the VirtualService; caches before the edge',
    hop: 'lab',
    polarity: 'positive',
    blocking: false,
    evidence: ['continuity'],
    judge: ({ continuity: { nonces } }) => onceEach(nonces),
  }),
  defineCheck({
    id: 'MD-CONT-007',
    title: 'two users by turns on one connection never see each other',
    means: 'identity belongs to the connection, and bleeds between requests',
    lookAt: 'what the edge keeps for each connection',
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
    means: 'only plain HTTP is protected',
    lookAt: 'the route of the protocol',
    hop: 'lab',
    polarity: 'positive',
    blocking: false,
    evidence: ['continuity', 'tokens'],
    judge: ({ continuity, tokens: { alice } }, { lab }) =>
      eachCase([
        ['web-socket', throughUpgrade(continuity, alice.subject, lab)],
        ['web-socket-without-token', upgradeRefused(continuity)],
        ['grpc', skip('no service of this lab speaks gRPC: each is declared with appProtocol http')],
      ]),
  }),
  defineCheck({
    id: 'MD-CONT-009',
    title: 'the latency split adds up to what the client saw',
    means: 'clocks differ, or a phase is missing',
    lookAt: 'the clocks of host and node',
    hop: 'lab',
    polarity: 'positive',
    blocking: false,
    evidence: ['continuity'],
    judge: ({ continuity: { nonces } }) => addsUp(nonces.map(({ walk }) => walk)),
  }),
];

function noEcho(walk: Walk): Verdict {
  const what = `the request did not come back from the app; ${walkSeen(walk)}`;
  if (walk.ended === 'timeout') return unknown('TIMED_OUT', what);
  return walk.status === 200 ? fail('CONT_NO_ECHO', what) : unknown('PATH_BROKEN', what);
}
