import type { Document, LineCounter } from 'yaml';
import { isMap, isNode, isScalar, visit } from 'yaml';
import type { z } from 'zod';
import { maybeMeant } from './meant.ts';

/** What is wrong with one place of a file. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  /** The key itself, where not its value is wrong. */
  readonly on?: 'key';
  /** The message names the key itself: only what is above it stands before. */
  readonly unknownKey?: true;
  readonly message: string;
}

/** Where places of a document stand. */
export interface Places {
  readonly file: string;
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
}

/** Each problem as `file:line:column path: message`, in the order of the file. */
export function inOrder(places: Places, problems: readonly Problem[]): readonly string[] {
  const placed = problems.map((problem) => {
    const offset = offsetOf(places.document, problem);
    const { line, col } = places.lines.linePos(offset);
    return { offset, text: `${places.file}:${line}:${col} ${inWords(problem)}` };
  });
  return placed.toSorted((a, b) => a.offset - b.offset).map(({ text }) => text);
}

function inWords({ path, unknownKey, message }: Problem): string {
  const shown = (unknownKey === true ? path.slice(0, -1) : path).map(String).join('.');
  return shown === '' ? message : `${shown}: ${message}`;
}

/** Where the value stands, or its key; for what is not there, where its parent does. */
export function offsetOf(document: Document.Parsed, { path, on }: Pick<Problem, 'path' | 'on'>): number {
  const key = on === 'key' ? keyOffset(document, path) : undefined;
  if (key !== undefined) return key;
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

function keyOffset(document: Document.Parsed, path: readonly PropertyKey[]): number | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const wanted = String(path.at(-1));
  const pair = isMap(parent)
    ? parent.items.find(({ key }) => isScalar(key) && String(key.value) === wanted)
    : undefined;
  return isNode(pair?.key) && pair.key.range ? pair.key.range[0] : undefined;
}

/** Keys that JavaScript has a meaning of its own for: a schema would pass over them in silence. */
export function unreadableKeys(
  document: Document.Parsed,
): readonly { readonly offset: number; readonly message: string }[] {
  const found: { offset: number; message: string }[] = [];
  visit(document, {
    Pair: (_, { key }) => {
      if (isScalar(key) && key.value === '__proto__')
        found.push({ offset: key.range?.[0] ?? 0, message: '__proto__ cannot be a key' });
    },
  });
  return found;
}

/** The keys that a schema knows at a place of the document. */
export type KnownKeys = (path: readonly PropertyKey[]) => readonly string[];

/** One problem for each place: unknown keys each by itself, and inside of a union what the nearest form lacks. */
export function shapeProblems(issues: readonly z.core.$ZodIssue[], known: KnownKeys): readonly Problem[] {
  return issues.flatMap((issue): readonly Problem[] => {
    const { path, message } = issue;
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({
        path: [...path, key],
        on: 'key',
        unknownKey: true,
        message: `Unrecognized key: ${JSON.stringify(key)}${maybeMeant(key, known(path))}`,
      }));
    if (issue.code === 'invalid_key')
      return [{ path, on: 'key', message: issue.issues[0]?.message ?? message }];
    if (issue.code === 'invalid_union') {
      const inside = issue.errors.find((branch) => !branch.some(isOfAnotherType));
      if (inside !== undefined)
        return shapeProblems(
          inside.map((each) => ({ ...each, path: [...path, ...each.path] })),
          known,
        );
    }
    return [{ path, message }];
  });
}

function isOfAnotherType({ code, path }: z.core.$ZodIssue): boolean {
  return path.length === 0 && code === 'invalid_type';
}
