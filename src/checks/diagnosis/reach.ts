import type { EvidenceKey } from '../../evidence/evidence-map.ts';
import type { ServiceEvidenceKey } from '../../evidence/service-evidence.ts';
import type { AnyCheck } from '../check.ts';
import type { CheckResult } from '../verdict.ts';

/** A part of the lab that something can be wrong with. */
export type Place = 'probe' | 'node' | 'edge' | 'idp' | 'cluster';

type Key = EvidenceKey | ServiceEvidenceKey;

/** Requests from a client to an app: through the edge, the gateway and a sidecar, with a token of the IdP. */
const REQUESTS = [
  'walks',
  'header.walks',
  'framing.walks',
  'path.walks',
  'host.walks',
  'token.walks',
  'token.deliveries',
  'token.canary',
  'rbac.matrix',
  'preflights',
  'open.routes',
  'continuity',
  'capture',
  'service.control',
  'service.tokens',
  'service.without-token',
  'service.cells',
] as const satisfies readonly Key[];

/** What proxies hold and record, what the API server holds, and what pods answer. */
const CLUSTER = [
  ...REQUESTS,
  'gateway.wire',
  'sidecar.wire',
  'caller.wire',
  'sidecar.twins',
  'issuer.twins',
  'proxies',
  'proxy.lives',
  'policy.state',
  'mesh.state',
  'cluster.state',
  'cluster.access',
  'pod.holders',
  'edge.state',
  'pods',
  'bypass',
  'analysis',
  'istiod.trust',
  'tls.offers',
  'certificates',
  'key.copies',
  'leaks',
  'service.objects',
  'service.pods',
  'service.wire',
  'service.proxies',
  'service.policies',
  'service.routes',
] as const satisfies readonly Key[];

const IDP = [
  'idp.state',
  'idp.closed',
  'idp.logins',
  'idp.flows',
  'idp.refusals',
  'client.answers',
  'tokens',
  'service.token',
] as const satisfies readonly Key[];

interface Reach {
  /** Evidence that what is wrong there can change. */
  readonly evidence: ReadonlySet<Key>;
  /** Checks that read such evidence, and that what is wrong there cannot turn, or not for that reason: `<id> <code>`. */
  readonly never: RegExp;
}

const REACH: Readonly<Record<Place, Reach>> = {
  // It collects nearly everything; what is wrong with it hides verdicts and changes none.
  probe: {
    evidence: new Set<Key>([
      ...CLUSTER,
      ...IDP,
      'edge.wire',
      'edge.running',
      'edge.own',
      'edge.sessions',
      'gateway.twins',
      'edge.twins',
      'names',
      'clocks',
      'versions',
      'policy',
    ]),
    never: /^MD-DRIFT-00[46] /,
  },
  node: {
    evidence: new Set<Key>([
      ...CLUSTER,
      'parts',
      'names',
      'clocks',
      'versions',
      'tokens',
      'gateway.twins',
      'edge.running',
      'policy',
    ]),
    never: /^MD-(?:NAME-00[1267]|EDGE-01[12]|WRK-00[568]) /,
  },
  edge: {
    evidence: new Set<Key>([
      ...REQUESTS,
      ...IDP,
      'edge.wire',
      'edge.running',
      'edge.state',
      'edge.own',
      'edge.sessions',
      'real.clients',
      'gateway.twins',
      'tls.offers',
      'names',
      'istiod.trust',
      'issuer.twins',
      'mesh.state',
      'bypass',
      'leaks',
      'clocks',
      'policy',
      'service.edge',
      'service.names',
    ]),
    never:
      /^MD-(?:NAME-00[1237]|MESH-0(?:1[1245]|05)|GW-0(?:02|06|1\d)|EXPO-00[2456]|OIDC-00[78]|CERT-008|RBAC-009) |OIDC_(?:REFRESH|LOGIN)_STAYS$/,
  },
  idp: {
    evidence: new Set<Key>([
      ...REQUESTS,
      ...IDP,
      'names',
      'istiod.trust',
      'issuer.twins',
      'mesh.state',
      'sidecar.wire',
      'leaks',
      'clocks',
    ]),
    never: /^MD-(?:NAME-00[123467]|MESH-01[12]|GW-002|DRIFT-\d+|EDGE-010) /,
  },
  cluster: {
    evidence: new Set<Key>(CLUSTER),
    never: /^MD-(?:NAME-\d+|EDGE-01[12]|OIDC-00[1-8]|EXPO-00[36]) /,
  },
};

/** Whether something that is wrong at this place can turn this verdict. Pure. */
export function reaches(place: Place, result: CheckResult, check: AnyCheck): boolean {
  const { evidence, never } = REACH[place];
  const code = 'code' in result.verdict ? result.verdict.code : '';
  return !never.test(`${result.id} ${code}`) && keysOf(result, check).some((key) => evidence.has(key));
}

const WALKS: ReadonlySet<Key> = new Set<Key>(REQUESTS);

/** Whether the verdict is about requests from a client to an app, wherever on their way. Pure. */
export function walksChain(result: CheckResult, check: AnyCheck): boolean {
  return keysOf(result, check).some((key) => WALKS.has(key));
}

function keysOf({ service }: CheckResult, check: AnyCheck): readonly Key[] {
  return service === undefined ? check.evidence : (check.service?.evidence ?? check.evidence);
}
