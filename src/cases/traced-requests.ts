import { ADMIN, ROLELESS, VIEWER } from '../sample/names.ts';
import { WALK } from '../sample/walks.ts';
/**
 * The requests that `check` sends through the whole chain: client → edge → gateway → sidecar → app.
 * Each is witnessed by every component it reached; checks judge them, nothing here does.
 */
export const TRACED_REQUEST_IDS = [
  WALK.adminRead,
  WALK.adminAdmin,
  WALK.viewerRead,
  WALK.viewerAdmin,
  WALK.viewerAdminEncoded,
  WALK.viewerAdminDots,
  WALK.rolelessRead,
  'machine-read',
  WALK.adminUnlisted,
  WALK.adminWrongMethod,
  'no-token',
  'query-token',
  'spoofed',
  WALK.adminBody,
] as const;

export type TracedRequestId = (typeof TRACED_REQUEST_IDS)[number];

export interface TracedRequestSpec {
  readonly id: TracedRequestId;
  /** Whose token goes along: a sample user, the machine client, or nobody's. */
  readonly as: typeof ADMIN | typeof VIEWER | typeof ROLELESS | 'machine' | 'nobody';
  readonly method: string;
  /** As sent, byte for byte; `{token}` becomes a good token of the admin's. */
  readonly path: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string;
}

/** Values that a client has no right to claim; a canary that arrives at the app is a finding. */
export const FORGED = {
  spiffe: 'spiffe://cluster.local/ns/istio-system/sa/forged',
  address: '203.0.113.66',
  id: 'forged-meshdev-id',
  host: 'forged.example.test',
} as const;

const FORGED_XFCC = `By=${FORGED.spiffe};Hash=00;Subject="";URI=${FORGED.spiffe}`;

export const TRACED_REQUESTS: readonly TracedRequestSpec[] = [
  { id: WALK.adminRead, as: ADMIN, method: 'GET', path: '/headers?walk=read' },
  { id: WALK.adminAdmin, as: ADMIN, method: 'GET', path: '/anything/admin' },
  {
    id: WALK.adminBody,
    as: ADMIN,
    method: 'POST',
    path: '/anything/admin/x?a=1&b=%20two',
    body: 'the body, byte for byte',
  },
  { id: WALK.viewerRead, as: VIEWER, method: 'GET', path: '/anything/read' },
  { id: WALK.viewerAdmin, as: VIEWER, method: 'GET', path: '/anything/admin' },
  { id: WALK.viewerAdminEncoded, as: VIEWER, method: 'GET', path: '/anything/%61dmin' },
  { id: WALK.viewerAdminDots, as: VIEWER, method: 'GET', path: '/anything/read/%2e%2e/admin' },
  { id: WALK.rolelessRead, as: ROLELESS, method: 'GET', path: '/anything/read' },
  { id: 'machine-read', as: 'machine', method: 'GET', path: '/anything/read' },
  { id: WALK.adminUnlisted, as: ADMIN, method: 'GET', path: '/status/200' },
  { id: WALK.adminWrongMethod, as: ADMIN, method: 'DELETE', path: '/anything/read' },
  { id: 'no-token', as: 'nobody', method: 'GET', path: '/headers' },
  { id: 'query-token', as: 'nobody', method: 'GET', path: '/headers?access_token={token}' },
  {
    id: 'spoofed',
    as: ADMIN,
    method: 'GET',
    path: '/headers?walk=spoofed',
    headers: [
      ['X-Forwarded-Client-Cert', FORGED_XFCC],
      ['X-Forwarded-For', FORGED.address],
      ['X-Forwarded-Host', FORGED.host],
      ['X-Forwarded-Proto', 'http'],
      ['X-Real-Ip', FORGED.address],
      ['Forwarded', `for=${FORGED.address};host=${FORGED.host};proto=http`],
      ['X-Envoy-External-Address', FORGED.address],
      ['X-Envoy-Original-Path', '/anything/admin'],
      ['X-Envoy-Upstream-Rq-Timeout-Ms', '1'],
      ['X-Meshdev-Id', FORGED.id],
    ],
  },
];
