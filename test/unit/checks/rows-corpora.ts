import type { ReasonCode } from '../../../src/checks/reasons.ts';
import { spiffeId } from '../../../src/topology/identity.ts';
import type { Lab } from '../../../src/topology/lab.ts';
import {
  arrived,
  authorization,
  type Change,
  corpus,
  header,
  passing,
  pods,
  servedByApp,
  silent,
  strips,
} from '../../support/break-corpora.ts';
import { xfcc } from '../../support/healthy-requests.ts';
import { row, type Row } from './expected.ts';

/** Headers, framing, paths and hosts: one case of each kind taken otherwise than it should be. */
export function corpusRows(lab: Lab): readonly Row[] {
  return [...headerRows(lab), ...framingRows(), ...pathRows(), ...hostRows()];
}

function headerRows(lab: Lab): readonly Row[] {
  const forged = [
    ['MD-HDR-001', 'xff-two', 'x-real-ip', 'HDR_CLAIM_ARRIVED'],
    ['MD-HDR-002', 'xfcc-many', 'client-cert', 'HDR_XFCC_SPOOFED'],
    ['MD-HDR-003', 'envoy-decorator', 'x-envoy-decorator-operation', 'HDR_CONTROL_ARRIVED'],
    ['MD-HDR-004', 'claim', 'x-user', 'HDR_SUBJECT_SPOOFED'],
    ['MD-HDR-005', 'alias-dot', 'x.forwarded.client.cert', 'HDR_ALIAS_ARRIVED'],
    ['MD-HDR-006', 'rewrite-url', 'x-rewrite-url', 'HDR_OVERRIDE_ARRIVED'],
    ['MD-HDR-010', 'named-roles', 'x-roles', 'HDR_IDENTITY_ARRIVED'],
    ['MD-HDR-010', 'like-tenant', 'own-tenant', 'HDR_IDENTITY_ARRIVED'],
  ] as const;
  return [
    ...forged.map(([check, id, name, code]) =>
      row(`${name} of the client arrives (${id})`, header(id, arrived(name, 'forged')), {
        [check]: `fail ${code}`,
      }),
    ),
    row(
      'the client address is another than the edge saw',
      header('real-ip', arrived('x-forwarded-for', '10.9.9.9')),
      {
        'MD-HDR-001': 'fail HDR_NOT_THE_EDGES',
      },
    ),
    row(
      'the gateway obeys a timeout of the client',
      header('envoy-timeout', (one) => ({ ...one, gateway: { ...one.gateway, response_flags: 'UT' } })),
      {
        'MD-HDR-003': 'fail HDR_CONTROL_ARRIVED',
      },
    ),
    row(
      'a retry header makes two requests of one',
      header('envoy-retry', (one) => ({ ...one, appTimes: 2 })),
      {
        'MD-HDR-003': 'fail HDR_CONTROL_ARRIVED',
      },
    ),
    row(
      'the subject is not the one that was judged',
      header('claim-gateway', arrived('x-meshdev-subject', 'mallory')),
      {
        'MD-HDR-004': 'fail HDR_SUBJECT_SPOOFED',
      },
    ),
    row('a subject without a token reaches the app', header('claim-without-token', servedByApp), {
      'MD-HDR-004': 'fail HDR_SUBJECT_SPOOFED',
    }),
    row('a name with a space is accepted', header('alias-space', servedByApp), {
      'MD-HDR-005': 'fail HDR_ALIAS_ARRIVED',
    }),
    row(
      'a name with a NUL is refused further in',
      header('alias-nul', (one) => ({ ...one, gateway: {} })),
      {
        'MD-HDR-005': 'fail REFUSED_ELSEWHERE',
      },
    ),
    row('Connection takes the id away', header('connection-id', arrived('x-meshdev-id', undefined)), {
      'MD-HDR-006': 'fail HDR_ID_LOST',
    }),
    row('the app of the pod receives what another pod made up', pods('forged'), {
      'MD-HDR-002': 'fail HDR_XFCC_SPOOFED',
    }),
    row('a claim did not come back', header('forwarded', silent), { 'MD-HDR-001': 'unknown NO_ECHO' }),
    row('one site of the edge strips no XFCC', strips('*forwarded*'), {
      'MD-HDR-002': 'fail HDR_NOT_STRIPPED',
      'MD-HDR-010': 'fail HDR_NOT_STRIPPED',
    }),
    row('one site of the edge strips no x-envoy-*', strips('*envoy*'), {
      'MD-HDR-003': 'fail HDR_NOT_STRIPPED',
      'MD-HDR-010': 'fail HDR_NOT_STRIPPED',
    }),
    row('one site of the edge leaves roles', strips('*role*'), { 'MD-HDR-010': 'fail HDR_NOT_STRIPPED' }),
    row('the edge takes a CSRF token off', passing(arrived('x-csrf-token', undefined)), {
      'MD-HDR-011': 'fail HDR_HONEST_LOST',
    }),
    row('the edge changes traceparent', passing(arrived('traceparent', '00-1-1-00')), {
      'MD-HDR-011': 'fail HDR_HONEST_LOST',
    }),
    row('what has to arrive did not come back', passing(silent), { 'MD-HDR-011': 'unknown NO_ECHO' }),
    ...[undefined, ['d2'], ['d1', 'd1']].map((seen) =>
      row(`the app received ${seen?.join(' and ') ?? 'no'} Authorization`, authorization(seen), {
        'MD-HDR-008': 'fail HDR_AUTHORIZATION_CHANGED',
      }),
    ),
    row(
      'an XFCC of another gateway arrives',
      header('xfcc-one', arrived('x-forwarded-client-cert', xfcc(lab, spiffeId(lab.workloads.intruder)))),
      {
        'MD-HDR-002': 'fail CONT_OTHER_PEER',
      },
    ),
  ];
}

function framingRows(): readonly Row[] {
  const turns = (what: string, id: string, change: Change, red: `${'fail' | 'unknown'} ${ReasonCode}`): Row =>
    row(what, corpus('framing.walks', id, change), { 'MD-HDR-007': red });
  return [
    turns(
      'a hidden request reaches the app',
      'length-and-chunks',
      (one) => ({ ...one, hiddenTimes: 1, hiddenAtEdge: 0 }),
      'fail HDR_SMUGGLED',
    ),
    turns(
      'a body becomes a request',
      'get-with-body',
      (one) => ({ ...one, hiddenTimes: 1, hiddenAtEdge: 1 }),
      'fail HDR_SMUGGLED',
    ),
    turns(
      'a request arrives twice',
      'length-twice-same',
      (one) => ({ ...one, appTimes: 2 }),
      'fail HDR_SMUGGLED',
    ),
    turns('two lengths are accepted', 'length-twice-differing', servedByApp, 'fail HDR_AMBIGUOUS_ACCEPTED'),
    turns(
      'two hosts are refused by the gateway',
      'host-two',
      (one) => ({ ...one, gateway: {} }),
      'fail REFUSED_ELSEWHERE',
    ),
    turns(
      'an unknown encoding gets another status',
      'encoding-unknown',
      (one) => ({ ...one, status: 404 }),
      'fail REFUSED_FOR_OTHER_REASON',
    ),
    turns('a chunk with a sign is accepted', 'chunk-negative', servedByApp, 'fail HDR_AMBIGUOUS_ACCEPTED'),
    turns(
      'a contradictory authority is answered',
      'h2-host-differs',
      servedByApp,
      'fail HDR_AMBIGUOUS_ACCEPTED',
    ),
    turns(
      'the body is cut',
      'chunk-extension',
      (one) => ({ ...one, echo: { headers: {}, ...one.echo, body: 'hell' } }),
      'fail HDR_SMUGGLED',
    ),
    turns(
      'the other Host of an absolute target arrives',
      'absolute-wins',
      arrived('host', 'forged.example.test'),
      'fail HDR_AMBIGUOUS_ACCEPTED',
    ),
    turns('nothing came back of two lengths', 'length-list', silent, 'unknown NO_ANSWER'),
  ];
}

function pathRows(): readonly Row[] {
  const turns = (what: string, id: string, change: Change, red: `${'fail' | 'unknown'} ${ReasonCode}`): Row =>
    row(what, corpus('path.walks', id, change), { 'MD-HDR-009': red });
  const saw =
    (uri: string): Change =>
    (one) => ({ ...servedByApp(one), app: { method: 'GET', uri, status: 200, userAgent: 'a' } });
  return [
    turns(
      'dots lead bob to the admin path',
      'dots-encoded',
      saw('/anything/read/%2e%2e/admin'),
      'fail HDR_PATH_NOT_JUDGED',
    ),
    turns(
      'a backslash leads bob out',
      'separator-5c',
      saw('/anything/read/x%5C..%5C..%5Cadmin'),
      'fail HDR_PATH_NOT_JUDGED',
    ),
    turns(
      'the app sees another path than policy',
      'byte-41',
      (one) => ({ ...one, sidecar: { ...one.sidecar, path: '/anything/read/B' } }),
      'fail HDR_PATH_NOT_JUDGED',
    ),
    turns(
      'a letter is no longer decoded',
      'byte-42',
      (one) => ({
        ...saw('/anything/read/%42')(one),
        sidecar: { ...one.sidecar, path: '/anything/read/%42' },
      }),
      'fail HDR_PATH_OTHERWISE',
    ),
    turns(
      'a NUL is refused by the sidecar',
      'byte-00',
      (one) => ({ ...one, sidecar: { response_code_details: 'x' } }),
      'fail HDR_PATH_OTHERWISE',
    ),
    turns(
      'the gateway that should refuse a NUL is gone',
      'byte-00',
      (one) => ({ ...one, status: 502 }),
      'unknown PATH_BROKEN',
    ),
    turns('a spelling got no answer', 'slashes', silent, 'unknown NO_ANSWER'),
  ];
}

function hostRows(): readonly Row[] {
  const turns = (what: string, id: string, change: Change, red: `${'fail' | 'unknown'} ${ReasonCode}`): Row =>
    row(what, corpus('host.walks', id, change), { 'MD-EDGE-010': red });
  return [
    turns('a sibling host is served', 'h2-sibling', servedByApp, 'fail EDGE_NOT_MISDIRECTED'),
    turns(
      'a crossed host goes to the gateway',
      'h2-auth-host',
      (one) => ({ ...one, gateway: {} }),
      'fail REFUSED_ELSEWHERE',
    ),
    turns('a name nobody serves is served', 'sni-child', servedByApp, 'fail EDGE_CATCH_ALL_CERTIFICATE'),
    turns('the IdP’s host is answered by the mesh', 'own-auth', servedByApp, 'fail EDGE_NOT_MISDIRECTED'),
    turns('the edge was not there for a pair', 'address', silent, 'unknown NO_ANSWER'),
  ];
}
