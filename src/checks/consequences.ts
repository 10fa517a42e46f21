import { type AnyCheck, unknown } from './check.ts';
import { consequenceOf } from './consequence-codes.ts';
import type { BrokenLink, CheckResult, Verdict } from './verdict.ts';
import { nameOf, worstOf } from './verdict.ts';
import type { ServiceId } from '../topology/service.ts';

/** Kind of each check as a whole, on the lab or on one service; by name, without cases. */
type Kinds = ReadonlyMap<string, Verdict['kind']>;

const BEHIND_GATE = ' failed on this hop';

/** Whether it was green, and is skipped because a blocking check failed on its hop. */
export function isSkippedByGate(verdict: Verdict): boolean {
  return verdict.kind === 'skip' && verdict.because.endsWith(BEHIND_GATE);
}

/** A blocking check that failed, on the lab or on one service. */
interface Gate extends Pick<AnyCheck, 'id' | 'hop'> {
  readonly service?: ServiceId;
}

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

/** Hops that end at the pod of one service: what fails there of the sample says nothing about a service of a user. */
const OWN_HOPS: ReadonlySet<CheckResult['hop']> = new Set(['gateway->sidecar', 'sidecar->app']);

/**
 * What follows from the verdicts of others, whatever the order of the list. A refusal proves nothing
 * while the same path does not work for an honest client; behind a broken blocking link nothing
 * further is claimed. What failed for its own reason stays failed. Each service has consequences of its own: they
 * follow from its results, and from what failed on the hops that it shares with all.
 */
export function withConsequences(
  checks: readonly AnyCheck[],
  judged: readonly CheckResult[],
): readonly CheckResult[] {
  const kinds = kindsOf(judged);
  const byId = new Map(checks.map((check) => [check.id, check]));
  const services = new Set(judged.map(({ service }) => service));
  const gates = new Map([...services].map((service) => [service, gatesOf(checks, kinds, service)]));
  return judged.map((result) => {
    const check = byId.get(result.id);
    if (check === undefined) return result;
    const verdict = consequence(check, result, kinds, gates.get(result.service) ?? []);
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

/**
 * The broken link that stands first in the chain; its message is said once, for all that is behind it.
 * @param service among the results of this service alone; those of the lab when it is left out
 */
export function firstBroken(
  checks: readonly AnyCheck[],
  results: readonly CheckResult[],
  service?: ServiceId,
): BrokenLink | null {
  const [gate] = failedGates(checks, kindsOf(results), service);
  const verdict = results.find(
    (result) => result.id === gate?.id && result.service === service && result.verdict.kind === 'fail',
  )?.verdict;
  if (gate === undefined || verdict === undefined || !('message' in verdict)) return null;
  return { hop: gate.hop, id: gate.id, message: verdict.message };
}

function kindsOf(judged: readonly CheckResult[]): Kinds {
  const byName = Map.groupBy(judged, wholeName);
  return new Map([...byName].map(([name, own]) => [name, worstOf(own.map(({ verdict }) => verdict.kind))]));
}

/** `MD-JWT-010[orders]`, or the id alone where it is about the lab. */
function wholeName({ id, service }: Gate | CheckResult): string {
  return nameOf(service === undefined ? { id } : { id, service });
}

/** What hides results of this service, or of the lab: in the order of the chain, and on each hop the lab's first. */
function gatesOf(checks: readonly AnyCheck[], kinds: Kinds, service: ServiceId | undefined): readonly Gate[] {
  if (service === undefined) return failedGates(checks, kinds);
  const shared = failedGates(checks, kinds).filter(({ hop }) => !OWN_HOPS.has(hop));
  return [...shared, ...failedGates(checks, kinds, service)].toSorted((a, b) => placeOf(a) - placeOf(b));
}

/** Blocking checks that failed, in the order of the chain; the smallest id speaks first on each hop. */
function failedGates(checks: readonly AnyCheck[], kinds: Kinds, service?: ServiceId): readonly Gate[] {
  return checks
    .filter(({ blocking }) => blocking)
    .map(({ id, hop }): Gate => ({ id, hop, ...(service === undefined ? {} : { service }) }))
    .filter((gate) => kinds.get(wholeName(gate)) === 'fail')
    .toSorted((a, b) => placeOf(a) - placeOf(b) || (a.id < b.id ? -1 : 1));
}

/** Where a hop stands in the chain, counted from the client. */
export function placeOf({ hop }: Pick<AnyCheck, 'hop'>): number {
  return CHAIN.indexOf(hop);
}

function consequence(
  check: AnyCheck,
  result: CheckResult,
  kinds: Kinds,
  gates: readonly Gate[],
): Verdict | undefined {
  const followed = uncontrolled(result, kinds);
  const verdict = followed ?? result.verdict;
  return behindGate(check, { ...result, verdict }, gates) ?? followed;
}

function behindGate(
  { hop, blocking }: AnyCheck,
  result: CheckResult,
  gates: readonly Gate[],
): Verdict | undefined {
  const { kind } = result.verdict;
  const own = gates.find((gate) => gate.hop === hop);
  // A warning was seen like a failure, and may name the cause of the broken link.
  if (own !== undefined && !blocking && (kind === 'pass' || kind === 'skip'))
    return { kind: 'skip', because: `${wholeName(own)}${BEHIND_GATE}` };
  const before = gates.find(
    (gate) => placeOf(gate) <= placeOf({ hop }) && wholeName(gate) !== wholeName(result),
  );
  if (kind !== 'unknown') return undefined;
  if (before !== undefined)
    return unknown('BEHIND_BROKEN_LINK', `${wholeName(before)} failed on the earlier hop ${before.hop}`, []);
  const honest = honestGate(result, gates);
  if (honest === undefined) return undefined;
  return unknown('BEHIND_BROKEN_LINK', `${wholeName(honest)} failed on the way to the app`, []);
}

/**
 * The check that a service answers its honest request, where it failed and nothing was seen of this one: whatever stops
 * that request hides the others too. It stands last in the chain, and is judged of the whole of it.
 */
function honestGate({ service, verdict }: CheckResult, gates: readonly Gate[]): Gate | undefined {
  if (service === undefined || !('code' in verdict) || consequenceOf(verdict.code) !== 'unseen')
    return undefined;
  return gates.find((gate) => gate.service === service && gate.hop === 'lab');
}

/** How something was refused says nothing either, when honest requests do not pass: the same cause may stop both. */
const REFUSALS: ReadonlySet<string> = new Set(['REFUSED_ELSEWHERE', 'REFUSED_FOR_OTHER_REASON']);

/** A forgery that was accepted needs no control: that is a finding by itself. */
function uncontrolled(
  { polarity, control: id, service, verdict }: CheckResult,
  kinds: Kinds,
): Verdict | undefined {
  if (polarity === 'positive') return undefined;
  const name = id === undefined ? undefined : nameOf(service === undefined ? { id } : { id, service });
  const control = name === undefined ? undefined : kinds.get(name);
  if (control === 'pass' || control === 'warn') return undefined;
  if (verdict.kind === 'unknown' || verdict.kind === 'skip') return undefined;
  if (verdict.kind === 'fail' && !REFUSALS.has(verdict.code)) return undefined;
  if (control === undefined)
    return unknown(
      'CONTROL_NOT_JUDGED',
      `refused, but its positive control ${name ?? 'is not named'} was not judged`,
    );
  return unknown(
    'CONTROL_NOT_GREEN',
    `refused, but its positive control ${name} is ${control}, so the refusal is not evidence`,
  );
}
