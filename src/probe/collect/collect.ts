import type { Collect } from '../../evidence/collect.ts';
import type { EvidenceKey, EvidenceMap } from '../../evidence/evidence-map.ts';
import type { DeliveryWalk, TokenWalk } from '../../evidence/tokens.ts';
import { factsOf, type Holder } from '../tokens.ts';
import { collectAnalysis } from './analysis.ts';
import { bounded, EVIDENCE_MS } from './bounded.ts';
import { collectBypass } from './bypass.ts';
import { collectCapture } from './capture.ts';
import { collectCallerWire } from './caller-wire.ts';
import { type EdgeConfig, readEdgeConfig } from '../../edge/running-config.ts';
import { collectCertificates } from './certificates.ts';
import { collectClocks } from './clocks.ts';
import { collectClusterState } from './cluster-state.ts';
import { edgeRunningOf } from './edge-running.ts';
import { collectEdgeState } from './edge-state.ts';
import { collectNames } from './names.ts';
import { collectRealClients } from './real-clients.ts';
import { collectTlsOffers } from './tls-offers.ts';
import { collectVersions } from './versions.ts';
import { collectContinuity } from './continuity.ts';
import { collectFramingWalks, collectHeaderWalks, collectHostWalks, collectPathWalks } from './corpora.ts';
import { collectEdgeSessions } from './edge-sessions.ts';
import { collectEdgeTwins } from './edge-twins.ts';
import { collectEdgeWire } from './edge-wire.ts';
import { collectGatewayTwins } from './gateway-twins.ts';
import { collectGatewayWire } from './gateway-wire.ts';
import { collectClientAnswers } from './client-answers.ts';
import { collectIdpFlows } from './idp-flows.ts';
import { collectIdpLogins } from './idp-logins.ts';
import { collectIdpRefusals } from './idp-refusals.ts';
import { collectIstiodTrust } from './istiod-trust.ts';
import { collectIdpState } from './idp-state.ts';
import { collectIssuerTwins } from './issuer-twins.ts';
import { collectListeners } from './listeners.ts';
import { collectMeshState } from './mesh-state.ts';
import { collectProxies } from './proxies.ts';
import { collectProxyLives } from './proxy-lives.ts';
import { collectMatrix, collectPreflights } from './matrix.ts';
import { collectOpenRoutes } from './open-routes.ts';
import { collectPolicyState } from './policies.ts';
import { collectKeyCopies } from './key-copies.ts';
import { collectLeaks } from './leaks.ts';
import { collectMachine } from './machine.ts';
import { collectPrivateFiles } from './private-files.ts';
import { collectOwnAnswers } from './own-answers.ts';
import { collectParts } from './parts.ts';
import { collectPods } from './pods.ts';
import { collectSidecarTwins } from './sidecar-twins.ts';
import { collectSidecarWire } from './sidecar-wire.ts';
import { collectTokenCanary } from './token-canary.ts';
import { collectDeliveries, collectTokenWalks, collectWalks, type Sent } from './walks.ts';
import type { Witness } from './witness.ts';

type Collectors = { readonly [Key in EvidenceKey]: () => Promise<EvidenceMap[Key]> };
type Within = <T>(gather: (bound: Witness) => Promise<T>) => Promise<T>;

/** A corpus waits for those before it, and its deadline runs meanwhile. */
const TURNS = 2.5;
/** istiod asks nobody for a minute when an issuer failed. */
const ISTIOD_PAUSES_MS = 40_000;

/**
 * Who gathers which evidence, each within a deadline of its own. Each is asked at most once per run.
 */
export function createCollect(witness: Witness, evidenceMs: number = EVIDENCE_MS): Collect {
  const within: Within = (gather) => bounded(witness, gather, evidenceMs);
  const inTurn: Within = (gather) => bounded(witness, gather, evidenceMs * TURNS);
  const walks = once(() => within(collectWalks));
  const forged = once(() => within(collectTokenWalks));
  const delivered = once(() => within(collectDeliveries));
  const proxies = once(() => within(collectProxies));
  const edgeConfig = once(() =>
    within(({ engine, probes, context, signal }) =>
      readEdgeConfig({ engine, ask: probes.lab }, context.lab, signal),
    ),
  );
  const collectors: Collectors = {
    anchors: async () => ({
      edgeRootPem: witness.keys.edge.rootPem,
      meshRootPem: witness.keys.mesh.rootPem,
      edgeClientPem: witness.keys.edgeClient.certificatePem,
    }),
    'edge.wire': () => within(collectEdgeWire),
    'edge.running': async () => edgeRunningOf(await edgeConfig(), witness.context.lab),
    'edge.state': () => within((bound) => collectEdgeState(bound, edgeConfig)),
    'tls.offers': () => within((bound) => collectTlsOffers(bound, edgeConfig)),
    'real.clients': () => within(collectRealClients),
    'cluster.state': () => within(collectClusterState),
    certificates: () => within(collectCertificates),
    clocks: () => within(collectClocks),
    names: () => within(collectNames),
    versions: () => within(collectVersions),
    walks,
    'token.walks': async () => (await forged()).walks,
    'token.deliveries': async () => (await delivered()).walks,
    'token.canary': () => within(collectTokenCanary),
    tokens: async () => {
      const tokens = await within((bound) => bound.tokens());
      const facts = (holder: Holder) => factsOf(tokens[holder].accessToken);
      return { alice: facts('alice'), bob: facts('bob'), eve: facts('eve'), machine: facts('machine') };
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
    'edge.twins': () => within(collectEdgeTwins),
    'gateway.twins': () => within(collectGatewayTwins),
    'sidecar.twins': () => within(collectSidecarTwins),
    'issuer.twins': () => bounded(witness, collectIssuerTwins, evidenceMs * TURNS + ISTIOD_PAUSES_MS),
    policy: async () => ({ rules: witness.context.policy }),
    ...corpora(inTurn, edgeConfig),
  };
  return (key) => collectors[key]();
}

/** What others wait for, or ask for too. */
interface Walking {
  readonly walks: () => Promise<EvidenceMap['walks']>;
  readonly forged: () => Promise<Sent<TokenWalk>>;
  readonly delivered: () => Promise<Sent<DeliveryWalk>>;
}

function once<T>(gather: () => Promise<T>): () => Promise<T> {
  let gathering: Promise<T> | undefined;
  return () => (gathering ??= gather());
}

/** What stands below the chain, the ways around it, and what is left lying about. */
function besideTheChain(
  within: Within,
  { walks, forged, delivered }: Walking,
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
    'header.walks': () => inTurn((bound) => collectHeaderWalks(bound, edgeConfig)),
    'framing.walks': () => inTurn(collectFramingWalks),
    'path.walks': () => inTurn(collectPathWalks),
    'host.walks': () => inTurn(collectHostWalks),
    'edge.own': () => inTurn(collectOwnAnswers),
    'edge.sessions': () => inTurn(collectEdgeSessions),
    'rbac.matrix': () => inTurn(collectMatrix),
    preflights: () => inTurn(collectPreflights),
    'policy.state': () => inTurn(collectPolicyState),
    continuity: () => inTurn(collectContinuity),
  };
}
