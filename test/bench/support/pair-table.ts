import type { Cost, Phase } from './measure.ts';
import type { Pair } from './pair.ts';
import { inWords, summarise } from './statistics.ts';
import { table } from './table.ts';

const COLUMNS = ['wall s', 'machine core-s', 'own core-s'];

/** Phases of both ways with the median over all pairs, and the spread of the totals. */
export function pairTable(pairs: readonly Pair[]): string {
  const meshdev = pairs.map((pair) => pair.meshdev);
  const naive = pairs.map((pair) => pair.naive);
  return table([
    ['meshdev up (steps overlap)', ...COLUMNS],
    ...phaseRows(meshdev.map((run) => run.phases)),
    ['  until the first verified request', spread(meshdev.map((run) => run.toFirstRequest)), '', ''],
    totalRow(`  with ${meshdev[0]?.checks ?? 0} checks judged`, meshdev),
    ['naive, one after the other', ...COLUMNS],
    ...phaseRows(naive.map((run) => run.phases)),
    totalRow('  until the first verified request', naive),
  ]);
}

function phaseRows(runs: readonly (readonly Phase[])[]): readonly (readonly string[])[] {
  const names = [...new Set(runs.flatMap((phases) => phases.map(({ phase }) => phase)))];
  return names.map((name) => {
    const costs = runs.flatMap((phases) => phases.filter(({ phase }) => phase === name));
    const median = (of: keyof Cost): string => summarise(costs.map((cost) => cost[of])).median.toFixed(1);
    return [`  ${name}`, median('wall'), median('machine'), ''];
  });
}

function totalRow(name: string, runs: readonly { total: Cost; own: number }[]): readonly string[] {
  return [
    name,
    spread(runs.map(({ total }) => total.wall)),
    spread(runs.map(({ total }) => total.machine)),
    spread(runs.map(({ own }) => own)),
  ];
}

function spread(sample: readonly number[]): string {
  return inWords(summarise(sample), 1);
}
