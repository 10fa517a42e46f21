import type { Problem } from '../problem.ts';
import { checkMistakes, unreachableChecks } from './check-mistakes.ts';
import { draftOf } from './draft.ts';
import { nameMistakes } from './name-mistakes.ts';
import { portMistakes } from './port-mistakes.ts';
import { referenceMistakes } from './reference-mistakes.ts';
import { ruleMistakes } from './rule-mistakes.ts';
import { sourceMistakes } from './source-mistakes.ts';

/**
 * What no schema sees: names that collide or do not exist, and keys that contradict each other. Pure.
 * @param shape what the schema found in the same value
 * @param zone given by a flag or a variable
 */
export function mistakesIn(raw: unknown, shape: readonly Problem[], zone?: string): readonly Problem[] {
  const draft = draftOf(raw, zone);
  const found = [
    sourceMistakes,
    nameMistakes,
    portMistakes,
    ruleMistakes,
    referenceMistakes,
    checkMistakes,
  ].flatMap((mistakes) => mistakes(draft));
  const own = found.filter((mistake) => !shape.some((problem) => isSamePlace(problem, mistake)));
  // Whether a check can be answered depends on all of its service: with another mistake there, the answer is a guess.
  const clean = draft.services.filter(
    ({ path }) => ![...shape, ...own].some((problem) => isBelow(problem.path, path)),
  );
  return [...own, ...unreachableChecks(draft, clean)];
}

function isSamePlace(a: Problem, b: Problem): boolean {
  return a.path.length === b.path.length && isBelow(a.path, b.path);
}

function isBelow(path: Problem['path'], parent: Problem['path']): boolean {
  return parent.every((key, at) => path[at] === key);
}
