import type { AccessRule } from '../../topology/access.ts';
import { type Lab, originOf } from '../../topology/lab.ts';
import type {
  ContainerSettings,
  ExtraPort,
  Persona,
  SecretSource,
  Service,
  ServiceSource,
  ServiceVolume,
} from '../../topology/service.ts';
import { fullHost } from '../../topology/service-names.ts';
import type { ManifestFacts } from '../manifests/manifest-facts.ts';
import type { ConfigFile } from '../schema.ts';
import { controlOf } from './control.ts';
import { personasIn } from './personas.ts';
import type { RuleValues, ServiceValues } from './service-schema.ts';
import { readVolume } from './volume.ts';

export type LabNames = Pick<Lab, 'domain' | 'httpsPort' | 'workloads'>;

/** Namespace of services that name none. */
export const DEFAULT_NAMESPACE = 'apps';

/** Who can sign in to a lab of this file. Pure. */
export function personasOf({ sample, identity }: ConfigFile): readonly Persona[] {
  const users = Object.entries(identity?.users ?? {}).map(([name, { roles = [] }]) => ({
    name,
    path: [],
    roles,
  }));
  return personasIn({ sample: sample !== false, users });
}

/**
 * The services of a file that was found valid: every name, identity and rule follows from it and from the lab. Pure.
 * @param facts by id; what a service of `manifests` has no facts for is taken as if meshdev had made its objects
 */
export function servicesOf(
  file: ConfigFile,
  lab: LabNames,
  facts: ReadonlyMap<string, ManifestFacts> = new Map(),
): readonly Service[] {
  const personas = personasOf(file);
  return Object.entries(file.services ?? {}).map(([id, values]) =>
    serviceOf({ id, values, fact: facts.get(id) }, lab, personas),
  );
}

interface Given {
  readonly id: string;
  readonly values: ServiceValues;
  readonly fact: ManifestFacts | undefined;
}

function serviceOf({ id, values, fact }: Given, lab: LabNames, personas: readonly Persona[]): Service {
  const { appProtocol: protocol = 'http', check, health } = values;
  const identity = {
    trustDomain: lab.workloads.gateway.trustDomain,
    namespace: fact?.namespace ?? values.namespace ?? DEFAULT_NAMESPACE,
    serviceAccount: fact?.serviceAccount ?? id,
  };
  const access = accessOf(id, identity.namespace, values.allow ?? []);
  const control = check === undefined ? undefined : controlOf({ protocol, check, health }, access, personas);
  return {
    id,
    ...exposureOf(id, identity.namespace, values.host, lab),
    identity,
    selector: fact?.selector ?? { app: id },
    port: portOf(values, fact),
    extraPorts: (values.extraPorts ?? []).map((extra) => extraPort(extra, fact)),
    protocol,
    source: sourceOf(values),
    ...containerOf(values),
    ...(fact === undefined ? {} : { manifests: fact.parts }),
    app: 'opaque',
    access,
    callers: [...new Set(access.flatMap((rule) => (rule.kind === 'services' ? rule.from : [])))],
    dependsOn: values.depends_on ?? [],
    trustedHeaders: values.headers ?? [],
    ...(control?.kind === 'allowed' ? { control: control.request } : {}),
    active: values.active ?? 'safe',
  };
}

function exposureOf(
  id: string,
  namespace: string,
  host: string | undefined,
  { domain, httpsPort }: LabNames,
): Pick<Service, 'host' | 'audience' | 'tokenPolicy'> {
  if (host === undefined) return {};
  const full = fullHost(host, domain);
  return { host: full, audience: originOf(full, httpsPort), tokenPolicy: `${namespace}/${id}-tokens` };
}

/** Each rule becomes one policy, numbered in the order of the file. */
function accessOf(id: string, namespace: string, rules: readonly RuleValues[]): readonly AccessRule[] {
  return rules.map(({ roles = [], users = [], from, methods, paths }, at) => {
    const shared = {
      policy: `${namespace}/${id}-${at + 1}`,
      scope: { ...(methods === undefined ? {} : { methods }), ...(paths === undefined ? {} : { paths }) },
    };
    return from === undefined
      ? { ...shared, kind: 'people', roles, users }
      : { ...shared, kind: 'services', from };
  });
}

function portOf({ manifests, local, port = 0 }: ServiceValues, fact?: ManifestFacts): Service['port'] {
  const service = local?.port ?? port;
  const target = manifests === undefined ? service : fact?.targetPort;
  return { service, ...(target === undefined ? {} : { target }) };
}

function extraPort(
  { name, port, appProtocol = 'http' }: NonNullable<ServiceValues['extraPorts']>[number],
  fact?: ManifestFacts,
): ExtraPort {
  const target = fact?.extraTargets.get(port);
  return { name, port, protocol: appProtocol, ...(target === undefined ? {} : { target }) };
}

function sourceOf({ image, build, manifests, local }: ServiceValues): ServiceSource {
  if (image !== undefined) return { kind: 'image', image };
  if (manifests !== undefined)
    return { kind: 'manifests', paths: typeof manifests === 'string' ? [manifests] : manifests };
  if (local !== undefined) return { kind: 'local', ...defined(local) };
  const {
    context = '.',
    args = {},
    ...rest
  } = typeof build === 'string' ? { context: build } : (build ?? {});
  return { kind: 'build', context, args, ...defined(rest) };
}

function containerOf(values: ServiceValues): Pick<Service, 'container'> {
  if (values.image === undefined && values.build === undefined) return {};
  const { command, environment = {}, env_file: envFile = [], replicas, health, resources = {} } = values;
  return {
    container: {
      environment,
      envFiles: typeof envFile === 'string' ? [envFile] : envFile,
      secrets: Object.entries(values.secrets ?? {}).map(([name, secret]) => secretOf(name, secret)),
      volumes: (values.volumes ?? []).flatMap(volumesOf),
      resources: defined(resources),
      trust: values.trust ?? false,
      ...defined({ command, replicas, health: healthOf(health) }),
    },
  };
}

function secretOf(
  name: string,
  { file, environment, variable }: NonNullable<ServiceValues['secrets']>[string],
): SecretSource {
  const from = file === undefined ? { environment: environment ?? name } : { file };
  return { name, from, ...defined({ variable }) };
}

/** Of a file that was found valid none is refused. */
function volumesOf(text: string): readonly ServiceVolume[] {
  const volume = readVolume(text);
  return 'refused' in volume ? [] : [volume];
}

function healthOf(health: ServiceValues['health']): ContainerSettings['health'] {
  if (health === undefined) return undefined;
  return typeof health === 'string' ? { kind: 'http', path: health } : { kind: 'grpc' };
}

/** Without the keys that are not there, as exact optional properties want it. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } & object;
function defined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));
}
