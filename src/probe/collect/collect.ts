import type { Collect } from '../../checks/run-checks.ts';
import type { EvidenceKey, EvidenceMap } from '../../checks/evidence.ts';
import { factsOf, type Holder } from '../tokens.ts';
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
import { collectEdgeWire } from './edge-wire.ts';
import { collectGatewayWire } from './gateway-wire.ts';
import { collectClientAnswers } from './client-answers.ts';
import { collectIdpFlows } from './idp-flows.ts';
import { collectIdpLogins } from './idp-logins.ts';
import { collectIdpRefusals } from './idp-refusals.ts';
import { collectIstiodTrust } from './istiod-trust.ts';
import { collectIdpState } from './idp-state.ts';
import { collectListeners } from './listeners.ts';
import type { Proxies } from '../../checks/evidence/proxies.ts';
import { collectMeshState } from './mesh-state.ts';
import { collectProxies } from './proxies.ts';
import { collectProxyLives } from './proxy-lives.ts';
import { collectMatrix, collectPreflights } from './matrix.ts';
import { collectPolicyState } from './policies.ts';
import { collectSidecarWire } from './sidecar-wire.ts';
import { collectTokenCanary } from './token-canary.ts';
import { type AllWalks, collectWalks } from './walks.ts';
import type { Witness } from './witness.ts';

type Collectors = { readonly [Key in EvidenceKey]: () => Promise<EvidenceMap[Key]> };

/** Who gathers which evidence. Each is asked at most once per run; walks of both kinds travel together. */
export function createCollect(witness: Witness): Collect {
  let walking: Promise<AllWalks> | undefined;
  const walk = (): Promise<AllWalks> => (walking ??= collectWalks(witness));
  let asking: Promise<Proxies> | undefined;
  const proxies = (): Promise<Proxies> => (asking ??= collectProxies(witness));
  let reading: Promise<EdgeConfig> | undefined;
  const edgeConfig = (): Promise<EdgeConfig> =>
    (reading ??= readEdgeConfig(witness.engine, witness.context.lab, witness.signal));
  const collectors: Collectors = {
    anchors: async () => ({
      edgeRootPem: witness.keys.edge.rootPem,
      meshRootPem: witness.keys.mesh.rootPem,
      edgeClientPem: witness.keys.edgeClient.certificatePem,
    }),
    'edge.wire': () => collectEdgeWire(witness),
    'edge.running': async () => edgeRunningOf(await edgeConfig(), witness.context.lab),
    'edge.state': () => collectEdgeState(witness, edgeConfig),
    'tls.offers': () => collectTlsOffers(witness, edgeConfig),
    'real.clients': () => collectRealClients(witness),
    'cluster.state': () => collectClusterState(witness),
    certificates: () => collectCertificates(witness),
    clocks: () => collectClocks(witness),
    names: () => collectNames(witness),
    versions: () => collectVersions(witness),
    walks: async () => (await walk()).walks,
    'token.walks': async () => (await walk()).tokenWalks,
    'token.deliveries': async () => (await walk()).deliveries,
    'token.canary': () => collectTokenCanary(witness),
    'proxy.lives': async () => collectProxyLives(witness, (await walk()).sentAt),
    tokens: async () => {
      const tokens = await witness.tokens();
      const facts = (holder: Holder) => factsOf(tokens[holder].accessToken);
      return { alice: facts('alice'), bob: facts('bob'), eve: facts('eve'), machine: facts('machine') };
    },
    'gateway.wire': () => collectGatewayWire(witness),
    'sidecar.wire': () => collectSidecarWire(witness),
    'caller.wire': () => collectCallerWire(witness),
    'mesh.state': () => collectMeshState(witness, proxies),
    proxies,
    'idp.state': () => collectIdpState(witness),
    'idp.logins': () => collectIdpLogins(witness),
    'idp.flows': () => collectIdpFlows(witness),
    'idp.refusals': () => collectIdpRefusals(witness),
    'client.answers': () => collectClientAnswers(witness),
    'istiod.trust': () => collectIstiodTrust(witness),
    listeners: () => collectListeners(witness),
    policy: async () => ({ rules: witness.context.policy }),
    'header.walks': () => collectHeaderWalks(witness),
    'framing.walks': () => collectFramingWalks(witness),
    'path.walks': () => collectPathWalks(witness),
    'host.walks': () => collectHostWalks(witness),
    'rbac.matrix': () => collectMatrix(witness),
    preflights: () => collectPreflights(witness),
    'policy.state': () => collectPolicyState(witness),
    continuity: () => collectContinuity(witness),
  };
  return (key) => collectors[key]();
}
