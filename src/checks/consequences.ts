import { type AnyCheck, unknown } from './check.ts';
import type { BrokenLink, CheckResult, Verdict } from './verdict.ts';
import { worstOf } from './verdict.ts';

/** Kind of each check as a whole, by id. */
type Kinds = ReadonlyMap<string, Verdict['kind']>;

/**
 * A request comes to a hop through those before it (a login to the IdP through the edge and its own way
 * there), and nobody has a token while the IdP cannot be asked for one: what cannot be seen behind a broken link is a consequence of it.
 */
const CHAIN: readonly CheckResult['hop'][] = [
  'host',
  'client->edge',
  'edge->idp',
  'client->idp',
  'istiod->idp',
  'edge->gateway',
  'gateway->sidecar',
  'sidecar->app',
  'lab',
];

/**
 * What follows from the verdicts of others, whatever the order of the list. A refusal proves nothing
 * while the same path does not work for an honest client; behind a broken blocking link nothing
 * further is claimed. What failed for its own reason stays failed.
 */
export function withConsequences(
  checks: readonly AnyCheck[],
  judged: readonly CheckResult[],
): readonly CheckResult[] {
  const kinds = kindsOf(judged);
  const byId = new Map(checks.map((check) => [check.id, check]));
  const gates = failedGates(checks, kinds);
  return judged.map((result) => {
    const check = byId.get(result.id);
    if (check === undefined) return result;
    const verdict = consequence(check, result.verdict, kinds, gates);
    if (verdict === undefined) return result;
    // What was seen stays seen, whatever follows from it.
    const { evidence, expected } = result.verdict;
    const kept = {
      ...(evidence === undefined ? {} : { evidence }),
      ...(expected === undefined ? {} : { expected }),
    };
    return { ...result, verdict: { ...verdict, ...kept } };
  });
}

/** The broken link that stands first in the chain; its message is said once, for all that is behind it. */
export function firstBroken(checks: readonly AnyCheck[], results: readonly CheckResult[]): BrokenLink | null {
  const [gate] = failedGates(checks, kindsOf(results));
  const verdict = results.find((result) => result.id === gate?.id && result.verdict.kind === 'fail')?.verdict;
  if (gate === undefined || verdict === undefined || !('message' in verdict)) return null;
  return { hop: gate.hop, id: gate.id, message: verdict.message };
}

function kindsOf(judged: readonly CheckResult[]): Kinds {
  const byId = Map.groupBy(judged, ({ id }) => id);
  return new Map([...byId].map(([id, own]) => [id, worstOf(own.map(({ verdict }) => verdict.kind))]));
}

/** Blocking checks that failed, in the order of the chain; the smallest id speaks first on each hop. */
function failedGates(checks: readonly AnyCheck[], kinds: Kinds): readonly AnyCheck[] {
  return checks
    .filter((check) => check.blocking && kinds.get(check.id) === 'fail')
    .toSorted((a, b) => placeOf(a) - placeOf(b) || (a.id < b.id ? -1 : 1));
}

function placeOf({ hop }: Pick<AnyCheck, 'hop'>): number {
  return CHAIN.indexOf(hop);
}

function consequence(
  check: AnyCheck,
  verdict: Verdict,
  kinds: Kinds,
  gates: readonly AnyCheck[],
): Verdict | undefined {
  const followed = uncontrolled(check, verdict, kinds);
  return behindGate(check, followed ?? verdict, gates) ?? followed;
}

function behindGate(check: AnyCheck, { kind }: Verdict, gates: readonly AnyCheck[]): Verdict | undefined {
  const own = gates.find((gate) => gate.hop === check.hop);
  if (own !== undefined && !check.blocking && kind !== 'fail' && kind !== 'unknown')
    return { kind: 'skip', because: `${own.id} failed on this hop` };
  const before = gates.find((gate) => placeOf(gate) <= placeOf(check) && gate.id !== check.id);
  if (before === undefined || kind !== 'unknown') return undefined;
  return unknown('BEHIND_BROKEN_LINK', `${before.id} failed on the earlier hop ${before.hop}`, []);
}

/** How something was refused says nothing either, when honest requests do not pass: the same cause may stop both. */
const REFUSALS: ReadonlySet<string> = new Set(['REFUSED_ELSEWHERE', 'REFUSED_FOR_OTHER_REASON']);

/** A forgery that was accepted needs no control: that is a finding by itself. */
function uncontrolled(check: AnyCheck, verdict: Verdict, kinds: Kinds): Verdict | undefined {
  if (check.polarity === 'positive') return undefined;
  const control = check.control === undefined ? undefined : kinds.get(check.control);
  if (control === 'pass' || control === 'warn') return undefined;
  if (verdict.kind === 'unknown' || verdict.kind === 'skip') return undefined;
  if (verdict.kind === 'fail' && !REFUSALS.has(verdict.code)) return undefined;
  if (control === undefined)
    return unknown(
      'CONTROL_NOT_JUDGED',
      `refused, but its positive control ${check.control ?? 'is not named'} was not judged`,
    );
  return unknown(
    'CONTROL_NOT_GREEN',
    `refused, but its positive control ${check.control} is ${control}, so the refusal is not evidence`,
  );
}
