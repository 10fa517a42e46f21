import { type AnyCheck, unknown } from './check.ts';
import type { CheckResult, Verdict } from './verdict.ts';

type ById = ReadonlyMap<string, CheckResult>;

/**
 * What follows from the verdicts of others, whatever the order of the list. A refusal proves nothing
 * while the same path does not work for an honest client; behind a broken blocking link nothing
 * further is claimed. What failed for its own reason stays failed.
 */
export function withConsequences(
  checks: readonly AnyCheck[],
  judged: readonly CheckResult[],
): readonly CheckResult[] {
  const byId = new Map(judged.map((result) => [result.id, result]));
  const gates = failedGates(checks, byId);
  return judged.map((result, index) => {
    const check = checks[index];
    if (check === undefined) return result;
    const verdict = uncontrolled(check, result.verdict, byId) ?? behindGate(check, result.verdict, gates);
    return verdict === undefined ? result : { ...result, verdict };
  });
}

/** The first blocking check that failed, by hop; the smallest id speaks where there are several. */
function failedGates(checks: readonly AnyCheck[], byId: ById): ReadonlyMap<string, string> {
  const failed = checks.filter((check) => check.blocking && byId.get(check.id)?.verdict.kind === 'fail');
  const sorted = failed.toSorted((a, b) => (a.id < b.id ? 1 : -1));
  return new Map(sorted.map((check) => [check.hop, check.id]));
}

function behindGate(
  { blocking, hop }: AnyCheck,
  { kind }: Verdict,
  gates: ReadonlyMap<string, string>,
): Verdict | undefined {
  const gate = gates.get(hop);
  if (gate === undefined || blocking || kind === 'fail') return undefined;
  return { kind: 'skip', because: `${gate} failed on this hop` };
}

/** How something was refused says nothing either, when honest requests do not pass: the same cause may stop both. */
const REFUSALS: ReadonlySet<string> = new Set(['REFUSED_ELSEWHERE', 'REFUSED_FOR_OTHER_REASON']);

/** A forgery that was accepted needs no control: that is a finding by itself. */
function uncontrolled(check: AnyCheck, verdict: Verdict, byId: ById): Verdict | undefined {
  if (check.polarity === 'positive') return undefined;
  const control = check.control === undefined ? undefined : byId.get(check.control);
  if (control?.verdict.kind === 'pass') return undefined;
  if (verdict.kind === 'unknown' || verdict.kind === 'skip') return verdict;
  if (verdict.kind === 'fail' && !REFUSALS.has(verdict.code)) return undefined;
  if (control === undefined)
    return unknown(
      'CONTROL_NOT_JUDGED',
      `refused, but its positive control ${check.control ?? 'is not named'} was not judged`,
    );
  return unknown(
    'CONTROL_NOT_GREEN',
    `refused, but its positive control ${control.id} is ${control.verdict.kind}, so the refusal proves nothing`,
  );
}
