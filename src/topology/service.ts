import type { AccessRule } from './access.ts';
import type { WorkloadIdentity } from './identity.ts';

export const APP_PROTOCOLS = ['http', 'http2', 'grpc', 'tcp'] as const;
export type AppProtocol = (typeof APP_PROTOCOLS)[number];

export type ServiceId = string;

/** Where the program of a service comes from; paths are as the file has them. */
export type ServiceSource =
  | { readonly kind: 'image'; readonly image: string }
  | {
      readonly kind: 'build';
      readonly context: string;
      readonly dockerfile?: string;
      readonly target?: string;
      readonly args: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'manifests'; readonly paths: readonly string[] }
  | { readonly kind: 'local'; readonly port: number; readonly command?: string; readonly cwd?: string };

/** One request that has to be answered, whatever else is refused. */
export interface HonestRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Who sends it: a person through the edge, or another service inside the mesh. */
  readonly as: { readonly person: string } | { readonly service: ServiceId };
}

export interface ExtraPort {
  readonly name: string;
  readonly port: number;
  /** The port of the pod; undefined: the same. */
  readonly target?: number;
  readonly protocol: AppProtocol;
}

/** Where the value of a secret is on this machine; the value itself is in no configuration. */
export interface SecretSource {
  readonly name: string;
  readonly from: { readonly file: string } | { readonly environment: string };
  /** The variable that the container has it in; undefined: it is mounted as a file. */
  readonly variable?: string;
}

/** What is mounted: an empty directory, or a file of the project. */
export type ServiceVolume =
  | { readonly kind: 'empty'; readonly at: string }
  | { readonly kind: 'file'; readonly source: string; readonly at: string };

/** How the container of a service is run whose Deployment meshdev makes; paths are as the file has them. */
export interface ContainerSettings {
  /** Arguments of the image's entrypoint, as compose's `command`; undefined: the image's own. */
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly envFiles: readonly string[];
  readonly secrets: readonly SecretSource[];
  readonly volumes: readonly ServiceVolume[];
  readonly resources: { readonly cpu?: string; readonly memory?: string };
  /** Undefined: one, and whoever scales the Deployment is left alone. */
  readonly replicas?: number;
  /** How it is seen to be ready; undefined: its port accepts connections. */
  readonly health?: { readonly kind: 'http'; readonly path: string } | { readonly kind: 'grpc' };
  /** Whether the edge's root is mounted, and the usual variables name it. */
  readonly trust: boolean;
}

/** A namespace that manifests make or are in, with what they say of it. */
export interface NamedNamespace {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** What the objects of a service are that brings its own. */
export interface ManifestParts {
  /** Whose pods the Service selects; in the namespace of its identity. */
  readonly workload: { readonly apiVersion: string; readonly kind: string; readonly name: string };
  readonly namespaces: readonly NamedNamespace[];
}

/** One service of a lab, whoever wrote it: all that routes, policies, certificates and checks follow from. */
export interface Service {
  readonly id: ServiceId;
  /** Full public name; undefined: not reachable at the edge. */
  readonly host?: string;
  /** `aud` of tokens for it: the origin of its public URL. */
  readonly audience?: string;
  /** The RequestAuthentication that says which tokens are good, as `namespace/name`. */
  readonly tokenPolicy?: string;
  readonly identity: WorkloadIdentity;
  /** Labels that select its pods. */
  readonly selector: Readonly<Record<string, string>>;
  /** `target` is the port of the pod; undefined where only the manifests know it. */
  readonly port: { readonly service: number; readonly target?: number };
  readonly extraPorts: readonly ExtraPort[];
  readonly protocol: AppProtocol;
  readonly source: ServiceSource;
  /** Of `image` and `build`. */
  readonly container?: ContainerSettings;
  /** Of `manifests`, where they were read. */
  readonly manifests?: ManifestParts;
  /** Whether the app answers with what it received, so that it can witness it. */
  readonly app: 'echo' | 'opaque';
  readonly access: readonly AccessRule[];
  /** Services that some rule lets in, each once. */
  readonly callers: readonly ServiceId[];
  readonly dependsOn: readonly ServiceId[];
  readonly trustedHeaders: readonly string[];
  readonly control?: HonestRequest;
  readonly active: 'safe' | 'full';
}

/** A service that people reach through the edge. */
export type ExposedService = Service & Required<Pick<Service, 'host' | 'audience' | 'tokenPolicy'>>;

export function isExposed(service: Service): service is ExposedService {
  const { host, audience, tokenPolicy } = service;
  return host !== undefined && audience !== undefined && tokenPolicy !== undefined;
}

/** A service whose container meshdev runs. */
export type ContainerService = Service & Required<Pick<Service, 'container'>>;

export function hasContainer(service: Service): service is ContainerService {
  return service.container !== undefined;
}

/** A service whose program is a process on the machine of the user. */
export type LocalService = Service & {
  readonly source: Extract<ServiceSource, { readonly kind: 'local' }>;
};

export function isLocal(service: Service): service is LocalService {
  return service.source.kind === 'local';
}

const TUNNEL_PORT = 7_999;

/** Where the relay of a local service accepts the tunnel, on the loopback address of its pod. */
export function tunnelPort({ source }: LocalService): number {
  return source.port === TUNNEL_PORT ? TUNNEL_PORT - 1 : TUNNEL_PORT;
}

/** The services of meshdev.yaml: every one but the sample's, which is judged as part of the lab. */
export function ownServices({ services }: { readonly services: readonly Service[] }): readonly Service[] {
  return services.filter(({ app }) => app === 'opaque');
}

/** Name of the service inside the cluster. */
export function clusterHost({ id, identity }: Pick<Service, 'id' | 'identity'>): string {
  return `${id}.${identity.namespace}.svc.cluster.local`;
}

/** Somebody who can sign in. */
export interface Persona {
  readonly name: string;
  readonly roles: readonly string[];
}
