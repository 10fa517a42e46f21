import { ADMIN, ROLELESS, VIEWER } from '../sample/names.ts';
import type { ClientAnswers, IdpFlows, IdpLogins, IdpRefusals } from './idp.ts';
import type { IstiodTrust } from './istiod-trust.ts';
import type { DeliveryRequest, ProxyLives, TokenCanary, TokenFacts, TokenRequest } from './tokens.ts';
import type { Policy } from './declared-policy.ts';
import type { Anchors, Clocks, StoredCertificate } from './certificates.ts';
import type { ClusterAccess } from './cluster-access.ts';
import type { ClusterState } from './cluster-state.ts';
import type { EdgeRunning, EdgeState } from './edge-state.ts';
import type { NamesSeen } from './names.ts';
import type { Proxies } from './proxies.ts';
import type { RealClient } from './real-clients.ts';
import type { TlsOffers } from './tls-offers.ts';
import type { VersionsSeen } from './versions.ts';
import type {
  CellRequest,
  Continuity,
  FramingRequest,
  HeaderRequests,
  HostRequest,
  PathRequest,
} from './corpora.ts';
import type { Analysis } from './analysis.ts';
import type { OpenRoute } from './open-routes.ts';
import type { OwnRequest, SessionGiven } from './own-answers.ts';
import type { PolicyState, Preflights } from './policy-state.ts';
import type { Bypass } from './bypass.ts';
import type { Capture } from './capture.ts';
import type { KeyCopies, Leaks, Machine, PrivateFiles, PublishedListener } from './exposure.ts';
import type { PartsState, PodsState } from './components.ts';
import type { EdgeDecoys, IssuerDecoys, UpstreamDecoys } from './bad-certificates.ts';
import type { TracedRequestId } from '../cases/traced-requests.ts';
import type { CallerWire, EdgeWire, GatewayWire, SidecarWire } from './wires.ts';
import type { TracedRequest } from './traced-request.ts';
import type { PodHolders } from './pod-holders.ts';
import type { Outside } from './outside.ts';
import type { MeshState } from './mesh-state.ts';
import type { IdpClosed } from './idp-closed.ts';
import type { IdpState } from './idp-keys.ts';

/** Everything that checks may ask for; each key is gathered once per run, concurrently. */
export interface EvidenceMap {
  readonly anchors: Anchors;
  readonly 'edge.wire': EdgeWire;
  readonly 'edge.running': EdgeRunning;
  readonly walks: Readonly<Record<TracedRequestId, TracedRequest>>;
  readonly 'token.walks': readonly TokenRequest[];
  readonly 'token.deliveries': readonly DeliveryRequest[];
  readonly 'token.canary': TokenCanary;
  readonly 'proxy.lives': ProxyLives;
  readonly tokens: Readonly<Record<typeof ADMIN | typeof VIEWER | typeof ROLELESS | 'machine', TokenFacts>>;
  readonly 'gateway.wire': GatewayWire;
  readonly 'sidecar.wire': SidecarWire;
  readonly 'caller.wire': CallerWire;
  /** Bad servers in the edge's place, before the clients of this machine. */
  readonly 'edge.twins': EdgeDecoys;
  /** Bad servers in the gateway's place, before the edge. */
  readonly 'gateway.twins': UpstreamDecoys;
  /** Bad servers in the app's place, before the gateway. */
  readonly 'sidecar.twins': UpstreamDecoys;
  /** Bad servers in the issuer's place, before istiod; and an issuer that changes its key. */
  readonly 'issuer.twins': IssuerDecoys;
  readonly 'mesh.state': MeshState;
  readonly proxies: Proxies;
  readonly 'edge.state': EdgeState;
  readonly 'tls.offers': TlsOffers;
  readonly 'real.clients': readonly RealClient[];
  readonly 'cluster.state': ClusterState;
  /** Who may do what at the API server. */
  readonly 'cluster.access': ClusterAccess;
  /** What each pod of the cluster holds. */
  readonly 'pod.holders': PodHolders;
  readonly certificates: readonly StoredCertificate[];
  readonly clocks: Clocks;
  readonly names: NamesSeen;
  readonly versions: VersionsSeen;
  readonly 'idp.state': IdpState;
  readonly 'idp.closed': IdpClosed;
  readonly 'idp.logins': IdpLogins;
  readonly 'idp.flows': IdpFlows;
  readonly 'idp.refusals': IdpRefusals;
  readonly 'client.answers': ClientAnswers;
  readonly 'istiod.trust': IstiodTrust;
  readonly listeners: readonly PublishedListener[];
  readonly policy: Policy;
  readonly 'header.walks': HeaderRequests;
  readonly 'framing.walks': readonly FramingRequest[];
  readonly 'path.walks': readonly PathRequest[];
  readonly 'host.walks': readonly HostRequest[];
  readonly 'edge.own': readonly OwnRequest[];
  readonly 'edge.sessions': readonly SessionGiven[];
  readonly 'rbac.matrix': readonly CellRequest[];
  readonly preflights: Preflights;
  readonly analysis: Analysis;
  readonly 'open.routes': readonly OpenRoute[];
  readonly 'policy.state': PolicyState;
  readonly continuity: Continuity;
  readonly parts: PartsState;
  readonly pods: PodsState;
  readonly bypass: Bypass;
  readonly 'private.files': PrivateFiles;
  readonly 'key.copies': KeyCopies;
  readonly leaks: Leaks;
  readonly machine: Machine;
  readonly outside: Outside;
  readonly capture: Capture;
}

export type EvidenceKey = keyof EvidenceMap;
