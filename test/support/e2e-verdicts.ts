import { expect } from 'vitest';
import type { SeenReport } from './e2e-lab.ts';

/** What depends on the machine: its resolver, its listeners and the clients that it has. */
const OF_THE_MACHINE = new Set([
  'MD-EDGE-013',
  'MD-NAME-001',
  'MD-NAME-006[auth]',
  'MD-NAME-006[httpbin]',
  'MD-NAME-007[random-here]',
  'MD-NAME-007[random-edge-network]',
  'MD-NAME-007[random-intruder]',
]);

/**
 * The report of a lab is the same whatever its images came from: every check, every case, every verdict.
 * All sources are held to one file.
 */
export function expectTheVerdictsOfEveryLab(report: SeenReport): Promise<void> {
  const kept = report.checks.filter(
    ({ id, case: one }) => !OF_THE_MACHINE.has(id) && !OF_THE_MACHINE.has(`${id}[${one ?? ''}]`),
  );
  const grouped = Map.groupBy(kept, ({ id, verdict }) => `${id} ${verdict}`);
  const lines = [...grouped].map(([head, own]) =>
    [head, ...own.map(({ case: one }) => (one ?? '').replace(`-${report.lab}-`, '-')).toSorted()]
      .join(' ')
      .trim(),
  );
  return expect(`${lines.toSorted().join('\n')}\n`).toMatchFileSnapshot('../e2e/verdicts.txt');
}
