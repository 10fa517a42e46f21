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
 * would repair nothing: the remedy is to remove what is foreign. Pure.
 */
export function withForeignRemedies(results: readonly CheckResult[]): readonly CheckResult[] {
  const removals = results.flatMap(({ id, verdict }) =>
    id === FOREIGN_OBJECTS && verdict.kind === 'warn' ? verdict.remedies : [],
  );
  const asMade = results.some(({ id, verdict }) => id === AS_MADE && verdict.kind === 'pass');
  if (removals.length === 0 || !asMade) return results;
  return results.map((result) => {
    const { verdict } = result;
    return OF_THE_MESH.has(result.hop) && isRed(verdict) && verdict.remedies[0] === 'meshdev up'
      ? { ...result, verdict: { ...verdict, remedies: removals } }
      : result;
  });
}

function isRed(verdict: Verdict): verdict is Extract<Verdict, { readonly remedies: readonly string[] }> {
  return 'remedies' in verdict;
}
