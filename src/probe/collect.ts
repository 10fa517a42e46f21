import type { Collect } from '../evidence/collect.ts';
import type { EvidenceKey, EvidenceMap } from '../evidence/evidence-map.ts';
import type { DeliveryRequest, TokenRequest } from '../evidence/tokens.ts';
import { factsOf, HOLDERS } from './tokens/tokens.ts';
import { collectAnalysis } from './mesh/analysis.ts';
import { bounded, EVIDENCE_MS, TURNS } from './bounded.ts';
import { once } from '../once.ts';
import { collectBypass } from './exposure/bypass.ts';
import { collectCapture } from './exposure/capture.ts';
import { collectCallerWire } from './mesh/caller-wire.ts';
import { type EdgeConfig, readEdgeConfig } from '../edge/running-config.ts';
import { collectCertificates } from './host/certificates.ts';
import { collectClocks } from './host/clocks.ts';
import { collectClusterAccess } from './exposure/cluster-access.ts';
import { collectClusterState } from './gateway/cluster-state.ts';
import { edgeRunningOf } from './edge/edge-running.ts';
import { collectEdgeState } from './edge/edge-state.ts';
import { collectNames } from './host/names.ts';
import { collectRealClients } from './host/real-clients.ts';
import { collectTlsOffers } from './edge/tls-offers.ts';
import { collectVersions } from './host/versions.ts';
import { collectContinuity } from './edge/continuity.ts';
import {
  collectFramingRequests,
  collectHeaderRequests,
  collectHostRequests,
  collectPathRequests,
} from './edge/corpora.ts';
import { collectEdgeSessions } from './edge/edge-sessions.ts';
import { collectEdgeDecoys } from './edge/edge-decoys.ts';
import { collectEdgeWire } from './edge/edge-wire.ts';
import { collectGatewayDecoys } from './gateway/gateway-decoys.ts';
import { collectGatewayWire } from './gateway/gateway-wire.ts';
import { collectClientAnswers } from './idp/client-answers.ts';
import { collectIdpFlows } from './idp/idp-flows.ts';
import { collectIdpLogins } from './idp/idp-logins.ts';
import { collectIdpRefusals } from './idp/idp-refusals.ts';
import { collectIstiodTrust } from './idp/istiod-trust.ts';
import { collectIdpClosed } from './idp/idp-closed.ts';
import { collectIdpState } from './idp/idp-state.ts';
import { collectIssuerDecoys } from './idp/issuer-decoys.ts';
import { collectListeners } from './exposure/listeners.ts';
import { collectMeshState } from './mesh/mesh-state.ts';
import { collectProxies } from './mesh/proxies.ts';
import { collectProxyLives } from './mesh/proxy-lives.ts';
import { collectMatrix, collectPreflights } from './mesh/matrix.ts';
import { collectOpenRoutes } from './gateway/open-routes.ts';
import { collectPolicyState } from './mesh/policy-state.ts';
import { collectKeyCopies } from './exposure/key-copies.ts';
import { collectLeaks } from './exposure/leaks.ts';
import { collectMachine } from './exposure/machine.ts';
import { collectPodHolders } from './exposure/pod-holders.ts';
import { collectPrivateFiles } from './exposure/private-files.ts';
import { collectOutside } from './host/outside.ts';
import { collectOwnAnswers } from './edge/own-answers.ts';
import { collectParts } from './host/containers.ts';
import { collectPods } from './mesh/pods.ts';
import { collectSidecarDecoys } from './mesh/sidecar-decoys.ts';
import { collectSidecarWire } from './mesh/sidecar-wire.ts';
import { collectTokenCanary } from './tokens/token-canary.ts';
import { collectDeliveries, collectTokenRequests, type Sent } from './tokens/token-requests.ts';
import { collectTracedRequests } from './requests/traced-requests.ts';
import type { ProbeContext } from './probe-context.ts';
import { recordOf } from '../record-of.ts';

type Collectors = { readonly [Key in EvidenceKey]: () => Promise<EvidenceMap[Key]> };
type Within = <T>(gather: (bound: ProbeContext) => Promise<T>) => Promise<T>;

/** istiod asks nobody for a minute when an issuer failed. */
const ISTIOD_PAUSES_MS = 40_000;

/**
 * Who gathers which evidence, each within a deadline of its own. Each is asked at most once per run.
 */
export function createCollect(probeContext: ProbeContext, evidenceMs: number = EVIDENCE_MS): Collect {
  const within: Within = (gather) => bounded(probeContext, gather, evidenceMs);
  const inTurn: Within = (gather) => bounded(probeContext, gather, evidenceMs * TURNS);
  const walks = once(() => within(collectTracedRequests));
  const forged = once(() => within(collectTokenRequests));
  const delivered = once(() => within(collectDeliveries));
  const proxies = once(() => within(collectProxies));
  const edgeConfig = once(() =>
    within(({ engine, probes, context, signal }) =>
      readEdgeConfig({ engine, ask: probes.lab }, context.lab, signal),
    ),
  );
  const collectors: Collectors = {
    anchors: async () => ({
      edgeRootPem: probeContext.keys.edge.rootPem,
      meshRootPem: probeContext.keys.mesh.rootPem,
      edgeClientPem: probeContext.keys.edgeClient.certificatePem,
    }),
    'edge.wire': () => within(collectEdgeWire),
    'edge.running': async () => edgeRunningOf(await edgeConfig(), probeContext.context.lab),
    'edge.state': () => within((bound) => collectEdgeState(bound, edgeConfig)),
    'tls.offers': () => within((bound) => collectTlsOffers(bound, edgeConfig)),
    'real.clients': () => within(collectRealClients),
    'cluster.state': () => within(collectClusterState),
    certificates: () => within(collectCertificates),
    clocks: () => within(collectClocks),
    names: () => within(collectNames),
    versions: () => within(collectVersions),
    walks,
    'token.walks': async () => (await forged()).requests,
    'token.deliveries': async () => (await delivered()).requests,
    'token.canary': () => within(collectTokenCanary),
    tokens: async () => {
      const tokens = await within((bound) => bound.tokens());
      return recordOf(HOLDERS, (holder) => factsOf(tokens[holder].accessToken));
    },
    'gateway.wire': () => within(collectGatewayWire),
    'sidecar.wire': () => within(collectSidecarWire),
    'caller.wire': () => within(collectCallerWire),
    'mesh.state': () => within((bound) => collectMeshState(bound, proxies)),
    proxies,
    'open.routes': () => within((bound) => collectOpenRoutes(bound, proxies)),
    'idp.state': () => within(collectIdpState),
    'idp.logins': () => within(collectIdpLogins),
    'idp.flows': () => within(collectIdpFlows),
    'idp.refusals': () => within(collectIdpRefusals),
    'client.answers': () => within(collectClientAnswers),
    'istiod.trust': () => within(collectIstiodTrust),
    listeners: () => within(collectListeners),
    ...besideTheChain(within, { walks, forged, delivered }),
    'edge.twins': () => within(collectEdgeDecoys),
    'gateway.twins': () => within(collectGatewayDecoys),
    'sidecar.twins': () => within(collectSidecarDecoys),
    'issuer.twins': () => bounded(probeContext, collectIssuerDecoys, evidenceMs * TURNS + ISTIOD_PAUSES_MS),
    policy: async () => ({ rules: probeContext.context.policy }),
    ...corpora(inTurn, edgeConfig),
  };
  return (key) => collectors[key]();
}

/** What others wait for, or ask for too. */
interface Sending {
  readonly walks: () => Promise<EvidenceMap['walks']>;
  readonly forged: () => Promise<Sent<TokenRequest>>;
  readonly delivered: () => Promise<Sent<DeliveryRequest>>;
}

/** What stands below the chain, the ways around it, and what is left lying about. */
function besideTheChain(
  within: Within,
  { walks, forged, delivered }: Sending,
): Pick<
  Collectors,
  | 'proxy.lives'
  | 'parts'
  | 'pods'
  | 'bypass'
  | 'private.files'
  | 'key.copies'
  | 'leaks'
  | 'machine'
  | 'cluster.access'
  | 'outside'
  | 'idp.closed'
  | 'pod.holders'
  | 'capture'
  | 'analysis'
> {
  return {
    'proxy.lives': async () => {
      const sent = await Promise.all([forged(), delivered()]);
      const first = Math.min(...sent.map(({ sentAt }) => sentAt));
      return within((bound) => collectProxyLives(bound, first));
    },
    parts: () => within(collectParts),
    pods: () => within(collectPods),
    bypass: () => within(collectBypass),
    'private.files': () => within(collectPrivateFiles),
    'key.copies': () => within(collectKeyCopies),
    // After the requests that carry tokens, in every way: what they left behind is what matters.
    leaks: async () => {
      await Promise.allSettled([walks(), forged(), delivered()]);
      return within(collectLeaks);
    },
    'cluster.access': () => within(collectClusterAccess),
    'pod.holders': () => within(collectPodHolders),
    'idp.closed': () => within(collectIdpClosed),
    outside: () => within(collectOutside),
    machine: () => within(collectMachine),
    capture: () => within(collectCapture),
    analysis: () => within(collectAnalysis),
  };
}

function corpora(
  inTurn: Within,
  edgeConfig: () => Promise<EdgeConfig>,
): Pick<
  Collectors,
  | 'header.walks'
  | 'framing.walks'
  | 'path.walks'
  | 'host.walks'
  | 'edge.own'
  | 'edge.sessions'
  | 'rbac.matrix'
  | 'preflights'
  | 'policy.state'
  | 'continuity'
> {
  return {
    'header.walks': () => inTurn((bound) => collectHeaderRequests(bound, edgeConfig)),
    'framing.walks': () => inTurn(collectFramingRequests),
    'path.walks': () => inTurn(collectPathRequests),
    'host.walks': () => inTurn(collectHostRequests),
    'edge.own': () => inTurn(collectOwnAnswers),
    'edge.sessions': () => inTurn(collectEdgeSessions),
    'rbac.matrix': () => inTurn(collectMatrix),
    preflights: () => inTurn(collectPreflights),
    'policy.state': () => inTurn(collectPolicyState),
    continuity: () => inTurn(collectContinuity),
  };
}
