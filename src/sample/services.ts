import { ADMIN, APP_ID, INTERNAL_ID, type SampleId } from './names.ts';
import type { AccessRule } from '../topology/access.ts';
import type { WorkloadIdentity } from '../topology/identity.ts';
import type { Service } from '../topology/service.ts';
import { IN_CLUSTER_IMAGES } from '../versions.ts';

/** What the sample services take from the lab that they are part of. */
export interface SamplePlace {
  /** Full public name of the service that is exposed. */
  readonly host: string;
  readonly audience: string;
  readonly workloads: Readonly<Record<SampleId, WorkloadIdentity>>;
  readonly trustedHeaders: readonly string[];
}

/** Port of the sample services inside the cluster. */
export const SERVICE_PORT = 8000;

/** Ids of the sample services. */
export const SAMPLE_IDS = [APP_ID, INTERNAL_ID] as const;

/** The echo services that the proxies are proved with: one that is exposed, and one that only pods may call. */
export function sampleServices({
  host,
  audience,
  workloads,
  trustedHeaders,
}: SamplePlace): readonly Service[] {
  const { httpbin, ledger } = workloads;
  return [
    {
      ...echo(APP_ID, httpbin),
      host,
      audience,
      tokenPolicy: `${httpbin.namespace}/tokens`,
      access: httpbinAccess(httpbin.namespace),
      trustedHeaders,
      control: { method: 'GET', path: '/headers', as: { person: ADMIN } },
    },
    { ...echo(INTERNAL_ID, ledger), access: ledgerAccess(ledger.namespace), callers: ['caller', APP_ID] },
  ];
}

function echo(id: string, identity: WorkloadIdentity): Service {
  return {
    id,
    identity,
    selector: { app: identity.serviceAccount },
    port: { service: SERVICE_PORT },
    extraPorts: [],
    protocol: 'http',
    source: { kind: 'image', image: IN_CLUSTER_IMAGES.httpbin },
    app: 'echo',
    access: [],
    callers: [],
    dependsOn: [],
    trustedHeaders: [],
    active: 'full',
  };
}

function httpbinAccess(namespace: string): readonly AccessRule[] {
  return [
    {
      kind: 'people',
      policy: `${namespace}/httpbin-read`,
      roles: ['admin', 'viewer'],
      users: [],
      scope: {
        methods: ['GET', 'HEAD'],
        paths: ['/headers', '/get', '/websocket/echo', '/anything/read', '/anything/read/*'],
      },
    },
    {
      kind: 'people',
      policy: `${namespace}/httpbin-admin`,
      roles: ['admin'],
      users: [],
      scope: { methods: ['GET', 'POST'], paths: ['/anything/admin', '/anything/admin/*'] },
    },
  ];
}

/** Pod to pod, by workload identity alone. */
function ledgerAccess(namespace: string): readonly AccessRule[] {
  return [
    {
      kind: 'services',
      policy: `${namespace}/ledger`,
      from: ['caller', APP_ID],
      scope: { methods: ['GET', 'POST'] },
    },
  ];
}
