import { CATALOGUE } from '../../../src/checks/catalogue.ts';
import type { AnyCheck } from '../../../src/checks/check.ts';
import type { ReasonCode } from '../../../src/checks/reasons.ts';
import { runChecks } from '../../../src/checks/run-checks.ts';
import type { EvidenceMap } from '../../../src/evidence/evidence-map.ts';
import type { CheckReport } from '../../../src/checks/verdict.ts';
import type { Lab } from '../../../src/topology/lab.ts';
import type { Break } from '../../support/break-evidence.ts';
import { NOW } from '../../support/certificates.ts';

/** Kind and code of a check that is not green. */
export type Red = `${'fail' | 'unknown' | 'warn'} ${ReasonCode}`;
export type Reds = Readonly<Record<string, Red>>;

/** One broken fact and every check that must turn for it; all others stay green, or are skipped behind a gate. */
export interface Row {
  readonly what: string;
  readonly broken: Break;
  readonly reds: Reds;
}

export function row(what: string, broken: Break, reds: Reds): Row {
  return { what, broken, reds };
}

/** The negatives that prove nothing while one of these controls is red. */
export function uncontrolled(...controls: readonly string[]): Reds {
  const negatives = CATALOGUE.filter(({ control }) => control !== undefined && controls.includes(control));
  return Object.fromEntries(negatives.map(({ id }) => [id, 'unknown CONTROL_NOT_GREEN' as const]));
}

/**
 * Judges are pure: of the same evidence they would say the same again. A row breaks one piece of it, and most
 * checks read others: those say what they said first, which is of the healthy lab.
 */
function remembering(check: AnyCheck): AnyCheck {
  let first: { readonly of: readonly unknown[]; readonly said: ReturnType<AnyCheck['judge']> } | undefined;
  return {
    ...check,
    judge: (found, context) => {
      const read = [context.lab, context.at, ...check.evidence.map((key) => found[key])];
      if (first?.of.every((one, index) => one === read[index]) === true) return first.said;
      const said = check.judge(found, context);
      first ??= { of: read, said };
      return said;
    },
  };
}

const REMEMBERING = CATALOGUE.map(remembering);

export async function judge(
  lab: Lab,
  evidence: EvidenceMap,
  checks: readonly AnyCheck[] = REMEMBERING,
): Promise<CheckReport> {
  return runChecks(checks, {
    lab,
    collect: async (key) => evidence[key],
    now: () => NOW,
    interrupted: () => false,
  });
}

const RANK: readonly string[] = ['', 'warn', 'unknown', 'fail'];

/** By check: the first case that failed speaks for it, else the first that is unknown. Consequences of a broken link are left out. */
export function redsOf({ checks }: CheckReport): Reds {
  const found: Record<string, Red> = {};
  for (const { id, verdict } of checks) {
    if (!('code' in verdict)) continue;
    if (verdict.code === 'BEHIND_BROKEN_LINK') continue;
    const before = found[id]?.split(' ')[0] ?? '';
    if (RANK.indexOf(verdict.kind) > RANK.indexOf(before)) found[id] = `${verdict.kind} ${verdict.code}`;
  }
  return found;
}
