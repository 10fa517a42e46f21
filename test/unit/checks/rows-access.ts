import type { EvidenceMap } from '../../../src/evidence/evidence-map.ts';
import type { RouteAnswer } from '../../../src/evidence/open-routes.ts';
import type { PolicyObject } from '../../../src/evidence/policy-state.ts';
import type { Lab } from '../../../src/topology/lab.ts';
import { type Change, continuity, corpus, servedByApp, silent } from '../../support/break-corpora.ts';
import { type Break, echoHeader, gatewayRecord } from '../../support/break-evidence.ts';
import { xfcc } from '../../support/healthy-requests.ts';
import { type Red, row, type Row, uncontrolled } from './expected.ts';

/** The access matrix, the policies behind it, and requests that must not be mixed up. */
export function accessRows(lab: Lab): readonly Row[] {
  return [...matrixRows(), ...policyRows(), ...continuityRows(lab)];
}

function matrixRows(): readonly Row[] {
  const [allow, deny, other] = [
    'bob-get-anything-read',
    'bob-get-anything-admin',
    'alice-patch-anything-read',
  ];
  const preflight =
    (name: keyof EvidenceMap['preflights'], change: Change): Break =>
    (all) => ({
      ...all,
      preflights: { ...all.preflights, [name]: change(all.preflights[name]) },
    });
  const denied: Change = (one) => ({
    ...one,
    status: 403,
    app: undefined,
    echo: undefined,
    sidecar: { ...one.sidecar, response_code_details: 'rbac_access_denied_matched_policy[none]' },
  });
  const by =
    (policy: string): Change =>
    (one) => ({ ...one, sidecar: { ...one.sidecar, rbac_policy: policy } });
  return [
    row('a reader is locked out', corpus('rbac.matrix', allow, denied), {
      'MD-RBAC-001': 'fail RBAC_LOCKED_OUT',
      ...uncontrolled('MD-RBAC-001'),
    }),
    row(
      'another policy lets the reader in',
      corpus('rbac.matrix', allow, by('ns[apps]-policy[stranger]-rule[0]')),
      {
        'MD-RBAC-001': 'fail RBAC_OTHER_POLICY',
        ...uncontrolled('MD-RBAC-001'),
      },
    ),
    row('bob administers', corpus('rbac.matrix', deny, servedByApp), { 'MD-RBAC-002': 'fail RBAC_TOO_WIDE' }),
    row(
      'a policy denies where the default should',
      corpus('rbac.matrix', deny, (one) => ({
        ...one,
        sidecar: {
          ...one.sidecar,
          response_code_details: 'rbac_access_denied_matched_policy[ns[apps]-policy[x]-rule[1]]',
        },
      })),
      {
        'MD-RBAC-002': 'fail RBAC_OTHER_POLICY',
      },
    ),
    row(
      'the gateway denies where the sidecar should',
      corpus('rbac.matrix', deny, (one) => ({ ...one, sidecar: undefined })),
      {
        'MD-RBAC-002': 'fail REFUSED_ELSEWHERE',
      },
    ),
    row('a cell got no answer', corpus('rbac.matrix', deny, silent), { 'MD-RBAC-002': 'unknown NO_ANSWER' }),
    row('an unlisted method passes', corpus('rbac.matrix', other, servedByApp), {
      'MD-RBAC-004': 'fail RBAC_TOO_WIDE',
    }),
    row('a preflight with an unsigned token passes', preflight('garbage', servedByApp), {
      'MD-RBAC-005': 'fail RBAC_PREFLIGHT_PASSES',
    }),
    row('a GET with the headers of a preflight is not judged by its token', preflight('get', denied), {
      'MD-RBAC-005': 'fail REFUSED_FOR_OTHER_REASON',
    }),
  ];
}

function policyRows(): readonly Row[] {
  const change =
    (at: number, more: Partial<PolicyObject>): Break =>
    (all) => ({
      ...all,
      'policy.state': {
        ...all['policy.state'],
        objects: all['policy.state'].objects.map((one, index) => (index === at ? { ...one, ...more } : one)),
      },
    });
  const rule = { hosts: ['h', 'h:*'], paths: ['/p'], negations: [] };
  const theirs = { workload: 'shop/cart-0', namespace: 'shop', labels: { app: 'cart' } };
  const withTheirs =
    (more: Partial<EvidenceMap['policy.state']>): Break =>
    (all) => {
      const state = all['policy.state'];
      const objects = state.objects.slice(0, 1).map((one) => ({ ...one, namespace: 'shop', name: 'cart' }));
      return { ...all, 'policy.state': { ...state, objects: [...state.objects, ...objects], ...more } };
    };
  return [
    row(
      'somebody’s policy is in force at their own workload',
      (all) =>
        withTheirs({
          proxies: [
            ...all['policy.state'].proxies,
            { ...theirs, policies: ['shop/cart', 'istio-system/default-deny'], issuers: [] },
          ],
        })(all),
      {},
    ),
    row(
      'somebody’s policy is not in the proxy that it selects',
      (all) =>
        withTheirs({
          proxies: [...all['policy.state'].proxies, { ...theirs, policies: [], issuers: [] }],
        })(all),
      { 'MD-RBAC-006': 'fail RBAC_DETACHED' },
    ),
    row('somebody’s policy is for pods that there are not', withTheirs({}), {
      'MD-RBAC-006': 'fail RBAC_DETACHED',
    }),
    row(
      'the proxy that somebody’s policy selects could not be asked',
      withTheirs({ unasked: [{ ...theirs, because: 'it did not answer' }] }),
      { 'MD-RBAC-006': 'unknown NO_PROXIES' },
    ),
    ...openRouteRows(),
    ...analysisRows(),
    row('a policy selects nothing', change(0, { name: 'httpbin-raed' }), {
      'MD-RBAC-006': 'fail RBAC_DETACHED',
    }),
    row('token rules select nothing', change(2, { issuers: ['https://nobody.example.test'] }), {
      'MD-RBAC-006': 'fail RBAC_DETACHED',
    }),
    row('token rules name no issuer', change(2, { issuers: [] }), { 'MD-RBAC-006': 'fail RBAC_DETACHED' }),
    row('token rules name pods that are not there', change(2, { selector: { app: 'htpbin' } }), {
      'MD-RBAC-006': 'fail RBAC_DETACHED',
    }),
    row('token rules are in a namespace without pods', change(2, { namespace: 'default' }), {
      'MD-RBAC-006': 'fail RBAC_DETACHED',
    }),
    ...(
      [
        ['denies by path', { action: 'DENY', rules: [rule] }],
        ['is audit only', { action: 'AUDIT' }],
        ['is a dry run', { dryRun: true }],
        ['allows all paths but one', { rules: [{ ...rule, negations: ['notPaths'] }] }],
        ['names a host without its port', { rules: [{ ...rule, hosts: ['h'] }] }],
        ['names all hosts of a zone without a port', { rules: [{ ...rule, hosts: ['*.zone'] }] }],
      ] as const
    ).map(([what, more]) =>
      row(`a policy ${what}`, change(0, more), { 'MD-RBAC-007': 'warn RBAC_NOT_POSITIVE' }),
    ),
  ];
}

/** What istioctl says. */
function analysisRows(): readonly Row[] {
  const says =
    (level: 'Info' | 'Warning' | 'Error', planned: boolean): Break =>
    (all) => ({
      ...all,
      analysis: {
        kind: 'analysed',
        messages: [{ code: 'IST0101', level, message: 'no such host', origin: 'Gateway a/b', planned }],
      },
    });
  const reds = (red: Red) => ({ 'MD-DRIFT-006': red });
  return [
    row('istioctl informs about an object of the plan', says('Info', true), reds('fail DRIFT_ANALYSIS')),
    row('istioctl informs about somebody’s object', says('Info', false), reds('warn DRIFT_ANALYSIS')),
    row('istioctl warns of somebody’s object', says('Warning', false), reds('warn DRIFT_ANALYSIS')),
    row('istioctl finds an error in somebody’s object', says('Error', false), reds('fail DRIFT_ANALYSIS')),
  ];
}

/** A route of somebody's beside the plan's. */
function openRouteRows(): readonly Row[] {
  const route =
    (answer: RouteAnswer): Break =>
    (all) => ({
      ...all,
      'open.routes': [
        { rule: 'VirtualService shop/open', url: 'https://httpbin.mesh.localhost/open', answer },
      ],
    });
  const answered = (status: number): Break =>
    route({ kind: 'answered', status, upstream: '10.244.0.9:8080', body: '' });
  const reds = (red: Red) => ({ 'MD-RBAC-009': red });
  return [
    row('somebody’s path answers everybody', answered(200), reds('fail RBAC_OPEN_PATH')),
    row('somebody’s path sends everybody on', answered(302), reds('fail RBAC_OPEN_PATH')),
    row('somebody’s app has nothing there, but was asked', answered(404), reds('warn RBAC_OPEN_PATH')),
    row('somebody’s path is refused without a token', answered(403), {}),
    row('somebody’s app wants another token', answered(401), {}),
    row('somebody’s app does not run', answered(503), {}),
    row(
      'the gateway answers somebody’s path by itself',
      route({ kind: 'answered', status: 200, upstream: undefined, body: '' }),
      {},
    ),
    row(
      'somebody’s path does not answer',
      route({ kind: 'silent', because: 'ECONNRESET' }),
      reds('unknown NO_ANSWER'),
    ),
  ];
}

function continuityRows(lab: Lab): readonly Row[] {
  const nonce = (change: Change): Break =>
    continuity((one) => ({
      ...one,
      nonces: one.nonces.map(({ nonce: id, traced }, at) => ({
        nonce: id,
        traced: at === 1 ? change(traced) : traced,
      })),
    }));
  const turn = (change: Change): Break =>
    continuity((one) => ({
      ...one,
      turns: {
        ...one.turns,
        http2: one.turns.http2.map((each, at) =>
          at === 1 ? { ...each, traced: change(each.traced) } : each,
        ),
      },
    }));
  const socket = (change: Change): Break =>
    continuity((one) => ({ ...one, webSocket: change(one.webSocket) }));
  return [
    row(
      'the gateway saw another certificate than Caddy has',
      gatewayRecord('alice-read', { downstream_peer_fingerprint: 'ff' }),
      {
        'MD-CONT-002': 'fail CONT_OTHER_CERTIFICATE',
        'MD-EGW-005': 'fail EGW_OTHER_CLIENT',
        ...uncontrolled('MD-EGW-005'),
      },
    ),
    row(
      'the app was told of another certificate',
      echoHeader('alice-read', 'x-forwarded-client-cert', xfcc(lab, undefined, 'ff')),
      {
        'MD-CONT-002': 'fail CONT_OTHER_CERTIFICATE',
      },
    ),
    row(
      'an answer of another nonce comes back',
      nonce((one) => ({ ...one, echo: { headers: {}, ...one.echo, url: 'https://x/?nonce=n1' } })),
      {
        'MD-CONT-006': 'fail CONT_NOT_ONCE',
      },
    ),
    row(
      'a nonce reaches the app twice',
      nonce((one) => ({ ...one, appTimes: 2 })),
      { 'MD-CONT-006': 'fail CONT_NOT_ONCE' },
    ),
    row('a nonce got no answer', nonce(silent), { 'MD-CONT-006': 'unknown NO_ANSWER' }),
    row(
      'bob receives what is alice’s',
      turn((one) => ({ ...one, echo: { headers: {}, ...one.echo, subject: 'alice' } })),
      {
        'MD-CONT-007': 'fail CONT_USERS_MIXED',
      },
    ),
    row(
      'the two users did not share a connection',
      turn((one) => ({ ...one, connection: 'series/1' })),
      {
        'MD-CONT-007': 'unknown NO_RECORD',
      },
    ),
    row(
      'a WebSocket is not opened',
      socket((one) => ({ ...one, status: 400 })),
      { 'MD-CONT-008': 'fail CONT_UPGRADE_BROKEN' },
    ),
    row(
      'a WebSocket says nothing',
      socket((one) => ({ ...one, body: '' })),
      { 'MD-CONT-008': 'fail CONT_UPGRADE_BROKEN' },
    ),
    row(
      'a WebSocket has another peer',
      socket((one) => ({ ...one, sidecar: { ...one.sidecar, downstream_peer_uri_san: 'spiffe://x' } })),
      {
        'MD-CONT-008': 'fail CONT_OTHER_PEER',
      },
    ),
    row(
      'a WebSocket opens without a token',
      continuity((one) => ({ ...one, webSocketWithoutToken: { ...one.webSocketWithoutToken, status: 101 } })),
      {
        'MD-CONT-008': 'fail CONT_UPGRADE_OPEN',
      },
    ),
    row(
      'no WebSocket comes as far as the sidecar',
      continuity((one) => ({
        ...one,
        webSocket: { ...one.webSocket, status: 502, sidecar: undefined },
        webSocketWithoutToken: { ...one.webSocketWithoutToken, status: 502, sidecar: undefined },
      })),
      {
        'MD-CONT-008': 'unknown PATH_BROKEN',
      },
    ),
    row(
      'the gateway was longer at it than the edge',
      nonce((one) => ({ ...one, gateway: { ...one.gateway, duration_ms: '900' } })),
      {
        'MD-CONT-009': 'warn CONT_LATENCY',
      },
    ),
  ];
}
