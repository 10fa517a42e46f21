import { isSkippedByGate } from './consequences.ts';
import type { CheckResult, Verdict } from './verdict.ts';

/** Names what others put into the lab's namespaces, each with the command that removes it. */
export const FOREIGN_OBJECTS = 'MD-DRIFT-004';
/** Compares all that meshdev made with what was made. */
export const AS_MADE = 'MD-DRIFT-001';

/** Where objects of the cluster decide. */
const OF_THE_MESH: ReadonlySet<CheckResult['hop']> = new Set([
  'edge->gateway',
  'gateway->sidecar',
  'sidecar->app',
  'istiod->idp',
]);

/**
 * `meshdev up` changes only what is not as meshdev made it. Where all of that is, and something foreign is there, it
 * would repair nothing: the remedy is to remove what is foreign. What is foreign among the objects of one service says
 * nothing about another. Pure.
 */
export function withForeignRemedies(results: readonly CheckResult[]): readonly CheckResult[] {
  const services = new Set(results.map(({ service }) => service));
  const removals = new Map([...services].map((service) => [service, removalsFor(results, service)]));
  return results.map((result) => {
    const { verdict } = result;
    const remedies = removals.get(result.service) ?? [];
    return remedies.length > 0 &&
      OF_THE_MESH.has(result.hop) &&
      isRed(verdict) &&
      verdict.remedies[0] === 'meshdev up'
      ? { ...result, verdict: { ...verdict, remedies } }
      : result;
  });
}

/** Commands that remove what is foreign; none where `up` has something to repair. */
function removalsFor(results: readonly CheckResult[], service: CheckResult['service']): readonly string[] {
  const told = results.filter((one) => one.service === undefined || one.service === service);
  const ofLab = told.some((one) => one.service === undefined && one.id === AS_MADE && isAsMade(one.verdict));
  const ofService = told.every(
    (one) => one.service === undefined || one.id !== AS_MADE || isAsMade(one.verdict),
  );
  if (!ofLab || !ofService) return [];
  return told.flatMap(({ id, verdict }) =>
    id === FOREIGN_OBJECTS && isRed(verdict) ? verdict.remedies : [],
  );
}

/** Behind a broken link what was green is skipped; it was read all the same. */
export function isAsMade(verdict: Verdict): boolean {
  return verdict.kind === 'pass' || isSkippedByGate(verdict);
}

function isRed(verdict: Verdict): verdict is Extract<Verdict, { readonly remedies: readonly string[] }> {
  return 'remedies' in verdict;
}
