import { isScalar, visit } from 'yaml';
import { inOrder, type Places, type Problem, shapeProblems } from '../problem.ts';
import { knownKeys } from '../json-schema.ts';
import { invalid, placesOf, valueOf } from '../read.ts';
import { configFile } from '../schema.ts';
import { mistakesIn } from '../services/mistakes.ts';
import { REFUSED_IN_FILE } from './refused.ts';
import { fieldsOf, merge, type Taken, takeService } from './take-service.ts';

/** What a compose file becomes: the services of a meshdev.yaml, and what its reader has to know. */
export interface Imported {
  readonly services: Readonly<Record<string, unknown>>;
  readonly notes: readonly string[];
}

/** Where the compose file has what became another key. */
const CAME_FROM: Readonly<Record<string, string>> = {
  port: 'ports',
  extraPorts: 'ports',
  host: 'ports',
  appProtocol: 'ports',
  allow: 'depends_on',
  replicas: 'deploy',
  resources: 'deploy',
};

/**
 * Reads a compose file once. Pure.
 * @throws MeshdevError CONFIG_INVALID with everything that has no meaning here, each as `path:line:column`
 */
export function importCompose(path: string, text: string, base: Readonly<Record<string, unknown>>): Imported {
  const places = placesOf(path, text);
  const file = fieldsOf(withDollars(valueOf(places)));
  const taken = Object.entries(fieldsOf(file['services'])).map(
    ([id, service]) => [id, takeService(id, service, fieldsOf(file['secrets']))] as const,
  );
  const services = withCallers(Object.fromEntries(taken.map(([id, { values }]) => [id, values])));
  const whole = merge(
    taken.map(([, each]): Partial<Taken> => ({ problems: each.problems, notes: each.notes })),
  );
  const problems = [
    ...inFile(file),
    ...variablesIn(places),
    ...whole.problems,
    ...judged({ ...base, services }),
  ];
  if (problems.length > 0) throw invalid(inOrder(places, problems), ['meshdev docs services']);
  return { services, notes: [...whole.notes, ...callerNotes(services)] };
}

/** Compose writes a dollar sign as `$$`. */
function withDollars(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('$$', () => '$');
  if (Array.isArray(value)) return value.map(withDollars);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withDollars(each)]));
}

/** The services are taken; the others describe the file. */
const OF_THE_FILE: ReadonlySet<string> = new Set(['services', 'secrets', 'version', 'name']);

function inFile(file: Readonly<Record<string, unknown>>): readonly Problem[] {
  if (Object.keys(fieldsOf(file['services'])).length === 0)
    return [{ path: ['services'], on: 'key', message: 'needs at least one service' }];
  return Object.entries(file)
    .filter(([key, value]) => !OF_THE_FILE.has(key) && !key.startsWith('x-') && !isEmptyVolumes(key, value))
    .map(([key]) => {
      const why = Object.hasOwn(REFUSED_IN_FILE, key) ? `: ${REFUSED_IN_FILE[key]}` : '';
      return { path: [key], on: 'key', message: `has no meaning here${why}` };
    });
}

/** Each service that mounts one is refused where it does. */
function isEmptyVolumes(key: string, value: unknown): boolean {
  return key === 'volumes' && Object.values(fieldsOf(value)).every((each) => each === null);
}

/** What compose fills in from the shell is not known here. */
function variablesIn({ document, lines, file }: Places): readonly Problem[] {
  const found: Problem[] = [];
  visit(document, {
    Scalar: (key, node, above) => {
      if (
        key === 'key' ||
        typeof node.value !== 'string' ||
        !/\$(?:\{|[A-Za-z_])/.test(node.value.replaceAll('$$', ''))
      )
        return;
      const path = above.flatMap((each) =>
        'key' in each && isScalar(each.key) ? [String(each.key.value)] : [],
      );
      const { line } = lines.linePos(node.range?.[0] ?? 0);
      found.push({
        path,
        message: `has a variable of the shell in line ${line} of ${file}: write the value, or a secret`,
      });
    },
  });
  return found;
}

/** What meshdev.yaml itself would say, at the place of the compose file that it came from. */
function judged(raw: unknown): readonly Problem[] {
  const parsed = configFile.safeParse(raw);
  const shape = parsed.success ? [] : shapeProblems(parsed.error.issues, knownKeys);
  return [...shape, ...mistakesIn(raw, shape)].map(({ path, ...problem }) => ({
    ...problem,
    path: path.map((key, at) => (at === 2 ? (CAME_FROM[String(key)] ?? key) : key)),
  }));
}

/** Compose lets every service call every other; here, a service that another depends on lets that one in. */
function withCallers(
  services: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): Imported['services'] {
  return Object.fromEntries(
    Object.entries(services).map(([id, values]) => {
      const callers = Object.keys(services).filter((other) => dependsOn(services[other], id));
      return [id, callers.length === 0 ? values : { ...values, allow: [{ from: callers }] }];
    }),
  );
}

function dependsOn(values: Readonly<Record<string, unknown>> | undefined, id: string): boolean {
  const list = values?.['depends_on'];
  return Array.isArray(list) && list.includes(id);
}

function callerNotes(services: Imported['services']): readonly string[] {
  return Object.entries(services)
    .filter(([, values]) => fieldsOf(values)['allow'] !== undefined)
    .map(([id]) => `${id}: its callers are those that depend on it: see allow`);
}
