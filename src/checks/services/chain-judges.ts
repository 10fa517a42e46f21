import { spiffeId } from '../../topology/identity.ts';
import { authorityOf } from '../../topology/lab.ts';
import { clusterHost, isExposed, isLocal, type Service } from '../../topology/service.ts';
import type { TracedRequest } from '../../evidence/traced-request.ts';
import { bothEnds, routedTo } from '../both-ends.ts';
import { namesVerdict, chainVerdict } from '../certificates.ts';
import { oneOwner, ownRoute } from '../host-routes.ts';
import { isEdge, toLoopback } from '../catalogue/names.ts';
import { eachCase, fail, pass, seeing, unknown, warn } from '../check.ts';
import type { CheckId } from '../check-id.ts';
import { requestSeen } from '../describe.ts';
import { upstreamProblem } from '../edge-upstream.ts';
import { ABSENT_HEADER } from '../../guest/relay/absent-header.ts';
import { exchangeItem, handshakeItem } from '../evidence-item.ts';
import { httpStatusOf } from '../grpc-status.ts';
import { type AnyServiceJudge, defineServiceJudge } from '../service-judge.ts';
import type { Verdict } from '../verdict.ts';
import { withoutPersonalControl } from './not-judged.ts';
import { admittedBySidecar, passedSidecar } from './passed.ts';

/** The way of one request from the client to the app of a service. */
export const CHAIN_JUDGES = {
  'MD-EDGE-002': defineServiceJudge({
    scope: 'exposed',
    evidence: ['service.edge'],
    judge: ({ 'service.edge': { handshake, edgeRootPem } }, { at }) =>
      seeing(
        chainVerdict(
          { presented: handshake.peerChain, anchors: [edgeRootPem], at, purpose: 'serverAuth' },
          'the edge',
        ),
        handshakeItem(handshake),
      ),
  }),
  'MD-EDGE-003': defineServiceJudge({
    scope: 'exposed',
    evidence: ['service.edge'],
    judge: ({ 'service.edge': { handshake } }, { service }) =>
      seeing(namesVerdict(handshake.peerChain, hostOf(service)), handshakeItem(handshake)),
  }),
  'MD-EGW-002': defineServiceJudge({
    scope: 'exposed',
    evidence: ['service.edge'],
    judge: ({ 'service.edge': { upstreams } }, { service }) => {
      if (upstreams.length === 0)
        return fail(
          'EGW_NO_UPSTREAM',
          `the running configuration of Caddy has no upstream for ${hostOf(service)}`,
        );
      const [wrong] = upstreams.flatMap((upstream) => upstreamProblem(upstream) ?? []);
      return wrong ?? pass(`${upstreams.length} upstream(s) verified for ${hostOf(service)}`);
    },
  }),
  'MD-EGW-004': defineServiceJudge({
    scope: 'exposed',
    evidence: ['service.edge'],
    judge: ({ 'service.edge': { gatewayChain } }, { service }) => namesVerdict(gatewayChain, hostOf(service)),
  }),
  'MD-EGW-007': defineServiceJudge({
    scope: 'exposed',
    evidence: ['service.control'],
    judge: ({ 'service.control': traced }, { service }) => withControl(service, traced, arrivedAs),
  }),
  'MD-GW-004': defineServiceJudge({
    scope: 'exposed',
    evidence: ['service.routes'],
    judge: ({ 'service.routes': { virtualServices, gateway } }, { service }) => {
      const host = hostOf(service);
      return eachCase([
        ['owner', oneOwner({ virtualServices }, host)],
        ['route', ownRoute(gateway, { host, to: clusterHost(service) })],
      ]);
    },
  }),
  'MD-NAME-001': defineServiceJudge({
    scope: 'exposed',
    evidence: ['service.names'],
    judge: ({ 'service.names': { host } }, { service }) => toLoopback(hostOf(service), host?.system),
  }),
  'MD-NAME-003': defineServiceJudge({
    scope: 'exposed',
    evidence: ['service.names'],
    judge: ({ 'service.names': { inside, edgeAddresses } }, { service }) => {
      const pods = inside.filter(({ place }) => place !== 'edge network');
      if (pods.length === 0) return unknown('NAME_NOT_SEEN', `${hostOf(service)} was looked up from no pod`);
      return eachCase(pods.map((one) => [one.place.replaceAll(' ', '-'), isEdge(one, edgeAddresses)]));
    },
  }),
  'MD-WRK-001': defineServiceJudge({
    scope: 'exposed',
    evidence: ['service.control'],
    judge: ({ 'service.control': traced }, { service }) => withControl(service, traced, answered),
  }),
  'MD-MESH-002': defineServiceJudge({
    scope: 'exposed',
    evidence: ['service.control'],
    judge: ({ 'service.control': traced }, { service, lab }) =>
      withControl(service, traced, (one) =>
        seeing(bothEnds(one, lab, spiffeId(service.identity)), exchangeItem(one)),
      ),
  }),
  'MD-MESH-003': defineServiceJudge({
    scope: 'exposed',
    evidence: ['service.control'],
    judge: ({ 'service.control': traced }, { service }) =>
      withControl(service, traced, (one) => seeing(routedTo(one, clusterHost(service)), exchangeItem(one))),
  }),
} satisfies Partial<Record<CheckId, AnyServiceJudge>>;

/** The app itself. That a process of this machine is not running is its user's to know, and no fault of the chain. */
function answered(traced: TracedRequest, service: Service): Verdict {
  const who = `${service.id} should answer its control request`;
  const absent = isLocal(service) ? traced.headers[ABSENT_HEADER] : undefined;
  if (absent !== undefined) {
    const admitted = admittedBySidecar(traced, who, 'WRK_CHAIN_BROKEN');
    return admitted.kind === 'pass' ? notRunning(service, absent) : admitted;
  }
  // Wherever it was refused: an honest request that ends otherwise is a chain that does not work.
  if (httpStatusOf(traced) !== 200 && traced.ended !== 'timeout')
    return seeing(fail('WRK_CHAIN_BROKEN', `${who}; ${requestSeen(traced)}`), exchangeItem(traced));
  const passed = passedSidecar(traced, who, 'WRK_CHAIN_BROKEN');
  return isLocal(service) && passed.kind === 'pass'
    ? { ...passed, because: `${passed.because ?? ''}; from the relay to the process: plaintext on loopback` }
    : passed;
}

/** @param absent what the relay said when it answered for the process */
function notRunning({ id }: Service, absent: string): Verdict {
  const seen =
    absent === 'no-process'
      ? 'no process accepts connections on its port of this machine'
      : 'no tunnel to its process is open';
  return warn(
    'LOCAL_NOT_RUNNING',
    `the chain to the relay of ${id} works, and the relay answered for the process: ${seen}`,
    [`meshdev expose ${id}`],
  );
}

function hostOf({ host, id }: Service): string {
  return host ?? id;
}

/** Skipped where nobody said how an honest request is sent; one that should have been sent and was not proves nothing. */
function withControl(
  service: Service,
  traced: TracedRequest | undefined,
  judge: (traced: TracedRequest, service: Service) => Verdict,
): Verdict {
  const skipped = withoutPersonalControl(service);
  if (skipped !== undefined) return skipped;
  return traced === undefined
    ? unknown('CASE_NOT_RUN', `the control request of ${service.id} was not sent`)
    : judge(traced, service);
}

/** Under the public name, in SNI and in Host, and at nobody else's site. */
function arrivedAs(traced: TracedRequest, service: Service): Verdict {
  const { gateway } = traced;
  if (!isExposed(service)) return unknown('NO_CASES', `${service.id} has no host`);
  if (gateway === undefined)
    return unknown('NO_RECORD', `the gateway has no record of the request: ${requestSeen(traced)}`);
  const authority = authorityOf(service);
  const verdict =
    gateway.sni === service.host && gateway.authority === authority
      ? pass(`SNI ${service.host}, Host ${authority}`)
      : fail(
          'EGW_NAME_CHANGED',
          `the gateway received SNI ${gateway.sni ?? 'none'} and Host ${gateway.authority ?? 'none'}, expected ${service.host} and ${authority}`,
        );
  return seeing(verdict, exchangeItem(traced));
}
