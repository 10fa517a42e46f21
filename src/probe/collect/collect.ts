import type { Collect } from '../../checks/run-checks.ts';
import type { EvidenceKey, EvidenceMap } from '../../checks/evidence.ts';
import { factsOf, type Holder } from '../tokens.ts';
import { collectCallerWire } from './caller-wire.ts';
import { collectEdgeRunning } from './edge-running.ts';
import { collectEdgeWire } from './edge-wire.ts';
import { collectGatewayWire } from './gateway-wire.ts';
import { collectIdpState } from './idp-state.ts';
import { collectListeners } from './listeners.ts';
import { collectMeshState } from './mesh-state.ts';
import { collectSidecarWire } from './sidecar-wire.ts';
import { type AllWalks, collectWalks } from './walks.ts';
import type { Witness } from './witness.ts';

type Collectors = { readonly [Key in EvidenceKey]: () => Promise<EvidenceMap[Key]> };

/** Who gathers which evidence. Each is asked at most once per run; walks of both kinds travel together. */
export function createCollect(witness: Witness): Collect {
  let walking: Promise<AllWalks> | undefined;
  const walk = (): Promise<AllWalks> => (walking ??= collectWalks(witness));
  const collectors: Collectors = {
    anchors: async () => ({
      edgeRootPem: witness.keys.edge.rootPem,
      meshRootPem: witness.keys.mesh.rootPem,
      edgeClientPem: witness.keys.edgeClient.certificatePem,
    }),
    'edge.wire': () => collectEdgeWire(witness),
    'edge.running': () => collectEdgeRunning(witness),
    walks: async () => (await walk()).walks,
    'token.walks': async () => (await walk()).tokenWalks,
    tokens: async () => {
      const tokens = await witness.tokens();
      const facts = (holder: Holder) => factsOf(tokens[holder].accessToken);
      return { alice: facts('alice'), bob: facts('bob'), eve: facts('eve'), machine: facts('machine') };
    },
    'gateway.wire': () => collectGatewayWire(witness),
    'sidecar.wire': () => collectSidecarWire(witness),
    'caller.wire': () => collectCallerWire(witness),
    'mesh.state': () => collectMeshState(witness),
    'idp.state': () => collectIdpState(witness),
    listeners: () => collectListeners(witness),
    policy: async () => ({ rules: witness.context.policy }),
  };
  return (key) => collectors[key]();
}
