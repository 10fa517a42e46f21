import { CATALOGUE } from '../checks/catalogue.ts';
import type { AnyCheck } from '../checks/check.ts';
import type { AccessMatrix } from '../checks/matrix/access-matrix.ts';
import { runChecks } from '../checks/run-checks.ts';
import type { CheckReport } from '../checks/verdict.ts';
import type { LabContext } from '../lab/lab-context.ts';
import { createCollect } from './collect/collect.ts';
import { createLookUp } from './collect/records.ts';
import type { Witness } from './collect/witness.ts';
import { beginLogins, everyToken, type Logins } from './tokens.ts';

/** Proves the chain of a running lab from the wire. @throws MeshdevError LAB_NOT_UP, ENGINE_NOT_FOUND */
export async function proveChain(
  context: LabContext,
  signal: AbortSignal,
  checks: readonly AnyCheck[] = CATALOGUE,
  strict = false,
  own: { readonly matrix?: AccessMatrix } = {},
): Promise<CheckReport> {
  const witness = { ...(await openWitness(context, signal)), ...own };
  return runChecks(checks, {
    lab: context.lab,
    collect: createCollect(witness),
    now: () => Date.now(),
    interrupted: () => signal.aborted,
    strict,
  });
}

/** @throws MeshdevError LAB_NOT_UP, ENGINE_NOT_FOUND */
export async function openWitness(context: LabContext, signal: AbortSignal): Promise<Witness> {
  const [engine, keys] = [await context.engine(signal), await context.keys()];
  let begun: Logins | undefined;
  const logins = (): Logins => (begun ??= beginLogins(context.lab, keys, signal));
  const tokens = () => everyToken(logins());
  const ways = { context, engine, keys, logins, tokens, inTurn: createTurns(), signal };
  return { ...ways, lookUp: createLookUp(ways) };
}

/** Runs what it is given one after another; what fails does not stop the next. */
function createTurns(): Witness['inTurn'] {
  let last: Promise<unknown> = Promise.resolve();
  return (send) => {
    const mine = last.then(send);
    last = mine.catch(() => undefined);
    return mine;
  };
}
