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
    means: 'the table of permissions: one row per path and method, one column per user',
    see: 'checks',
  },
  {
    name: 'bundle',
    means: 'a file with all images and tools of a lab, for a machine without a network',
    see: 'images',
  },
  {
    name: 'Caddy',
    also: ['edge'],
    means:
      'the web server in front of the cluster: it terminates TLS of the client and originates mutual TLS to the gateway',
    see: 'edge',
  },
  {
    name: 'case',
    means:
      'one test of a check, such as one kind of forged token; written in brackets: MD-JWT-010[alg-none], of a service MD-JWT-010[orders/alg-none]',
    see: 'checks',
  },
  {
    name: 'check',
    means:
      'an assertion about one hop, with an id such as MD-EGW-011; meshdev verifies it with observations on the wire',
    see: 'checks',
  },
  {
    name: 'component',
    means: 'a part of the lab with a role of its own: edge, gateway, sidecar, app, identity provider, istiod',
    see: 'architecture',
  },
  {
    name: 'connection',
    means: 'one TCP connection; several requests may share it',
  },
  {
    name: 'control',
    also: ['positive control'],
    means:
      'the check of the same path with valid credentials; if it does not pass, a refusal is not evidence',
    see: 'checks',
  },
  {
    name: 'decoy',
    means:
      'a second listener, certificate or workload that differs from the real one in one property; it shows whether a verifier checks that property',
    see: 'checks',
  },
  {
    name: 'drift',
    means: 'a difference between the running lab and its plan',
    see: 'checks',
  },
  {
    name: 'fault injection',
    means:
      'a change that breaks one property of the lab on purpose; tests use it to verify that a check fails',
    see: 'architecture',
  },
  {
    name: 'gateway',
    also: ['ingress gateway'],
    means:
      'the Envoy proxy of Istio at the border of the mesh: it accepts only the edge, by its client certificate',
    see: 'architecture',
  },
  {
    name: 'hint',
    means: 'where to look if a check fails; a row of `meshdev explain` and a column of `meshdev docs checks`',
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
      'the consequence of a failed check; a row of `meshdev explain` and a column of `meshdev docs checks`',
    see: 'checks',
  },
  {
    name: 'JWKS',
    also: ['key set'],
    means:
      'the public keys of the identity provider, as JSON; istiod fetches them and sends them to the proxies',
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
    means: 'TLS in which both sides present a certificate',
    see: 'architecture',
  },
  {
    name: 'negative',
    means: 'a check that sends forged input; the right component has to refuse it for the right reason',
    see: 'checks',
  },
  {
    name: 'non-mesh client',
    also: ['intruder'],
    means:
      'a pod without a sidecar, in the namespace `intruder`; it has no mesh certificate, and the mesh has to refuse it',
    see: 'checks',
  },
  {
    name: 'probe',
    means: 'the program that meshdev runs in containers to send requests and to report the responses',
    see: 'architecture',
  },
  {
    name: 'rogue server',
    also: ['imposter'],
    means:
      'a server with an invalid certificate in a place where a client of the chain connects; the client has to refuse it',
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
    means:
      'the Envoy proxy of Istio in the pod of an app: it terminates mutual TLS and evaluates token and policies',
    see: 'architecture',
  },
  {
    name: 'SNI',
    means: 'the host name that a TLS client sends before the server presents its certificate',
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
      'the mutual TLS mode of an Istio PeerAuthentication: STRICT accepts only mutual TLS, PERMISSIVE also accepts plaintext',
    see: 'checks',
  },
  {
    name: 'traced request',
    means:
      'a request with an id that each component writes to its log, so that meshdev finds all its records',
    see: 'architecture',
  },
  {
    name: 'verdict',
    means: 'the result of one case: ok, WARN, FAIL, UNKNOWN (the observations are not sufficient) or skip',
    see: 'checks',
  },
  {
    name: 'XFCC',
    also: ['X-Forwarded-Client-Cert'],
    means:
      'the header in which a proxy names the client whose certificate it verified; only the last element is from the last proxy',
    see: 'edge',
  },
];
