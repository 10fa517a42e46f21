import { z } from 'zod';
import { inWords, summarise } from '../../bench/support/statistics.ts';

export type Round = 'at rest' | 'under load';

/** One `check` of a healthy lab. */
export interface Asked {
  readonly seconds: number;
  readonly notGreen: readonly string[];
}

const report = z.object({
  checks: z.array(
    z.object({
      id: z.string(),
      case: z.string().nullable(),
      verdict: z.string(),
      code: z.string().nullable(),
      message: z.string().nullable(),
    }),
  ),
});

/** Every verdict that is neither a pass nor a skip; a report that cannot be read is none. */
export function redIn(document: unknown): readonly string[] {
  const parsed = report.safeParse(document);
  if (!parsed.success) return ['the report cannot be read'];
  return parsed.data.checks
    .filter(({ verdict }) => verdict !== 'pass' && verdict !== 'skip')
    .map((one) => {
      const name = one.case === null ? one.id : `${one.id}[${one.case}]`;
      return `${one.verdict} ${name} ${one.code ?? ''}: ${(one.message ?? '').replaceAll(/\s+/g, ' ')}`;
    });
}

/** The table for people: how often it was asked, how long it took, and all that was not green. */
export function renderFalseAlarms(found: Readonly<Record<Round, readonly Asked[]>>, load: number): string {
  const rounds = [
    ['at rest', found['at rest']],
    [`beside ${load} busy processes a core`, found['under load']],
  ] as const;
  const rows = rounds.map(([round, asked]) => {
    const green = asked.filter(({ notGreen }) => notGreen.length === 0).length;
    const seconds = asked.length === 0 ? '' : inWords(summarise(asked.map((one) => one.seconds)), 1);
    return `| ${round} | ${asked.length} | ${green} | ${seconds} |`;
  });
  const alarms = rounds.flatMap(([round, asked]) =>
    asked.flatMap(({ notGreen }, at) => notGreen.map((one) => `- ${round}, check ${at + 1}: ${one}`)),
  );
  return [
    '| | checks | green | seconds: median (min–max) |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    ...(alarms.length === 0 ? ['Nothing was red or unknown.'] : alarms),
    '',
  ].join('\n');
}
