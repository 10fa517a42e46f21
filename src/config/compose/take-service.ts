import type { Problem } from '../problem.ts';
import { label } from '../services/words.ts';
import { isHttp, takePorts } from './ports.ts';
import { REFUSED } from './refused.ts';

/** What one key, or a whole service, becomes. */
export interface Taken {
  readonly values: Readonly<Record<string, unknown>>;
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
}

type Path = Problem['path'];
type Take = (value: unknown, path: Path) => Partial<Taken>;
type Fields = Readonly<Record<string, unknown>>;

/** Keys whose words are those of meshdev.yaml. */
const same =
  (key: string): Take =>
  (value) => ({ values: { [key]: value } });

const refuse = (path: Path, message: string): Partial<Taken> => ({
  problems: [{ path, on: 'key', message }],
});

const TAKE: Readonly<Record<string, Take>> = {
  image: same('image'),
  build: same('build'),
  env_file: same('env_file'),
  volumes: same('volumes'),
  tmpfs: (value) => ({ values: { volumes: typeof value === 'string' ? [value] : value } }),
  command: (value, path) =>
    typeof value === 'string' && /["'\\|&;<>$]/.test(value)
      ? refuse(path, 'needs a shell to be read: write it as a list')
      : { values: { command: typeof value === 'string' ? value.split(/\s+/) : value } },
  environment: (value) => takeEnvironment(value),
  depends_on: (value, path) => takeDependencies(value, path),
  deploy: (value, path) => takeDeploy(fieldsOf(value), path),
  scale: same('replicas'),
  restart: (value, path) =>
    value === 'no' || value === false
      ? refuse(path, 'is not supported: Kubernetes starts a container again when it ends')
      : {},
  ports: () => ({}),
  expose: () => ({}),
  secrets: () => ({}),
};

/** @param known sources of the secrets of the file */
export function takeService(id: string, value: unknown, known: Fields): Taken {
  const path: Path = ['services', id];
  const given = fieldsOf(value);
  const parts = Object.entries(given)
    .filter(([key]) => !key.startsWith('x-'))
    .map(([key, each]) => takeKey(key, each, [...path, key]));
  return merge([
    ...parts,
    portsOf(id, given, path),
    secretsOf(given['secrets'], known, [...path, 'secrets']),
  ]);
}

function takeKey(key: string, value: unknown, path: Path): Partial<Taken> {
  const take = Object.hasOwn(TAKE, key) ? TAKE[key] : undefined;
  const why = Object.hasOwn(REFUSED, key) ? REFUSED[key] : undefined;
  return take?.(value, path) ?? refuse(path, `has no meaning here${why === undefined ? '' : `: ${why}`}`);
}

/** Lists and maps of two keys that become one are joined. */
export function merge(parts: readonly Partial<Taken>[]): Taken {
  const values: Record<string, unknown> = {};
  for (const [key, value] of parts.flatMap((part) => Object.entries(part.values ?? {}))) {
    const before = values[key];
    if (Array.isArray(before) && Array.isArray(value)) values[key] = [...before, ...value];
    else values[key] = isFields(before) && isFields(value) ? { ...before, ...value } : value;
  }
  return {
    values,
    problems: parts.flatMap(({ problems = [] }) => problems),
    notes: parts.flatMap(({ notes = [] }) => notes),
  };
}

/** Published ports make a host; the first port is the one that is routed. */
function portsOf(id: string, given: Fields, path: Path): Partial<Taken> {
  const published = takePorts(given['ports'], [...path, 'ports']);
  const exposed = takePorts(given['expose'], [...path, 'expose']);
  const [port, ...others] = [...new Set([...published.targets, ...exposed.targets])];
  const problems = [...published.problems, ...exposed.problems];
  // Without one, nothing is written: the placeholder keeps that from being said twice.
  if (port === undefined)
    return {
      values: { port: 1 },
      problems:
        problems.length > 0
          ? problems
          : [{ path, on: 'key', message: 'names no port: add expose with the port that it listens on' }],
    };
  const extraPorts = others.map((other) => ({
    name: `port-${other}`,
    port: other,
    ...(isHttp(other) ? {} : { appProtocol: 'tcp' }),
  }));
  const more = extraPorts.length === 0 ? {} : { extraPorts };
  if (!isHttp(port))
    return {
      problems,
      values: { port, appProtocol: 'tcp', ...more },
      notes: [`${id}: port ${port} is taken for tcp, inside the mesh only`],
    };
  // A bad id is said as one: as a host it would be bad again.
  return published.targets.includes(port) && label.safeParse(id).success
    ? {
        problems,
        values: { port, host: id, ...more },
        notes: [`${id}: gets the host ${id}, and no user may call it: add allow with roles or users`],
      }
    : { problems, values: { port, ...more } };
}

/** A variable without a value is that of the shell: here, a secret. */
function takeEnvironment(value: unknown): Partial<Taken> {
  const pairs: readonly (readonly [string, unknown])[] = Array.isArray(value)
    ? value.map((item: unknown) => {
        const [name = '', ...rest] = String(item).split('=');
        return [name, rest.length === 0 ? null : rest.join('=')];
      })
    : Object.entries(fieldsOf(value));
  const set = pairs.filter(([, each]) => each !== null);
  const passed = pairs.filter(([, each]) => each === null).map(([name]) => name);
  const secrets = passed.map((name) => [
    name.toLowerCase().replaceAll('_', '-'),
    { environment: name, variable: name },
  ]);
  return {
    values: {
      ...(set.length === 0 ? {} : { environment: Object.fromEntries(set) }),
      ...(secrets.length === 0 ? {} : { secrets: Object.fromEntries(secrets) }),
    },
  };
}

function takeDependencies(value: unknown, path: Path): Partial<Taken> {
  if (Array.isArray(value)) return { values: { depends_on: value } };
  const conditions = Object.entries(fieldsOf(value));
  const ended = conditions.filter(
    ([, each]) => fieldsOf(each)['condition'] === 'service_completed_successfully',
  );
  return {
    values: { depends_on: conditions.map(([id]) => id) },
    problems: ended.map(([id]) => ({
      path: [...path, id, 'condition'],
      message: 'waits for a program that ends: services of a lab go on',
    })),
  };
}

function takeDeploy(given: Fields, path: Path): Partial<Taken> {
  const { replicas, resources, ...others } = given;
  const { cpus, memory } = fieldsOf(fieldsOf(resources)['limits']);
  const limits = {
    ...(cpus === undefined ? {} : { cpu: cpus }),
    ...(memory === undefined ? {} : { memory: typeof memory === 'string' ? withBinaryUnit(memory) : memory }),
  };
  return {
    values: {
      ...(replicas === undefined ? {} : { replicas }),
      ...(Object.keys(limits).length === 0 ? {} : { resources: limits }),
    },
    problems: Object.keys(others).map((key) => ({
      path: [...path, key],
      on: 'key',
      message: 'has no meaning here',
    })),
  };
}

/** The units of compose are of 1024: `512M`, `512MB` and `512MiB` are `512Mi`. */
function withBinaryUnit(amount: string): string {
  return amount.replace(/^(\d+)([kmg])i?b?$/i, (_, number: string, unit: string) => {
    const upper = unit.toUpperCase();
    return `${number}${upper}i`;
  });
}

/** Compose mounts a secret as the file /run/secrets/NAME, and so does a lab. */
function secretsOf(value: unknown, known: Fields, path: Path): Partial<Taken> {
  const names: readonly unknown[] = Array.isArray(value) ? value : [];
  const taken = names.map((name, at) => ({ name, at, source: fieldsOf(known[String(name)]) }));
  const isThere = ({ source }: (typeof taken)[number]): boolean =>
    source['file'] !== undefined || source['environment'] !== undefined;
  const found = taken.filter(isThere).map(({ name, source }) => [String(name), source]);
  return {
    ...(found.length === 0 ? {} : { values: { secrets: Object.fromEntries(found) } }),
    problems: taken
      .filter((each) => !isThere(each))
      .map(({ at }) => ({
        path: [...path, at],
        message: 'must be the name of a secret of the file, with file or environment',
      })),
  };
}

export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
