import { z } from 'zod';

/** Whose token goes along with the requests of a subject. */
const subject = z.union([
  z.strictObject({ user: z.string() }),
  z.strictObject({ token: z.literal('none') }),
  z.strictObject({ clientCredentials: z.string() }),
]);

const path = z.string().regex(/^\/[^\s#]*$/, 'must be a path that begins with / and has no spaces');
const method = z.string().regex(/^[A-Z]+$/, 'must be a method in upper case');
const ANY = z.literal('*');

const rule = z.strictObject({
  paths: z.array(z.union([path, ANY])).min(1),
  methods: z.array(z.union([method, ANY])).min(1),
  /** Subjects that may; all others may not. */
  allow: z.array(z.string()),
  /** The policy that allows, as `namespace/name`; `none` where nobody is allowed. */
  by: z.string().regex(/^(none|[a-z0-9-]+\/[a-z0-9-]+)$/, 'must be namespace/name, or none'),
  /** The policy that denies; without it the default does, which is no policy's. */
  deniedBy: z
    .string()
    .regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, 'must be namespace/name')
    .optional(),
});

/** A file that says who may do what, as its author wrote it. */
export const accessMatrix = z.strictObject({
  apiVersion: z.literal('meshdev.dev/v1'),
  kind: z.literal('AccessMatrix'),
  /** The public host that is asked; the sample service when it is left out. */
  host: z.string().optional(),
  subjects: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be a name in lower case'), subject),
  methods: z.array(method).min(1),
  paths: z.array(path).default([]),
  rules: z.array(rule).min(1),
});

export type AccessMatrix = z.infer<typeof accessMatrix>;
export type Subject = z.infer<typeof subject>;
type Rule = z.infer<typeof rule>;

/** One request and what has to become of it. */
export interface Cell {
  /** `ann-get-anything-admin`: the case of the check. */
  readonly id: string;
  readonly subject: string;
  readonly method: string;
  readonly path: string;
  readonly expected: 'allow' | 'deny';
  /** The policy that has to decide; `none` for the default deny. */
  readonly by: string;
}

/** A place of the grid that no rule is about. */
export interface Gap {
  readonly method: string;
  readonly path: string;
}

/** Every cell of the grid in the order of the file, and the places that no rule decides. */
export function cellsOf(matrix: AccessMatrix): {
  readonly cells: readonly Cell[];
  readonly gaps: readonly Gap[];
} {
  const places = pathsOf(matrix).flatMap((each) =>
    matrix.methods.map((verb) => ({ path: each, method: verb })),
  );
  const decided = places.map((place) => ({ place, by: matrix.rules.find((one) => isAbout(one, place)) }));
  const names = Object.keys(matrix.subjects);
  return {
    cells: decided.flatMap(({ place, by }) =>
      by === undefined ? [] : names.map((name) => cellOf(name, place, by)),
    ),
    gaps: decided.flatMap(({ place, by }) => (by === undefined ? [place] : [])),
  };
}

function pathsOf({ rules, paths }: AccessMatrix): readonly string[] {
  return [...new Set([...rules.flatMap((one) => one.paths), ...paths])].filter((each) => each !== '*');
}

function isAbout({ paths, methods }: Rule, place: Gap): boolean {
  const has = (list: readonly string[], value: string): boolean => list.includes('*') || list.includes(value);
  return has(paths, place.path) && has(methods, place.method);
}

function cellOf(name: string, { method: verb, path: where }: Gap, { allow, by, deniedBy }: Rule): Cell {
  const isAllowed = allow.includes(name);
  return {
    id: caseId(name, verb, where),
    subject: name,
    method: verb,
    path: where,
    expected: isAllowed ? 'allow' : 'deny',
    by: isAllowed ? by : (deniedBy ?? 'none'),
  };
}

/** Two paths may read the same without their signs (`/a-b`, `/a/b`): then the id is not unique, and `readMatrix` says so. */
function caseId(name: string, verb: string, where: string): string {
  const words = where
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return [name, verb.toLowerCase(), words === '' ? 'root' : words].join('-');
}
