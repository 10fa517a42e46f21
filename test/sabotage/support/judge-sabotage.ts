import { CATALOGUE } from '../../../src/checks/catalogue.ts';
import { categoryOf } from '../../../src/checks/categories.ts';
import type { AnyCheck } from '../../../src/checks/check.ts';
import { quickChecks } from '../../../src/checks/quick.ts';
import { select } from '../../../src/checks/select.ts';
import { type CheckReport, nameOf } from '../../../src/checks/verdict.ts';
import { waitUntil } from '../../../src/run/wait-until.ts';
import type { Bench } from './bench.ts';
import type { Sabotage } from './sabotage.ts';

/** Until what was changed has reached every proxy and old connections are gone. */
const PATIENCE_MS = 75_000;

/**
 * Waits until the named checks fail for the named reasons, and no other does.
 * @param among the checks that are asked beside the named ones
 * @returns the report in which the named ones had turned
 */
export async function untilTurned(
  bench: Bench,
  { what, turns, mayTurn = [], logsTokens }: Sabotage,
  among: readonly AnyCheck[],
): Promise<CheckReport> {
  const ids = Object.keys(turns);
  const named = select(CATALOGUE, ids);
  const allowed = [...ids, ...mayTurn, ...(logsTokens === true ? ['MD-EXPO-010'] : [])];
  const wrongIn = (report: CheckReport) => [...missing(report, turns), ...surplus(report, allowed)];
  const wait = { timeoutMs: PATIENCE_MS, intervalMs: 300, signal: AbortSignal.timeout(300_000) };
  // Most changes have arrived before a first look has gathered its evidence: then it is the only one.
  const first = await bench.check(together(named, among));
  if (wrongIn(first).length === 0) return first;
  // Else first what has to turn: a whole run for each look would take longer than the change.
  const turned = await waitUntil(
    async () => {
      const report = await bench.check(named);
      const wrong = wrongIn(report);
      return wrong.length === 0 ? { done: report } : { seen: wrong.join(' · ') };
    },
    { ...wait, what: `${what}: ${ids.join(', ')} to turn` },
  );
  await waitUntil(
    async () => {
      const wrong = surplus(await bench.check(among), allowed);
      return wrong.length === 0 ? { done: true } : { seen: wrong.join(' · ') };
    },
    { ...wait, what: `${what}: nothing beside ${ids.join(', ')} to turn` },
  );
  return turned;
}

/** Waits until nothing is red any more. @returns that report */
export async function untilGreen(
  bench: Bench,
  checks: readonly AnyCheck[] = CATALOGUE,
): Promise<CheckReport> {
  return waitUntil(
    async () => {
      const report = await bench.check(checks);
      const red = redOf(report);
      return red.length === 0 ? { done: report } : { seen: red.slice(0, 8).join(' · ') };
    },
    {
      what: 'the restored lab to be green',
      timeoutMs: PATIENCE_MS,
      intervalMs: 300,
      signal: AbortSignal.timeout(300_000),
    },
  );
}

/**
 * What a restored lab is asked: all that turned. What else might have stayed is seen by the next one, which
 * fails for what it does not name, and by all checks at the end.
 */
export function afterwards({ turns }: Sabotage): readonly AnyCheck[] {
  return select(CATALOGUE, Object.keys(turns));
}

/** Which checks are asked beside the named ones: the core of every hop, also their categories, or all. */
export type Beside = 'core' | 'near' | 'all';

export function beside({ turns }: Sabotage, which: Beside): readonly AnyCheck[] {
  if (which === 'all') return CATALOGUE;
  const core = quickChecks(CATALOGUE);
  if (which === 'core') return core;
  const categories = new Set(select(CATALOGUE, Object.keys(turns)).map(categoryOf));
  return together(
    CATALOGUE.filter((check) => categories.has(categoryOf(check))),
    core,
  );
}

/** In the order of the catalogue, with the controls of all. */
function together(one: readonly AnyCheck[], other: readonly AnyCheck[]): readonly AnyCheck[] {
  const ids = new Set([...one, ...other].map(({ id }) => id));
  return select(CATALOGUE, [...ids]);
}

/** Pure: named checks that did not turn as they should. */
function missing(report: CheckReport, turns: Sabotage['turns']): readonly string[] {
  return Object.entries(turns).flatMap(([id, wanted]) => {
    const own = report.checks.filter((check) => check.id === id || nameOf(check) === id);
    const turned = own.some(
      ({ verdict }) => 'code' in verdict && `${verdict.kind} ${verdict.code}` === wanted,
    );
    return turned ? [] : [`${id} is not ${wanted}: ${own.filter(isRed).map(told).join(', ') || 'green'}`];
  });
}

/** Pure: checks that fail although nobody named them. */
function surplus(report: CheckReport, names: readonly string[]): readonly string[] {
  const named = new Set(names.map((name) => name.replace(/\[.*$/, '')));
  return report.checks
    .filter(({ id, verdict }) => verdict.kind === 'fail' && !named.has(id))
    .map((check) => `${told(check)} was not named`);
}

/** `MD-MESH-005[httpbin] fail MESH_NOT_STRICT` of everything that is red for a reason of its own. */
export function turnedOf(report: CheckReport): readonly string[] {
  return report.checks.filter(({ verdict }) => verdict.kind === 'fail').map(told);
}

/** The same of everything that is not green. */
export function redOf(report: CheckReport): readonly string[] {
  return report.checks.filter(isRed).map(told);
}

function isRed({ verdict }: CheckReport['checks'][number]): boolean {
  return verdict.kind !== 'pass' && verdict.kind !== 'skip';
}

function told(check: CheckReport['checks'][number]): string {
  const { verdict } = check;
  return 'code' in verdict
    ? `${nameOf(check)} ${verdict.kind} ${verdict.code} (${verdict.message.slice(0, 160)})`
    : `${nameOf(check)} ${verdict.kind}`;
}
