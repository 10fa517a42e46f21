import type { KubeObject } from '../../ports/cluster.ts';
import { placeOf } from '../../topology/access.ts';
import type { Lab } from '../../topology/lab.ts';
import { type ExposedService, isExposed } from '../../topology/service.ts';
import { GATEWAY_SELECTOR, hostPatterns, ISTIO_NAMESPACE, DECOY_PREFIX } from './names.ts';
import { labObject } from './object.ts';
import { servicePolicies } from './service-policies.ts';
import { ownLabels } from './services/own-labels.ts';

/** The subject of the token that was judged, for the app; a client's own header of that name is removed. */
const SUBJECT_HEADER = 'x-meshdev-subject';

/** Who may talk to whom. Nothing is allowed that no rule below allows. */
export function policies(lab: Lab): readonly KubeObject[] {
  return [
    strictMutualTls(lab),
    allow(lab, { name: 'default-deny', namespace: ISTIO_NAMESPACE }, {}),
    gatewayPolicy(lab),
    ...lab.services.filter(isExposed).map((service) => tokenRules(lab, service)),
    ...servicePolicies(lab),
  ];
}

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
  const hosts = [
    ...lab.services.filter(isExposed).flatMap(({ host }) => hostPatterns(host)),
    `${DECOY_PREFIX}*`,
  ];
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
 * Says which tokens are good for a service: those of its own audience. A request without one passes here and is
 * refused by the policies.
 * `fromHeaders` closes the second way in: a token in the query would be logged by everybody.
 */
export function tokenRules(lab: Lab, service: ExposedService): KubeObject {
  const { tokenPolicy, selector, audience } = service;
  const rule = {
    issuer: lab.issuer,
    audiences: [audience],
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
      ...placeOf(tokenPolicy),
      role: 'policy',
      labels: ownLabels(service),
    },
    { spec: { selector: { matchLabels: selector }, jwtRules: [rule] } },
  );
}
