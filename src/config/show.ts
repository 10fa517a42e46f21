import { redactDeep } from '../errors/redact.ts';
import { spiffeId } from '../topology/identity.ts';
import type { AccessRule } from '../topology/access.ts';
import type { Persona, Service } from '../topology/service.ts';
import type { Config, Sourced } from './resolve.ts';
import type { ConfigFile } from './schema.ts';
import { DEFAULT_NAMESPACE } from './services/derive.ts';
import type { ServiceValues } from './services/service-schema.ts';
import { withoutCredentials } from './without-credentials.ts';

/** What is in force, and what follows from it. */
export interface ShownConfig {
  readonly name: string;
  readonly domain: string;
  readonly httpsPort: number;
  readonly images: Readonly<Record<string, unknown>>;
  readonly edge: Readonly<Record<string, unknown>>;
  readonly policy?: ConfigFile['policy'];
  readonly sample: boolean;
  readonly identity: { readonly users: Readonly<Record<string, { readonly roles: readonly string[] }>> };
  readonly services: Readonly<Record<string, unknown>>;
  /** Nothing of it is written by anybody. */
  readonly derived: { readonly services: Readonly<Record<string, DerivedService>> };
  /** By path, with `/` between the keys: the flag, variable or file, or `default`. */
  readonly origins: Readonly<Record<string, string>>;
}

interface DerivedService {
  readonly url: string | null;
  readonly audience: string | null;
  readonly identity: string;
  readonly policies: Readonly<Record<string, string>>;
  readonly callers: readonly string[];
}

export interface ToShow {
  readonly config: Config;
  readonly file: { readonly path: string; readonly values: ConfigFile } | undefined;
  readonly services: readonly Service[];
  readonly personas: readonly Persona[];
}

/** Values that look like credentials are left out of what is shown. Pure. */
export function showConfig({ config, file, services, personas }: ToShow): ShownConfig {
  const { name, domain, httpsPort, imageSource, trustedHeaders, strictPaths, images } = config;
  const values = file?.values ?? {};
  const given = values.services ?? {};
  const imageValues = Object.entries<Sourced<unknown>>({ ...images });
  const settled: Readonly<Record<string, Sourced<unknown>>> = {
    name,
    domain,
    httpsPort,
    'images/source': imageSource,
    ...Object.fromEntries(imageValues.map(([key, value]) => [`images/${key}`, value])),
    'edge/trustedHeaders': trustedHeaders,
    'edge/strictPaths': strictPaths,
  };
  return {
    name: name.value,
    domain: domain.value,
    httpsPort: httpsPort.value,
    images: valuesOf({ source: imageSource, ...images }),
    edge: valuesOf({ trustedHeaders, strictPaths }),
    ...(values.policy === undefined ? {} : { policy: values.policy }),
    sample: values.sample !== false,
    identity: { users: Object.fromEntries(personas.map(({ name: user, roles }) => [user, { roles }])) },
    services: Object.fromEntries(Object.entries(given).map(([id, service]) => [id, shownService(service)])),
    derived: { services: Object.fromEntries(services.map((service) => [service.id, derivedOf(service)])) },
    origins: {
      ...Object.fromEntries(Object.entries(settled).map(([path, { origin }]) => [path, origin])),
      ...originsOfFile(file, personas),
    },
  };
}

/** What is not set is null: the key is there for whoever looks for it. */
function valuesOf(settled: Readonly<Record<string, Sourced<unknown>>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(settled).map(([key, { value }]) => [key, value ?? null]));
}

const DEFAULTS = { appProtocol: 'http', login: 'none', active: 'safe', allow: [] } as const;

function defaultsOf({ manifests, local }: ServiceValues): Readonly<Record<string, unknown>> {
  const own = manifests === undefined && local === undefined;
  return {
    ...DEFAULTS,
    ...(manifests === undefined ? { namespace: DEFAULT_NAMESPACE } : {}),
    ...(own ? { replicas: 1, trust: false } : {}),
  };
}

function shownService(values: ServiceValues): Readonly<Record<string, unknown>> {
  const given = redactDeep(withoutCredentials(values));
  return { ...given, ...defaultsOf(values), ...given };
}

function originsOfFile(file: ToShow['file'], personas: readonly Persona[]): Readonly<Record<string, string>> {
  const path = file?.path ?? 'meshdev.yaml';
  const { sample, identity, services = {}, policy } = file?.values ?? {};
  const users = personas.map(({ name }): [string, string] => [
    `identity/users/${name}`,
    identity?.users?.[name] === undefined ? 'the sample' : path,
  ]);
  const keys = Object.entries(services).flatMap(([id, values]) => [
    ...Object.keys(defaultsOf(values)).map((key): [string, string] => [`services/${id}/${key}`, 'default']),
    ...Object.keys(values).map((key): [string, string] => [`services/${id}/${key}`, path]),
  ]);
  return {
    ...(policy === undefined ? {} : { policy: path }),
    sample: sample === undefined ? 'default' : path,
    ...Object.fromEntries([...users, ...keys]),
  };
}

function derivedOf({ audience, identity, access, callers }: Service): DerivedService {
  return {
    url: audience === undefined ? null : `${audience}/`,
    audience: audience ?? null,
    identity: spiffeId(identity),
    policies: Object.fromEntries(access.map((rule) => [rule.policy, ruleInWords(rule)])),
    callers,
  };
}

/** `roles admin, viewer: GET, HEAD /orders, /orders/*` */
function ruleInWords(rule: AccessRule): string {
  const list = (what: string, names: readonly string[]): readonly string[] =>
    names.length === 0 ? [] : [`${what} ${names.join(', ')}`];
  const who =
    rule.kind === 'services'
      ? list('from', rule.from)
      : [...list('roles', rule.roles), ...list('users', rule.users)];
  const { methods = ['any method'], paths = ['any path'] } = rule.scope;
  return `${who.join(' or ')}: ${methods.join(', ')} of ${paths.join(', ')}`;
}
