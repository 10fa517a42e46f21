import type { KubeObject } from '../../ports/cluster.ts';
import { principal } from '../../topology/identity.ts';
import type { Lab } from '../../topology/lab.ts';
import { GATEWAY_SELECTOR, hostPatterns, ISTIO_NAMESPACE, DECOY_PREFIX } from './names.ts';
import { labObject } from './object.ts';

/** The subject of the token that was judged, for the app; a client's own header of that name is removed. */
const SUBJECT_HEADER = 'x-meshdev-subject';

/** Who may talk to whom. Nothing is allowed that no rule below allows. */
export function policies(lab: Lab): readonly KubeObject[] {
  const { httpbin } = lab.workloads;
  return [
    strictMutualTls(lab),
    allow(lab, { name: 'default-deny', namespace: ISTIO_NAMESPACE }, {}),
    gatewayPolicy(lab),
    tokenRules(lab),
    allow(lab, { name: 'httpbin-read', namespace: httpbin.namespace }, httpbinSpec(lab, READ)),
    allow(lab, { name: 'httpbin-admin', namespace: httpbin.namespace }, httpbinSpec(lab, ADMIN)),
    ledgerPolicy(lab),
  ];
}

interface Access {
  readonly methods: readonly string[];
  readonly paths: readonly string[];
  readonly roles: readonly string[];
}

const READ: Access = {
  methods: ['GET', 'HEAD'],
  paths: ['/headers', '/get', '/websocket/echo', '/anything/read', '/anything/read/*'],
  roles: ['admin', 'viewer'],
};

const ADMIN: Access = {
  methods: ['GET', 'POST'],
  paths: ['/anything/admin', '/anything/admin/*'],
  roles: ['admin'],
};

function strictMutualTls(lab: Lab): KubeObject {
  return labObject(
    lab,
    {
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      name: 'default',
      namespace: ISTIO_NAMESPACE,
      role: 'policy',
    },
    { spec: { mtls: { mode: 'STRICT' } } },
  );
}

/** An empty spec allows nothing: with it every workload of the mesh needs an ALLOW of its own. */
function allow(
  lab: Lab,
  { name, namespace }: { readonly name: string; readonly namespace: string },
  spec: Readonly<Record<string, unknown>>,
): KubeObject {
  return labObject(
    lab,
    { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', name, namespace, role: 'policy' },
    { spec },
  );
}

/**
 * The default deny holds for the gateway's own listener too; it may forward what it has a route for. A decoy
 * that `check` routes for a moment needs no policy of its own: one more would change the listener, and the
 * gateway would close every connection of the live path.
 */
function gatewayPolicy(lab: Lab): KubeObject {
  const hosts = [...hostPatterns(lab.hosts.httpbin), `${DECOY_PREFIX}*`];
  return allow(
    lab,
    { name: 'gateway-forwards', namespace: lab.workloads.gateway.namespace },
    {
      selector: { matchLabels: GATEWAY_SELECTOR },
      action: 'ALLOW',
      rules: [{ to: [{ operation: { hosts } }] }],
    },
  );
}

/**
 * Says which tokens are good; a request without one passes here and is refused by the policies.
 * `fromHeaders` closes the second way in: a token in the query would be logged by everybody.
 */
export function tokenRules(lab: Lab): KubeObject {
  const rule = {
    issuer: lab.issuer,
    audiences: [lab.audience],
    jwksUri: `${lab.issuer}/jwks`,
    forwardOriginalToken: true,
    fromHeaders: [{ name: 'Authorization', prefix: 'Bearer ' }],
    outputClaimToHeaders: [{ header: SUBJECT_HEADER, claim: 'sub' }],
  };
  return labObject(
    lab,
    {
      apiVersion: 'security.istio.io/v1',
      kind: 'RequestAuthentication',
      name: 'tokens',
      namespace: lab.workloads.httpbin.namespace,
      role: 'policy',
    },
    { spec: { jwtRules: [rule] } },
  );
}

/** Workload, user, host, method, path and role: all of them, or no. */
function httpbinSpec(lab: Lab, { methods, paths, roles }: Access): Readonly<Record<string, unknown>> {
  const source = { principals: [principal(lab.workloads.gateway)], requestPrincipals: [`${lab.issuer}/*`] };
  const operation = { hosts: hostPatterns(lab.hosts.httpbin), methods, paths };
  const when = [{ key: 'request.auth.claims[roles]', values: roles }];
  return {
    selector: { matchLabels: { app: lab.workloads.httpbin.serviceAccount } },
    action: 'ALLOW',
    rules: [{ from: [{ source }], to: [{ operation }], when }],
  };
}

/** Pod to pod, by workload identity alone. */
function ledgerPolicy(lab: Lab): KubeObject {
  const { ledger, caller, httpbin } = lab.workloads;
  const source = { principals: [principal(caller), principal(httpbin)] };
  return allow(
    lab,
    { name: 'ledger', namespace: ledger.namespace },
    {
      selector: { matchLabels: { app: ledger.serviceAccount } },
      action: 'ALLOW',
      rules: [{ from: [{ source }], to: [{ operation: { methods: ['GET', 'POST'] } }] }],
    },
  );
}
