import type { Hop } from './hop.ts';
import { spiffeId, type WorkloadIdentity } from './identity.ts';

/** What a user chooses; everything else about a lab follows from it. */
export interface LabChoice {
  /** RFC 1123 label, at most 30 characters. */
  readonly name: string;
  readonly domain: string;
  readonly httpsPort: number;
  /** Headers that the sample service takes from its client though their names look like identity; none when it is left out. */
  readonly trustedHeaders?: readonly string[];
  /** Whether the edge refuses every path that has a second spelling; it does not when it is left out. */
  readonly strictPaths?: boolean;
}

export interface SampleUser {
  readonly name: string;
  readonly roles: readonly string[];
}

/** The whole lab as a value: names, components, identities, ports. No effects, no state. */
export interface Lab extends Required<LabChoice> {
  readonly cluster: { readonly name: string; readonly context: string; readonly node: string };
  readonly network: string;
  /** Edge and IdP only: the plain HTTP between them passes nobody else. */
  readonly idpNetwork: string;
  readonly containers: { readonly edge: string; readonly idp: string; readonly probe: string };
  readonly hosts: {
    readonly auth: string;
    readonly httpbin: string;
    /** DNS SAN of the gateway's server certificate; never resolved, only verified. */
    readonly gateway: string;
    /** DNS SAN of Caddy's client certificate. */
    readonly edge: string;
    /** The probe's name on the lab's network: where bad servers of `check` stand, and nothing else ever. */
    readonly rogueServer: string;
  };
  readonly issuer: string;
  readonly audience: string;
  readonly gatewayNodePort: number;
  readonly idpPort: number;
  readonly workloads: Readonly<Record<WorkloadName, WorkloadIdentity>>;
  readonly users: readonly SampleUser[];
  readonly clients: { readonly cli: string; readonly machine: string };
  readonly hops: readonly Hop[];
}

export type WorkloadName = 'gateway' | 'httpbin' | 'caller' | 'ledger' | 'intruder';

const TRUST_DOMAIN = 'cluster.local';

export const DEFAULT_CHOICE: Required<LabChoice> = {
  name: 'demo',
  domain: 'mesh.localhost',
  httpsPort: 443,
  trustedHeaders: [],
  strictPaths: false,
};

export function createLab(choice: LabChoice): Lab {
  const { name, domain, httpsPort } = choice;
  const cluster = `meshdev-${name}`;
  const hosts = {
    auth: `auth.${domain}`,
    httpbin: `httpbin.${domain}`,
    gateway: `gateway.${domain}`,
    edge: `edge.${domain}`,
    rogueServer: `imposter.${domain}`,
  };
  const workloads = labWorkloads();
  return {
    ...DEFAULT_CHOICE,
    ...choice,
    cluster: { name: cluster, context: `kind-${cluster}`, node: `${cluster}-control-plane` },
    network: cluster,
    idpNetwork: `${cluster}-idp`,
    containers: { edge: `${cluster}-edge`, idp: `${cluster}-idp`, probe: `${cluster}-probe` },
    hosts,
    issuer: originOf(hosts.auth, httpsPort),
    audience: originOf(hosts.httpbin, httpsPort),
    gatewayNodePort: 30443,
    idpPort: 9400,
    workloads,
    users: SAMPLE_USERS,
    clients: { cli: 'meshdev-cli', machine: 'meshdev-ci' },
    hops: labHops(hosts, workloads),
  };
}

/** `https://host` with the port where it is not 443: one spelling for browser, CLI, istiod and pods. */
export function originOf(host: string, httpsPort: number): string {
  return httpsPort === 443 ? `https://${host}` : `https://${host}:${httpsPort}`;
}

/** The public authority of the sample service, with the port where there is one to say. */
export function authorityOf({ audience }: Pick<Lab, 'audience'>): string {
  return new URL(audience).host;
}

/** Names that the edge serves; each is a network alias of the edge container too. */
export function publicHosts(lab: Lab): readonly string[] {
  return [lab.hosts.auth, lab.hosts.httpbin];
}

const SAMPLE_USERS: readonly SampleUser[] = [
  { name: 'alice', roles: ['admin'] },
  { name: 'bob', roles: ['viewer'] },
  { name: 'eve', roles: [] },
];

function labWorkloads(): Record<WorkloadName, WorkloadIdentity> {
  const at = (namespace: string, serviceAccount: string): WorkloadIdentity => ({
    trustDomain: TRUST_DOMAIN,
    namespace,
    serviceAccount,
  });
  return {
    gateway: at('istio-ingress', 'gateway'),
    httpbin: at('apps', 'httpbin'),
    caller: at('apps', 'caller'),
    ledger: at('backend', 'ledger'),
    intruder: at('intruder', 'intruder'),
  };
}

function labHops(hosts: Lab['hosts'], workloads: Lab['workloads']): readonly Hop[] {
  const gateway = spiffeId(workloads.gateway);
  return [
    { id: 'client->edge', transport: 'tls', floor: 'TLSv1.3', server: hosts.httpbin, anchor: 'edge-root' },
    {
      id: 'edge->gateway',
      transport: 'mtls',
      floor: 'TLSv1.3',
      server: hosts.gateway,
      client: hosts.edge,
      anchor: 'mesh-root',
    },
    {
      id: 'gateway->sidecar',
      transport: 'mtls',
      floor: 'TLSv1.3',
      server: spiffeId(workloads.httpbin),
      client: gateway,
      anchor: 'mesh-root',
    },
    { id: 'sidecar->app', transport: 'plaintext' },
    { id: 'client->idp', transport: 'tls', floor: 'TLSv1.3', server: hosts.auth, anchor: 'edge-root' },
    { id: 'edge->idp', transport: 'plaintext' },
    { id: 'istiod->idp', transport: 'tls', floor: 'TLSv1.3', server: hosts.auth, anchor: 'edge-root' },
  ];
}
