/** A term that meshdev, Istio, Envoy or Caddy uses and that a newcomer may look up. */
export interface Term {
  readonly name: string;
  /** Other names for the same. */
  readonly also?: readonly string[];
  readonly means: string;
  /** The page of the documentation that says more, as `meshdev docs` names it. */
  readonly see?: string;
}

/** The glossary, in alphabetical order; docs/glossary.md is generated from it. */
export const TERMS: readonly Term[] = [
  {
    name: 'access matrix',
    means: 'the table of who may do what: one row per path and method, one column per user',
    see: 'checks',
  },
  {
    name: 'bundle',
    means: 'one file with all images and tools of a lab, for a machine without a network',
    see: 'images',
  },
  {
    name: 'Caddy',
    also: ['edge'],
    means:
      'the web server in front of the cluster: it ends TLS of the client and begins mutual TLS to the gateway',
    see: 'edge',
  },
  {
    name: 'case',
    means:
      'one of the questions of a check, such as one kind of forged token; written in brackets: MD-JWT-010[alg-none]',
    see: 'checks',
  },
  {
    name: 'check',
    means:
      'a statement about one hop with an id such as MD-EGW-011; it is judged from what was seen on the wire',
    see: 'checks',
  },
  {
    name: 'component',
    means:
      'a part of the lab that has a role of its own: edge, gateway, sidecar, app, identity provider, istiod',
    see: 'architecture',
  },
  {
    name: 'connection',
    means: 'one TCP connection with all that is sent on it; several requests may share it',
  },
  {
    name: 'control',
    also: ['positive control'],
    means:
      'the check of the same path with honest credentials; where it is not green, a refusal proves nothing',
    see: 'checks',
  },
  {
    name: 'decoy',
    means:
      'a second listener, certificate or workload that differs from the real one in one property, so that a verifier shows whether it looks at that property',
    see: 'checks',
  },
  {
    name: 'drift',
    means: 'a difference between what runs and what the plan of the lab wants',
    see: 'checks',
  },
  {
    name: 'fault injection',
    means:
      'a change that breaks one property of the lab on purpose; tests use it to show that a check turns red',
    see: 'architecture',
  },
  {
    name: 'gateway',
    also: ['ingress gateway'],
    means: "Istio's Envoy at the border of the mesh: it admits the edge alone, by its client certificate",
    see: 'architecture',
  },
  {
    name: 'hint',
    means:
      'where to look when a check is red; a row of `meshdev explain` and a column of `meshdev docs checks`',
    see: 'checks',
  },
  {
    name: 'hop',
    means:
      'one link of the chain, between two components: client->edge, edge->gateway, gateway->sidecar, sidecar->app, and those to the identity provider',
    see: 'architecture',
  },
  {
    name: 'identity provider',
    also: ['IdP'],
    means:
      'the OpenID Connect server that signs in users and issues tokens; here `oidc-provider` with three sample users',
    see: 'architecture',
  },
  {
    name: 'impact',
    means:
      'what follows when a check is red; a row of `meshdev explain` and a column of `meshdev docs checks`',
    see: 'checks',
  },
  {
    name: 'JWKS',
    also: ['key set'],
    means:
      'the public keys of the identity provider, as JSON; istiod fetches them and hands them to the proxies',
    see: 'architecture',
  },
  {
    name: 'JWT',
    also: ['token', 'access token'],
    means: 'a signed token: header, claims and signature in base64url with dots between them',
    see: 'checks',
  },
  {
    name: 'mTLS',
    also: ['mutual TLS'],
    means: 'TLS in which both sides show a certificate',
    see: 'architecture',
  },
  {
    name: 'negative',
    means:
      'a check that sends something forged and wants a refusal, by the right component for the right reason',
    see: 'checks',
  },
  {
    name: 'non-mesh client',
    also: ['intruder'],
    means:
      'a pod without a sidecar, in the namespace `intruder`; it holds no mesh certificate and has to be refused',
    see: 'checks',
  },
  {
    name: 'probe',
    means: 'the program that meshdev runs in containers to send requests and to report what came back',
    see: 'architecture',
  },
  {
    name: 'rogue server',
    also: ['imposter'],
    means:
      'a server with a wrong certificate, put where a client of the chain connects; the client has to refuse it',
    see: 'checks',
  },
  {
    name: 'SAN',
    also: ['subjectAltName'],
    means: 'the names in a certificate: DNS names, addresses or a SPIFFE URI',
    see: 'path-validation',
  },
  {
    name: 'sidecar',
    also: ['istio-proxy'],
    means: "Istio's Envoy beside an app in its pod: it ends mutual TLS and decides on token and role",
    see: 'architecture',
  },
  {
    name: 'SNI',
    means: 'the host name that a TLS client sends before the server shows its certificate',
    see: 'edge',
  },
  {
    name: 'SPIFFE',
    also: ['SPIFFE ID'],
    means:
      'the identity of a workload as a URI in its certificate: spiffe://cluster.local/ns/NAMESPACE/sa/ACCOUNT',
    see: 'architecture',
  },
  {
    name: 'STRICT',
    also: ['PERMISSIVE'],
    means:
      'the mode of mutual TLS of an Istio PeerAuthentication: STRICT takes mutual TLS only, PERMISSIVE plaintext too',
    see: 'checks',
  },
  {
    name: 'traced request',
    means:
      'a request with an id that each component writes into its log, so that every record of it is found',
    see: 'architecture',
  },
  {
    name: 'verdict',
    means: 'what is said of one case: ok, WARN, FAIL, UNKNOWN (not seen well enough to say) or skip',
    see: 'checks',
  },
  {
    name: 'XFCC',
    also: ['X-Forwarded-Client-Cert'],
    means:
      'the header in which a proxy names the client whose certificate it verified; only the last element is the last proxy’s own',
    see: 'edge',
  },
];
