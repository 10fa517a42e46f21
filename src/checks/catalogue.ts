import { ACCESS_CHECKS } from './catalogue/cluster-access.ts';
import { CERTIFICATE_CHECKS } from './catalogue/certificates.ts';
import { ISSUER_CHECKS } from './catalogue/bad-issuers.ts';
import { EDGE_DECOY_CHECKS, UPSTREAM_DECOY_CHECKS } from './catalogue/bad-servers.ts';
import { CONTINUITY_CHECKS } from './catalogue/continuity.ts';
import { STATE_CHECKS } from './catalogue/drift.ts';
import { EDGE_CERTIFICATE_CHECKS } from './catalogue/edge-certificates.ts';
import { EDGE_CHECKS } from './catalogue/edge.ts';
import { EDGE_OWN_CHECKS } from './catalogue/edge-own.ts';
import { EDGE_GATEWAY_CHECKS } from './catalogue/edge-gateway.ts';
import { EDGE_REACH_CHECKS, EDGE_STATE_CHECKS } from './catalogue/edge-state.ts';
import { EXPOSURE_CHECKS } from './catalogue/exposure.ts';
import { GATEWAY_CHECKS } from './catalogue/gateway.ts';
import { GATEWAY_STATE_CHECKS } from './catalogue/gateway-state.ts';
import { HEADER_CHECKS } from './catalogue/headers.ts';
import { JWT_CHECKS } from './catalogue/jwt.ts';
import { MESH_CHECKS } from './catalogue/mesh.ts';
import { NAME_CHECKS } from './catalogue/names.ts';
import { MESH_POD_CHECKS } from './catalogue/mesh-pods.ts';
import { MESH_PROXY_CHECKS } from './catalogue/mesh-proxies.ts';
import { IDP_CLOSED_CHECKS } from './catalogue/idp-closed.ts';
import { OUTSIDE_CHECKS } from './catalogue/outside.ts';
import { OIDC_CHECKS } from './catalogue/oidc.ts';
import { POLICY_CHECKS } from './catalogue/declared-policy.ts';
import { PART_CHECKS } from './catalogue/containers.ts';
import { RBAC_CHECKS } from './catalogue/rbac.ts';
import { AGREEMENT_CHECKS } from './catalogue/tls-agreement.ts';
import { VERSION_CHECKS } from './catalogue/versions.ts';
import { WORKLOAD_POD_CHECKS } from './catalogue/workload-pods.ts';
import { TOLERATED_CHECKS } from './catalogue/tolerated.ts';
import { WORKLOAD_CHECKS } from './catalogue/workload.ts';
import { SERVICE_JUDGES } from './services/service-judges.ts';
import type { AnyCheck } from './check.ts';

const OF_THE_LAB: readonly AnyCheck[] = [
  ...PART_CHECKS,
  ...EDGE_CHECKS,
  ...EDGE_STATE_CHECKS,
  ...EDGE_CERTIFICATE_CHECKS,
  ...EDGE_OWN_CHECKS,
  ...EDGE_DECOY_CHECKS,
  ...HEADER_CHECKS,
  ...EDGE_REACH_CHECKS,
  ...EDGE_GATEWAY_CHECKS,
  ...AGREEMENT_CHECKS,
  ...GATEWAY_CHECKS,
  ...GATEWAY_STATE_CHECKS,
  ...MESH_CHECKS,
  ...MESH_POD_CHECKS,
  ...MESH_PROXY_CHECKS,
  ...UPSTREAM_DECOY_CHECKS,
  ...JWT_CHECKS,
  ...RBAC_CHECKS,
  ...OIDC_CHECKS,
  ...IDP_CLOSED_CHECKS,
  ...ISSUER_CHECKS,
  ...WORKLOAD_CHECKS,
  ...WORKLOAD_POD_CHECKS,
  ...CONTINUITY_CHECKS,
  ...STATE_CHECKS,
  ...POLICY_CHECKS,
  ...EXPOSURE_CHECKS,
  ...ACCESS_CHECKS,
  ...OUTSIDE_CHECKS,
  ...CERTIFICATE_CHECKS,
  ...NAME_CHECKS,
  ...VERSION_CHECKS,
  ...TOLERATED_CHECKS,
];

/** Every check, in the order of the chain, with what it asserts of each service of meshdev.yaml. */
export const CATALOGUE: readonly AnyCheck[] = OF_THE_LAB.map((check) => {
  const service = SERVICE_JUDGES[check.id];
  return service === undefined ? check : { ...check, service };
});
