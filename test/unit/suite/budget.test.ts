import { expect, it } from 'vitest';
import { budgetLines } from '../../support/budget.ts';

const FILES = [
  { layer: 'unit', file: 'test/unit/a.test.ts', ms: 400 },
  { layer: 'e2e', file: 'test/e2e/lab.test.ts', ms: 285_000 },
  { layer: 'e2e', file: 'test/e2e/bundle.test.ts', ms: 201_000 },
];

it('says what a run took of its budget, by layer, slowest file first', () => {
  expect(budgetLines(FILES, 600_000)).toEqual([
    'time    600.0 s, 67 % of the budget of 15 minutes on two cores; files by layer: unit 0.4 s, e2e 486.0 s',
    ' 285.0 s  e2e  test/e2e/lab.test.ts',
    ' 201.0 s  e2e  test/e2e/bundle.test.ts',
    '   0.4 s  unit  test/unit/a.test.ts',
  ]);
});

it('says that a run took more', () => {
  expect(budgetLines(FILES, 1_000_000)[0]).toContain('111 % OVER the budget of 15 minutes');
});
