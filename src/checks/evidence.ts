import type { ClientAnswers, IdpFlows, IdpLogins, IdpRefusals } from './evidence/idp.ts';
import type { IstiodTrust } from './evidence/istiod-trust.ts';
import type { DeliveryWalk, ProxyLives, TokenCanary } from './evidence/tokens.ts';
import type { TokenCase } from '../probe/token-cases.ts';
import type { AppRecord } from '../records/app-record.ts';
import type { EdgeRecord } from '../records/edge-record.ts';
import type { ProxyRecord } from '../records/proxy-record.ts';
import type { Policy } from './evidence/policy.ts';
import type { Clocks, StoredCertificate } from './evidence/certificates.ts';
import type { ClusterState } from './evidence/cluster-state.ts';
import type { EdgeState } from './evidence/edge-state.ts';
import type { NamesSeen } from './evidence/names.ts';
import type { Proxies } from './evidence/proxies.ts';
import type { RealClient } from './evidence/real-clients.ts';
import type { TlsOffers } from './evidence/tls-offers.ts';
import type { VersionsSeen } from './evidence/versions.ts';
import type {
  Continuity,
  CellWalk,
  FramingWalk,
  HeaderWalks,
  HostWalk,
  PathWalk,
} from './evidence/corpora.ts';
import type { Analysis } from './evidence/analysis.ts';
import type { OpenRoute } from './evidence/open-routes.ts';
import type { OwnWalk, SessionGiven } from './evidence/own-answers.ts';
import type { PolicyState, Preflights } from './evidence/policies.ts';
import type { Bypass } from './evidence/bypass.ts';
import type { Capture } from './evidence/capture.ts';
import type { KeyCopies, Leaks, Machine, PrivateFiles } from './evidence/exposure.ts';
import type { PartsState, PodsState } from './evidence/parts.ts';
import type { CertificateProbe, EdgeTwins, IssuerTwins, UpstreamTwins } from './evidence/bad-certificates.ts';
import type { WalkId } from './walks.ts';

/** How an exchange on the wire ended. Under TLS 1.3 the handshake event proves nothing; this does. */
export type Ended = 'data' | 'alert' | 'reset' | 'closed' | 'timeout' | 'refused' | 'unreachable';

/** One TLS (or plaintext) connection attempt, as its client saw it. */
export interface WireResult {
  readonly ended: Ended;
  /** TCP (or the Unix socket) was connected; undefined where the client does not tell. */
  readonly connected?: boolean;
  /** Name of the TLS alert, normalised: `certificate_required`, `unknown_ca` … */
  readonly alert?: string;
  readonly protocol?: string;
  readonly cipher?: string;
  readonly alpn?: string;
  /** PEM, as the server presented it, leaf first; empty where no certificate was seen. */
  readonly peerChain: readonly string[];
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly error?: string;
  /** Node.js' or OpenSSL's code of `error`: `ENOTFOUND`, `EHOSTUNREACH` … */
  readonly errorCode?: string;
}

/** The echo of the sample app: the request as it arrived. */
export interface Echo {
  /** Header names in lower case, values in the order received; credentials are taken out. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /** Only where the endpoint echoes the whole request. */
  readonly method?: string;
  readonly url?: string;
  readonly body?: string;
  /** `sub` of the bearer token that the app received. */
  readonly subject?: string;
  /** `sub` of each, where the app received more than one. */
  readonly bearers?: readonly string[];
  /** SHA-256 of each `Authorization` header that the app received, in hex. */
  readonly authorization?: readonly string[];
}

/** One request through the chain with the record of every party that it reached. */
export interface Walk {
  readonly status: number | undefined;
  readonly ended: Ended;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly meshdevId: string | undefined;
  readonly edge: EdgeRecord | undefined;
  readonly gateway: ProxyRecord | undefined;
  readonly sidecar: ProxyRecord | undefined;
  /** The app's own line of the request; undefined when it never arrived there. */
  readonly app: AppRecord | undefined;
  readonly echo: Echo | undefined;
}

/** A forged (or oddly tolerated) token on its way: what was expected of the mesh and what it did. */
export interface TokenWalk extends Walk {
  readonly case: TokenCase;
}

/** Facts of a token that was issued; never the token itself. */
export interface TokenFacts {
  readonly subject: string;
  readonly audience: readonly string[];
  readonly issuer: string;
  readonly roles: readonly string[];
  readonly expiresAt: number;
  readonly algorithm: string;
  readonly keyId: string | undefined;
}

export interface EdgeWire {
  readonly httpbin: WireResult;
  readonly auth: WireResult;
  readonly tls12: WireResult;
  readonly unknownSni: WireResult;
  readonly noSni: WireResult;
  /** SNI of one served host, Host of the other. */
  readonly crossed: WireResult;
  readonly unknownHost: WireResult;
  readonly http1: WireResult;
}

export interface GatewayWire {
  /** Caddy's own client certificate, so that path and client are known to work. */
  readonly control: WireResult;
  readonly forged: readonly CertificateProbe[];
  readonly plaintext: WireResult;
  readonly tls12: WireResult;
  readonly unknownHost: WireResult;
  /** Handshake failure counters of the gateway's listener: how much they rose during the probes. */
  readonly counters: Readonly<Record<string, number>>;
}

export interface SidecarWire {
  /** Nothing stands between the intruder and the pod: TCP connects. */
  readonly reachable: boolean;
  readonly plaintext: WireResult;
  /** The gateway's SPIFFE ID by the mesh's own CA, and alice's token: accepted, so the path works. */
  readonly control: WireResult;
  /** The same but for the identity: another workload of the mesh shows alice's token. */
  readonly otherWorkload: WireResult;
  readonly forged: readonly CertificateProbe[];
  readonly plaintextToLedger: WireResult;
  /** TLS without a client certificate, by workload; that to httpbin is one of `forged`. */
  readonly uncertified: Readonly<Record<'ledger' | 'caller', WireResult>>;
  /** An honest identity that speaks TLS 1.2 at most, by workload. */
  readonly tls12: Readonly<Record<'httpbin' | 'ledger' | 'caller', WireResult>>;
  /** A workload that no ALLOW names, called with an honest identity: only the default deny stands before it. */
  readonly unlisted: WireResult;
}

export interface CallerWire {
  readonly ledger: WireResult;
  readonly ledgerEcho: Echo | undefined;
}

/** One server of Caddy's running configuration, as far as trust depends on it. */
export interface EdgeUpstream {
  readonly host: string;
  readonly dial: readonly string[];
  readonly tls: boolean;
  readonly serverName: string | undefined;
  readonly skipVerify: boolean;
  readonly anchors: boolean;
  readonly clientCertificate: boolean;
}

export interface EdgeRunning {
  readonly upstreams: readonly EdgeUpstream[];
  readonly strictSni: boolean;
  /** The running configuration equals the adapted Caddyfile of this lab. */
  readonly asRendered: boolean;
}

export interface ProxySecrets {
  readonly workload: string;
  /** PEM of the workload certificate, leaf first. */
  readonly chainPem: string | undefined;
  readonly rootPem: string | undefined;
  readonly warming: readonly string[];
}

export interface MeshState {
  /** Differences between the objects that meshdev wants and what the API server holds. */
  readonly drift: readonly string[];
  /** Deployments that somebody has scaled, which is no difference: `apps/httpbin has 2 pods`. */
  readonly scaled: readonly string[];
  /** Certificates that each proxy runs with; one that could not be asked has no entry. */
  readonly secrets: readonly ProxySecrets[];
  /** Keys that the validating proxy holds. */
  readonly jwks: readonly HeldKey[];
}

/** A public key and what it is called; a name alone proves nothing. */
export interface HeldKey {
  readonly kid: string;
  /** RFC 7638; undefined for a kind of key that has none here. */
  readonly thumbprint: string | undefined;
}

/** A key of the IdP's set, as it is published. */
export interface PublishedKey extends HeldKey {
  readonly kty: string;
  readonly isPrivate: boolean;
  readonly alg: string | undefined;
  readonly use: string | undefined;
  readonly crv: string | undefined;
  /** Of the modulus, where there is one. */
  readonly bits: number | undefined;
}

export interface IdpState {
  readonly discovery: Readonly<Record<string, unknown>>;
  readonly keys: readonly PublishedKey[];
}

export interface PublishedListener {
  readonly container: string;
  readonly address: string;
  readonly port: number;
}

/** PEM texts that this lab was made with. */
export interface Anchors {
  readonly edgeRootPem: string;
  readonly meshRootPem: string;
  readonly edgeClientPem: string;
}

/** Everything that checks may ask for; each key is gathered once per run, concurrently. */
export interface EvidenceMap {
  readonly anchors: Anchors;
  readonly 'edge.wire': EdgeWire;
  readonly 'edge.running': EdgeRunning;
  readonly walks: Readonly<Record<WalkId, Walk>>;
  readonly 'token.walks': readonly TokenWalk[];
  readonly 'token.deliveries': readonly DeliveryWalk[];
  readonly 'token.canary': TokenCanary;
  readonly 'proxy.lives': ProxyLives;
  readonly tokens: Readonly<Record<'alice' | 'bob' | 'eve' | 'machine', TokenFacts>>;
  readonly 'gateway.wire': GatewayWire;
  readonly 'sidecar.wire': SidecarWire;
  readonly 'caller.wire': CallerWire;
  /** Bad servers in the edge's place, before the clients of this machine. */
  readonly 'edge.twins': EdgeTwins;
  /** Bad servers in the gateway's place, before the edge. */
  readonly 'gateway.twins': UpstreamTwins;
  /** Bad servers in the app's place, before the gateway. */
  readonly 'sidecar.twins': UpstreamTwins;
  /** Bad servers in the issuer's place, before istiod; and an issuer that changes its key. */
  readonly 'issuer.twins': IssuerTwins;
  readonly 'mesh.state': MeshState;
  readonly proxies: Proxies;
  readonly 'edge.state': EdgeState;
  readonly 'tls.offers': TlsOffers;
  readonly 'real.clients': readonly RealClient[];
  readonly 'cluster.state': ClusterState;
  readonly certificates: readonly StoredCertificate[];
  readonly clocks: Clocks;
  readonly names: NamesSeen;
  readonly versions: VersionsSeen;
  readonly 'idp.state': IdpState;
  readonly 'idp.logins': IdpLogins;
  readonly 'idp.flows': IdpFlows;
  readonly 'idp.refusals': IdpRefusals;
  readonly 'client.answers': ClientAnswers;
  readonly 'istiod.trust': IstiodTrust;
  readonly listeners: readonly PublishedListener[];
  readonly policy: Policy;
  readonly 'header.walks': HeaderWalks;
  readonly 'framing.walks': readonly FramingWalk[];
  readonly 'path.walks': readonly PathWalk[];
  readonly 'host.walks': readonly HostWalk[];
  readonly 'edge.own': readonly OwnWalk[];
  readonly 'edge.sessions': readonly SessionGiven[];
  readonly 'rbac.matrix': readonly CellWalk[];
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
  readonly capture: Capture;
}

export type EvidenceKey = keyof EvidenceMap;
