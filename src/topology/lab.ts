import { APP_ID, INTERNAL_ID } from '../sample/names.ts';
import { sampleServices } from '../sample/services.ts';
import { SAMPLE_USERS } from '../sample/users.ts';
import type { Hop } from './hop.ts';
import { spiffeId, type WorkloadIdentity } from './identity.ts';
import { type ExposedService, isExposed, type Persona, type Service } from './service.ts';

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

/** The whole lab as a value: names, components, identities, ports. No effects, no state. */
export interface Lab extends Required<LabChoice> {
  readonly cluster: { readonly name: string; readonly context: string; readonly node: string };
  readonly network: string;
  /** Edge and IdP only: the plain HTTP between them passes nobody else. */
  readonly idpNetwork: string;
  readonly containers: { readonly edge: string; readonly idp: string; readonly probe: string };
  readonly hosts: {
    readonly auth: string;
    readonly [APP_ID]: string;
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
  /** Everybody who can sign in: the sample's people, and those of meshdev.yaml. */
  readonly users: readonly Persona[];
  /** Every service of the lab, the sample's first. */
  readonly services: readonly Service[];
  readonly clients: { readonly cli: string; readonly machine: string };
  readonly hops: readonly Hop[];
}

export type WorkloadName = 'gateway' | typeof APP_ID | 'caller' | typeof INTERNAL_ID | 'intruder';

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
    [APP_ID]: `${APP_ID}.${domain}`,
    gateway: `gateway.${domain}`,
    edge: `edge.${domain}`,
    rogueServer: `imposter.${domain}`,
  };
  const workloads = labWorkloads();
  const { trustedHeaders } = { ...DEFAULT_CHOICE, ...choice };
  const audience = originOf(hosts[APP_ID], httpsPort);
  return {
    ...DEFAULT_CHOICE,
    ...choice,
    cluster: { name: cluster, context: `kind-${cluster}`, node: `${cluster}-control-plane` },
    network: cluster,
    idpNetwork: `${cluster}-idp`,
    containers: { edge: `${cluster}-edge`, idp: `${cluster}-idp`, probe: `${cluster}-probe` },
    hosts,
    issuer: originOf(hosts.auth, httpsPort),
    audience,
    gatewayNodePort: 30443,
    idpPort: 9400,
    workloads,
    users: SAMPLE_USERS,
    services: sampleServices({ host: hosts[APP_ID], audience, workloads, trustedHeaders }),
    clients: { cli: 'meshdev-cli', machine: 'meshdev-ci' },
    hops: labHops(hosts, workloads),
  };
}

/** What a user adds to a lab. */
export interface OwnParts {
  readonly services: readonly Service[];
  readonly users: readonly Persona[];
}

/** The lab with the services and people of a user beside those of the sample. */
export function withOwnParts(lab: Lab, own: OwnParts): Lab {
  return { ...lab, services: [...lab.services, ...own.services], users: own.users };
}

/** `https://host` with the port where it is not 443: one spelling for browser, CLI, istiod and pods. */
export function originOf(host: string, httpsPort: number): string {
  return httpsPort === 443 ? `https://${host}` : `https://${host}:${httpsPort}`;
}

/** The public authority of what has this audience, with the port where there is one to say. */
export function authorityOf({ audience }: { readonly audience: string }): string {
  return new URL(audience).host;
}

/** The service of that id; undefined where the lab has none. */
export function serviceOf({ services }: Pick<Lab, 'services'>, id: string): Service | undefined {
  return services.find((service) => service.id === id);
}

/**
 * The service that the proxies are proved with: it is exposed, and answers with what it received.
 * @throws Error for a lab without the sample: none is made
 */
export function echoService({ services }: Pick<Lab, 'services'>): ExposedService {
  const found = services.filter(isExposed).find(({ app }) => app === 'echo');
  if (found === undefined) throw new Error('the lab has no exposed echo service');
  return found;
}

/** Whose a caller is: a service, or the lab's own pod that calls from inside; undefined where there is none. */
export function identityOf(lab: Lab, id: string): WorkloadIdentity | undefined {
  return id === 'caller' ? lab.workloads.caller : serviceOf(lab, id)?.identity;
}

/** Names that the edge serves; each is a network alias of the edge container too. */
export function publicHosts(lab: Lab): readonly string[] {
  return [lab.hosts.auth, ...lab.services.flatMap(({ host }) => host ?? [])];
}

function labWorkloads(): Record<WorkloadName, WorkloadIdentity> {
  const at = (namespace: string, serviceAccount: string): WorkloadIdentity => ({
    trustDomain: TRUST_DOMAIN,
    namespace,
    serviceAccount,
  });
  return {
    gateway: at('istio-ingress', 'gateway'),
    [APP_ID]: at('apps', APP_ID),
    caller: at('apps', 'caller'),
    [INTERNAL_ID]: at('backend', INTERNAL_ID),
    intruder: at('intruder', 'intruder'),
  };
}

function labHops(hosts: Lab['hosts'], workloads: Lab['workloads']): readonly Hop[] {
  const gateway = spiffeId(workloads.gateway);
  return [
    { id: 'client->edge', transport: 'tls', floor: 'TLSv1.3', server: hosts[APP_ID], anchor: 'edge-root' },
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
      server: spiffeId(workloads[APP_ID]),
      client: gateway,
      anchor: 'mesh-root',
    },
    { id: 'sidecar->app', transport: 'plaintext' },
    { id: 'client->idp', transport: 'tls', floor: 'TLSv1.3', server: hosts.auth, anchor: 'edge-root' },
    { id: 'edge->idp', transport: 'plaintext' },
    { id: 'istiod->idp', transport: 'tls', floor: 'TLSv1.3', server: hosts.auth, anchor: 'edge-root' },
  ];
}
