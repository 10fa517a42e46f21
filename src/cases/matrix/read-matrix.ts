import { APP_ID } from '../../sample/names.ts';
import { LineCounter, parseDocument } from 'yaml';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { Lab } from '../../topology/lab.ts';
import { type AccessMatrix, accessMatrix, cellsOf } from './access-matrix.ts';

interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/**
 * Reads an access matrix for a lab. A cell without a rule is a mistake, not a pass.
 * @param path for messages only
 * @throws MeshdevError CONFIG_INVALID with every problem at once, each as `path:line:column`.
 */
export function readMatrix(path: string, text: string, lab: Lab): AccessMatrix {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  if (document.errors.length > 0)
    throw invalid(document.errors.map((error) => `${at(error.pos[0])} ${error.message.split('\n')[0]}`));
  const parsed = accessMatrix.safeParse(document.toJS());
  const problems: readonly Problem[] = parsed.success ? mistakes(parsed.data, lab) : parsed.error.issues;
  if (parsed.success && problems.length === 0) return parsed.data;
  const placed = problems.map(({ path: where, message }) => {
    const offset = offsetOf(document.getIn(where, true));
    return { offset, text: `${at(offset)} ${where.map(String).join('.')}: ${message}` };
  });
  throw invalid(placed.toSorted((a, b) => a.offset - b.offset).map((problem) => problem.text));
}

function offsetOf(node: unknown): number {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return 0;
  const [start]: readonly unknown[] = node.range;
  return typeof start === 'number' ? start : 0;
}

/** What a schema cannot see: names that nobody has, and places of the grid that nobody decides. */
function mistakes(matrix: AccessMatrix, lab: Lab): readonly Problem[] {
  const { cells, gaps } = cellsOf(matrix);
  const twice = cells.find(({ id }, index) => cells.findIndex((other) => other.id === id) !== index);
  return [
    ...unknownNames(matrix, lab),
    ...(gaps.length === 0
      ? []
      : [
          {
            path: ['rules'],
            message: `no rule matches ${gaps.map(({ method, path }) => `${method} ${path}`).join(', ')}`,
          },
        ]),
    ...(twice === undefined
      ? []
      : [
          {
            path: ['rules'],
            message: `${twice.path} has the same id as another path: ${twice.id}`,
          },
        ]),
  ];
}

function unknownNames({ host, subjects, methods, rules }: AccessMatrix, lab: Lab): readonly Problem[] {
  const users = lab.users.map(({ name }) => name);
  const machines = [lab.clients.machine, 'ci'];
  const unknown = (path: Problem['path'], name: string, known: readonly string[]): readonly Problem[] =>
    known.includes(name)
      ? []
      : [{ path, message: `${name} is unknown; known names are ${known.join(', ')}` }];
  return [
    ...(host === undefined ? [] : unknown(['host'], host, [lab.hosts[APP_ID]])),
    ...Object.entries(subjects).flatMap(([name, subject]) => {
      if ('user' in subject) return unknown(['subjects', name, 'user'], subject.user, users);
      if ('clientCredentials' in subject)
        return unknown(['subjects', name, 'clientCredentials'], subject.clientCredentials, machines);
      return [];
    }),
    ...rules.flatMap((rule, at) => [
      ...rule.allow.flatMap((name, index) =>
        unknown(['rules', at, 'allow', index], name, Object.keys(subjects)),
      ),
      ...rule.methods.flatMap((verb, index) =>
        unknown(['rules', at, 'methods', index], verb, [...methods, '*']),
      ),
      ...(rule.allow.length > 0 && rule.by === 'none'
        ? [{ path: ['rules', at, 'by'], message: 'a rule that allows a subject must name a policy in `by`' }]
        : []),
    ]),
  ];
}

function invalid(problems: readonly string[]): MeshdevError {
  return new MeshdevError('CONFIG_INVALID', {
    message: problems.join('\n'),
    remedies: ['meshdev docs checks'],
  });
}
