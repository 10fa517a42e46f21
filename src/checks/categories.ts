import type { AnyCheck } from './check.ts';

/** Second part of an id, and what the category is about. */
export const CATEGORIES = {
  EDGE: 'Edge: client to edge',
  EGW: 'Edge to gateway',
  GW: 'Gateway',
  MESH: 'Mesh: gateway to sidecar, pod to pod',
  WRK: 'Workload',
  OIDC: 'Identity provider',
  JWT: 'Tokens at the app’s sidecar',
  RBAC: 'Authorization',
  CONT: 'Continuity: one request at all components',
  HDR: 'Headers and paths',
  EXPO: 'Exposure: listeners, files, keys',
  CERT: 'Certificates',
  NAME: 'Names and DNS',
  DRIFT: 'Drift: plan compared with the running lab',
} as const;

export function categoryOf({ id }: Pick<AnyCheck, 'id'>): string {
  return id.split('-')[1] ?? '';
}
