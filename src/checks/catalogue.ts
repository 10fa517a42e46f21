import { CONTINUITY_CHECKS } from './catalogue/continuity.ts';
import { STATE_CHECKS } from './catalogue/drift.ts';
import { EDGE_CHECKS } from './catalogue/edge.ts';
import { EDGE_GATEWAY_CHECKS } from './catalogue/edge-gateway.ts';
import { EXPOSURE_CHECKS } from './catalogue/exposure.ts';
import { GATEWAY_CHECKS } from './catalogue/gateway.ts';
import { HEADER_CHECKS } from './catalogue/headers.ts';
import { JWT_CHECKS } from './catalogue/jwt.ts';
import { MESH_CHECKS } from './catalogue/mesh.ts';
import { OIDC_CHECKS } from './catalogue/oidc.ts';
import { POLICY_CHECKS } from './catalogue/policy.ts';
import { RBAC_CHECKS } from './catalogue/rbac.ts';
import { WORKLOAD_CHECKS } from './catalogue/workload.ts';
import type { AnyCheck } from './check.ts';

/** Every check, in the order of the chain. */
export const CATALOGUE: readonly AnyCheck[] = [
  ...EDGE_CHECKS,
  ...HEADER_CHECKS,
  ...EDGE_GATEWAY_CHECKS,
  ...GATEWAY_CHECKS,
  ...MESH_CHECKS,
  ...JWT_CHECKS,
  ...RBAC_CHECKS,
  ...OIDC_CHECKS,
  ...WORKLOAD_CHECKS,
  ...CONTINUITY_CHECKS,
  ...STATE_CHECKS,
  ...POLICY_CHECKS,
  ...EXPOSURE_CHECKS,
];
