import { type Attempt, METHODS, type Requester, rulesThatAllow } from './access.ts';
import { samplePath } from './path-pattern.ts';
import type { Persona, Service, ServiceId } from './service.ts';

/** One request of the access matrix of a service, and what has to become of it. */
export interface ServiceCell {
  /** `ann-get-orders`; unique in the matrix of its service. */
  readonly id: string;
  readonly service: ServiceId;
  readonly subject: string;
  /** How the subject arrives: through edge and gateway, or from a pod of the mesh. */
  readonly way: 'edge' | 'mesh';
  /** Undefined for a connection of `tcp`, as is the path. */
  readonly method?: string;
  readonly path?: string;
  readonly expected: 'allow' | 'deny';
  /** The first policy that allows, as `namespace/name`; `none`: the default denies. */
  readonly by: string;
  /** Every policy that allows: the proxy may name any of them. */
  readonly allowedBy: readonly string[];
}

/** Who has no token. */
export const WITHOUT_TOKEN = 'nobody';
/** A pod of the mesh that no rule is for. */
const UNKNOWN_CALLER = 'caller';

/** No rule of anybody names it. */
const UNLISTED_PATH = '/meshdev-unlisted';

interface Subject {
  readonly name: string;
  readonly way: ServiceCell['way'];
  readonly who: Requester;
}

/** Every person and every other service, with each method and path that some rule names and one that none does. */
export function serviceMatrix(
  service: Service,
  others: readonly Service[],
  personas: readonly Persona[],
): readonly ServiceCell[] {
  const subjects = subjectsOf(service, others, personas);
  const cells = subjects.flatMap((subject) =>
    placesOf(service).map((place) => cellOf(service, subject, place)),
  );
  return withUniqueIds(cells);
}

function subjectsOf(
  { id, host }: Service,
  others: readonly Service[],
  personas: readonly Persona[],
): readonly Subject[] {
  const people: readonly Subject[] = personas.map(({ name, roles }) => ({
    name,
    way: 'edge',
    who: { kind: 'person', name, roles },
  }));
  const anonymous: Subject = { name: WITHOUT_TOKEN, way: 'edge', who: { kind: 'no-token' } };
  const callers = [...others.map((other) => other.id), UNKNOWN_CALLER].filter((other) => other !== id);
  return [
    ...(host === undefined ? [] : [...people, anonymous]),
    ...callers.map((name): Subject => ({ name, way: 'mesh', who: { kind: 'service', id: name } })),
  ];
}

type Place = Pick<Attempt, 'method' | 'path'>;

function placesOf({ protocol, access, control }: Service): readonly Place[] {
  if (protocol === 'tcp') return [{}];
  const paths = access.flatMap(({ scope }) => scope.paths ?? []).map(samplePath);
  const all = new Set([...paths, ...(control === undefined ? [] : [control.path]), UNLISTED_PATH]);
  const methods = protocol === 'grpc' ? ['POST'] : methodsOf(access);
  return [...all].flatMap((path) => methods.map((method) => ({ path, method })));
}

/** GET, what rules name, and where they name any, one that they do not. */
function methodsOf(access: Service['access']): readonly string[] {
  const named = new Set(['GET', ...access.flatMap(({ scope }) => scope.methods ?? [])]);
  const restricted = access.some(({ scope }) => scope.methods !== undefined);
  const other = ['DELETE', ...METHODS].find((method) => !named.has(method));
  return [...named, ...(restricted && other !== undefined ? [other] : [])];
}

function cellOf({ id, access }: Service, { name, way, who }: Subject, place: Place): ServiceCell {
  const allowedBy = rulesThatAllow(access, { who, ...place }).map(({ policy }) => policy);
  const [by = 'none'] = allowedBy;
  return {
    id: caseId(name, place),
    service: id,
    subject: name,
    way,
    ...place,
    expected: allowedBy.length > 0 ? 'allow' : 'deny',
    by,
    allowedBy,
  };
}

function caseId(name: string, { method, path }: Place): string {
  if (method === undefined || path === undefined) return `${name}-connect`;
  const words = path
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return [name, method.toLowerCase(), words === '' ? 'root' : words].join('-');
}

/** Paths may read the same without their signs (`/a-b`, `/a/b`): the later ones are numbered. */
function withUniqueIds(cells: readonly ServiceCell[]): readonly ServiceCell[] {
  const taken = new Set<string>();
  return cells.map((cell) => {
    let id = cell.id;
    for (let count = 2; taken.has(id); count += 1) id = `${cell.id}-${count}`;
    taken.add(id);
    return { ...cell, id };
  });
}
