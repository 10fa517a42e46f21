import type { z } from 'zod';
import { DEFAULT_CHOICE } from '../../topology/lab.ts';
import type { AppProtocol } from '../../topology/service.ts';
import { labDomain } from '../schema.ts';
import { serviceShape, SOURCE_KEYS, type SourceKey } from './service-schema.ts';
import { port } from './words.ts';

/*
 * A file as far as it can be read. What belongs together is judged although another key is wrong: so every mistake of
 * a file is said at once. A value that its own schema refuses is undefined here, and is not judged again.
 */

export type Path = readonly PropertyKey[];

/** A name in the file and where it stands. */
export interface Named {
  readonly name: string;
  readonly path: Path;
}

export interface PortDraft {
  readonly path: Path;
  readonly name?: string | undefined;
  readonly port?: number | undefined;
}

export interface RuleDraft {
  readonly path: Path;
  readonly has: (key: string) => boolean;
  readonly roles: readonly Named[];
  readonly users: readonly Named[];
  readonly from: readonly Named[];
  readonly methods: readonly Named[];
  readonly paths: readonly Named[];
}

export interface ServiceDraft {
  readonly id: string;
  readonly path: Path;
  readonly has: (key: string) => boolean;
  readonly sources: readonly SourceKey[];
  /** Undefined where the file names one that does not exist. */
  readonly protocol: AppProtocol | undefined;
  readonly port: number | undefined;
  readonly localPort: number | undefined;
  readonly extraPorts: readonly PortDraft[];
  readonly host: string | undefined;
  readonly namespace: string | undefined;
  readonly health: z.infer<typeof serviceShape.health>;
  readonly check: z.infer<typeof serviceShape.check>;
  readonly rules: readonly RuleDraft[];
  readonly dependsOn: readonly Named[];
}

export interface Draft {
  /** Zone of the file, or the one that is given from elsewhere. */
  readonly zone: string;
  readonly sample: boolean;
  readonly users: readonly {
    readonly name: string;
    readonly path: Path;
    readonly roles: readonly string[];
  }[];
  readonly services: readonly ServiceDraft[];
}

/** @param zone given by a flag or a variable, before which the file's does not count */
export function draftOf(raw: unknown, zone?: string): Draft {
  const file = objectOf(raw);
  const users = objectOf(objectOf(file['identity'])['users']);
  return {
    zone: zone ?? readAs(labDomain, file['domain']) ?? DEFAULT_CHOICE.domain,
    sample: file['sample'] !== false,
    users: Object.entries(users).map(([name, user]) => ({
      name,
      path: ['identity', 'users', name],
      roles: stringsOf(objectOf(user)['roles'], []).map((role) => role.name),
    })),
    services: Object.entries(objectOf(file['services'])).map(([id, service]) => serviceDraft(id, service)),
  };
}

function serviceDraft(id: string, raw: unknown): ServiceDraft {
  const given = objectOf(raw);
  const path: Path = ['services', id];
  const local = objectOf(given['local']);
  const protocol = given['appProtocol'] === undefined ? 'http' : given['appProtocol'];
  return {
    id,
    path,
    has: (key) => given[key] !== undefined,
    sources: SOURCE_KEYS.filter((key) => given[key] !== undefined),
    protocol: readAs(serviceShape.appProtocol, protocol),
    port: readAs(port, given['port']),
    localPort: readAs(port, local['port']),
    extraPorts: itemsOf(given['extraPorts']).map((item, at) => ({
      path: [...path, 'extraPorts', at],
      name: textOf(objectOf(item)['name']),
      port: readAs(port, objectOf(item)['port']),
    })),
    host: readAs(serviceShape.host, given['host']),
    namespace: readAs(serviceShape.namespace, given['namespace']),
    health: readAs(serviceShape.health, given['health']),
    check: readAs(serviceShape.check, given['check']),
    rules: itemsOf(given['allow']).map((item, at) => ruleDraft(item, [...path, 'allow', at])),
    dependsOn: stringsOf(given['depends_on'], [...path, 'depends_on']),
  };
}

function ruleDraft(raw: unknown, path: Path): RuleDraft {
  const given = objectOf(raw);
  const list = (key: string): readonly Named[] => stringsOf(given[key], [...path, key]);
  return {
    path,
    has: (key) => given[key] !== undefined,
    roles: list('roles'),
    users: list('users'),
    from: list('from'),
    methods: list('methods'),
    paths: list('paths'),
  };
}

function readAs<T>(schema: z.ZodType<T>, value: unknown): T | undefined {
  const read = schema.safeParse(value);
  return read.success ? read.data : undefined;
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function stringsOf(value: unknown, path: Path): readonly Named[] {
  return itemsOf(value).flatMap((item, at) =>
    typeof item === 'string' ? [{ name: item, path: [...path, at] }] : [],
  );
}
