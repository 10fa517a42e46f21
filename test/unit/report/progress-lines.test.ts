import { expect, it } from 'vitest';
import { createProgressLines } from '../../../src/report/progress-lines.ts';

it('says new words at once, other numbers after a while, the same words never twice in that time', () => {
  const lines: string[] = [];
  let now = 0;
  const progress = createProgressLines(
    (line) => lines.push(line),
    10_000,
    () => now,
  );
  progress('stage 1/2 kubernetes · 1 s');
  now = 9_999;
  progress('stage 1/2 kubernetes · 10 s');
  progress('stage 2/2 istio · 10 s');
  now = 19_999;
  progress('stage 2/2 istio · 20 s');
  progress('stage 2/2 istio · 20 s');
  expect(lines).toEqual(['stage 1/2 kubernetes · 1 s', 'stage 2/2 istio · 10 s', 'stage 2/2 istio · 20 s']);
});
