import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EvidenceMap } from '../../src/evidence/evidence-map.ts';
import type { TracedRequest } from '../../src/evidence/traced-request.ts';
import type { CellRequest, Continuity, HeaderRequests, ShotRequest } from '../../src/evidence/corpora.ts';
import type { PolicyObject } from '../../src/evidence/policy-state.ts';
import { cellsOf } from '../../src/cases/matrix/access-matrix.ts';
import { readMatrix } from '../../src/cases/matrix/read-matrix.ts';
import { STRIPPED_HEADERS } from '../../src/edge/caddyfile.ts';
import { IDENTITY_PATTERNS } from '../../src/edge/identity-headers.ts';
import type { FramingCase } from '../../src/cases/framing/framing-case.ts';
import { FRAMING_CASES } from '../../src/cases/framing/framing-cases.ts';
import type { HeaderCase } from '../../src/cases/headers/header-case.ts';
import { HEADER_CASES } from '../../src/cases/headers/header-cases.ts';
import { HOST_CASES, type HostCase } from '../../src/cases/host-cases.ts';
import { passingHeaders } from '../../src/cases/headers/passing-headers.ts';
import { PATH_CASES, type PathCase } from '../../src/cases/path-cases.ts';
import { spiffeId } from '../../src/topology/identity.ts';
import { type Lab, publicHosts } from '../../src/topology/lab.ts';
import { answered, DETAILS, refused, type Route } from './healthy-requests.ts';

export const SAMPLE_MATRIX = join(import.meta.dirname, '../../templates/rbac/access-matrix.yaml');

type Corpora = Pick<
  EvidenceMap,
  | 'header.walks'
  | 'framing.walks'
  | 'path.walks'
  | 'host.walks'
  | 'rbac.matrix'
  | 'preflights'
  | 'policy.state'
  | 'continuity'
>;

/** How the requests of the corpora end, one after the other. */
interface Endings {
  readonly app: (route: Route) => ShotRequest;
  readonly denied: (route: Route, status?: number, details?: string) => ShotRequest;
  /** By the edge's parser: nobody has a record. */
  readonly parser: (status: number) => ShotRequest;
}

export function healthyCorpora(lab: Lab, fingerprint: string): Corpora {
  const end: Endings = {
    app: (route) => shot(answered(lab, fingerprint, route)),
    denied: (route, status = 403, details = DETAILS.ACCESS_DENIED) =>
      shot(refused(lab, fingerprint, route, { status, details })),
    parser: (status) => ({ ...silentShot, status, ended: 'data' }),
  };
  return {
    'header.walks': headerRequests(lab, end),
    'framing.walks': FRAMING_CASES.map((each) => ({ ...framed(each, end), case: each })),
    'path.walks': PATH_CASES.map((each) => ({ ...spelled(each, end), case: each })),
    'host.walks': HOST_CASES.map((each) => ({ ...hosted(each, lab, end), case: each })),
    'rbac.matrix': matrixRequests(lab, end),
    preflights: preflights(end),
    'policy.state': policyState(lab),
    continuity: continuity(lab, end),
  };
}

function shot(traced: TracedRequest): ShotRequest {
  const { gateway, sidecar } = traced;
  return {
    ...traced,
    gateway: gateway === undefined ? undefined : { ...gateway, duration_ms: '2' },
    sidecar: sidecar === undefined ? undefined : { ...sidecar, duration_ms: '1' },
    appTimes: traced.app === undefined ? 0 : 1,
    hiddenTimes: 0,
    hiddenAtEdge: 0,
    hiddenAnswered: 0,
    durationMs: 4.5,
    connection: 'series/0',
  };
}

const silentShot: ShotRequest = shot({
  status: undefined,
  ended: 'closed',
  headers: {},
  body: '',
  meshdevId: undefined,
  edge: undefined,
  gateway: undefined,
  sidecar: undefined,
  app: undefined,
  echo: undefined,
});

function headerRequests(lab: Lab, end: Endings): HeaderRequests {
  const [ledger, caller] = [spiffeId(lab.workloads.ledger), spiffeId(lab.workloads.caller)];
  const podEcho = {
    headers: { 'x-forwarded-client-cert': [`By=${ledger};Hash=cc;Subject="";URI=${caller}`] },
  };
  const honest = end.app({ id: 'id-authorization', subject: 'alice', path: '/headers' });
  const sent = passingHeaders(lab.trustedHeaders);
  const received = Object.fromEntries(sent.map(([name, value]) => [name.toLowerCase(), [value]]));
  return {
    requests: HEADER_CASES.filter(({ via }) => via !== 'pod').map((each) => ({
      ...claimed(each, end),
      case: each,
    })),
    pods: HEADER_CASES.filter(({ via }) => via === 'pod').map((each) => ({
      case: each,
      status: 200,
      echo: podEcho,
    })),
    stripped: publicHosts(lab).flatMap(() => [...IDENTITY_PATTERNS, ...STRIPPED_HEADERS]),
    authorization: {
      sent: 'd1',
      traced: { ...honest, echo: { headers: {}, ...honest.echo, authorization: ['d1'] } },
    },
    passing: { sent, traced: { ...honest, echo: { headers: { ...honest.echo?.headers, ...received } } } },
  };
}

function claimed({ id, outcome, as }: HeaderCase, end: Endings): ShotRequest {
  const route = { id: `id-${id}`, subject: as === 'nobody' ? undefined : as, path: '/headers' };
  if (outcome === 'refused') return end.parser(400);
  return outcome === 'denied' ? end.denied({ ...route, subject: undefined }) : end.app(route);
}

function framed({ id, outcome }: FramingCase, end: Endings): ShotRequest {
  const traced = end.app({ id: `id-${id}`, subject: 'alice', path: '/headers' });
  switch (outcome.kind) {
    case 'refused':
      return end.parser(outcome.status);
    case 'reset':
      return silentShot;
    case 'cut':
      return {
        ...traced,
        status: 400,
        echo: undefined,
        ...(traced.edge === undefined ? {} : { edge: { ...traced.edge, status: 400, error: 'bad chunk' } }),
      };
    case 'judged':
      return {
        ...traced,
        hiddenTimes: outcome.hidden,
        hiddenAtEdge: outcome.hidden,
        hiddenAnswered: outcome.hidden,
        echo: {
          headers: {},
          ...traced.echo,
          ...(outcome.body === undefined ? {} : { body: outcome.body }),
        },
      };
  }
}

function spelled({ id, outcome, via }: PathCase, end: Endings): ShotRequest {
  const path = outcome.kind === 'read' ? outcome.uri : '/anything/admin';
  const route = { id: `id-${id}`, subject: 'bob', path };
  if (outcome.kind === 'denied') return end.denied(route);
  if (outcome.kind === 'refused') {
    if (outcome.by !== 'app') return end.parser(400);
    return { ...end.denied(route, 400, 'via_upstream'), edge: undefined };
  }
  const traced = end.app(route);
  const judged = { ...traced, sidecar: { ...traced.sidecar, path: path.split('?')[0] ?? '' } };
  return via === 'edge' ? judged : { ...judged, edge: undefined };
}

function hosted({ id, outcome }: HostCase, lab: Lab, end: Endings): ShotRequest {
  const traced = end.app({ id: `id-${id}`, subject: 'alice', path: '/headers' });
  if (outcome === 'misdirected') return end.parser(421);
  if (outcome === 'alert') return { ...silentShot, ended: 'alert', alert: 'internal_error' };
  if (outcome === 'httpbin' || traced.edge === undefined) return traced;
  const upstream = `${lab.containers.idp}:${lab.idpPort}`;
  return { ...end.parser(404), meshdevId: traced.meshdevId, edge: { ...traced.edge, status: 404, upstream } };
}

function matrixRequests(lab: Lab, end: Endings): readonly CellRequest[] {
  const matrix = readMatrix(SAMPLE_MATRIX, readFileSync(SAMPLE_MATRIX, 'utf8'), lab);
  return cellsOf(matrix).cells.map((cell) => {
    const route = { id: `id-${cell.id}`, subject: cell.subject, path: cell.path };
    if (cell.expected === 'deny') return { ...end.denied(route), case: cell };
    const [namespace, name] = cell.by.split('/');
    const traced = end.app(route);
    const policy = `ns[${namespace}]-policy[${name}]-rule[0]`;
    return { ...traced, sidecar: { ...traced.sidecar, rbac_policy: policy }, case: cell };
  });
}

function preflights(end: Endings): EvidenceMap['preflights'] {
  const route = { id: 'id-preflight', subject: undefined, path: '/headers' };
  const byToken = () => end.denied(route, 401, DETAILS.ISSUER_UNKNOWN);
  return {
    garbage: end.denied(route),
    noToken: end.denied(route),
    alice: end.denied(route),
    notPreflight: byToken(),
    get: byToken(),
  };
}

function policyState(lab: Lab): EvidenceMap['policy.state'] {
  const hosts = [lab.hosts.httpbin, `${lab.hosts.httpbin}:*`];
  const policy = (namespace: string, name: string, rules: PolicyObject['rules']): PolicyObject => ({
    kind: 'AuthorizationPolicy',
    namespace,
    name,
    selector: {},
    targets: false,
    action: 'ALLOW',
    dryRun: false,
    rules,
    issuers: [],
  });
  const rule = { hosts, paths: ['/anything/read'], negations: [] };
  return {
    objects: [
      policy('apps', 'httpbin-read', [rule]),
      policy('istio-system', 'default-deny', []),
      {
        ...policy('apps', 'tokens', []),
        kind: 'RequestAuthentication',
        selector: { app: 'httpbin' },
        issuers: [lab.issuer],
      },
    ],
    proxies: [
      {
        workload: 'gateway',
        namespace: 'istio-ingress',
        labels: {},
        policies: ['istio-system/default-deny'],
        issuers: [],
      },
      {
        workload: 'httpbin',
        namespace: 'apps',
        labels: { app: 'httpbin' },
        policies: ['apps/httpbin-read', 'istio-system/default-deny'],
        issuers: [lab.issuer],
      },
    ],
    unasked: [],
  };
}

function continuity(lab: Lab, end: Endings): Continuity {
  const nonces = ['n1', 'n2', 'n3'].map((nonce) => {
    const path = `/anything/read?nonce=${nonce}`;
    const traced = end.app({ id: `id-${nonce}`, subject: 'alice', path });
    return {
      nonce,
      traced: { ...traced, echo: { headers: {}, ...traced.echo, url: `${lab.audience}${path}` } },
    };
  });
  const turns = (['alice', 'bob', 'alice', 'bob'] as const).map((user, at) => ({
    user,
    traced: end.app({ id: `id-turn-${at}`, subject: user, path: '/headers' }),
  }));
  const socket = end.app({ id: 'id-socket', subject: 'alice', path: '/websocket/echo' });
  return {
    nonces,
    turns: { http1: turns, http2: turns },
    webSocket: { ...socket, status: 101, body: 'through the socket', echo: undefined },
    webSocketText: 'through the socket',
    webSocketWithoutToken: end.denied({ id: 'id-no-socket', subject: undefined, path: '/websocket/echo' }),
  };
}
