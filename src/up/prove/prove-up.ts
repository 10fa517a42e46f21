import { ownServices } from '../../topology/service.ts';
import { CATALOGUE } from '../../checks/catalogue.ts';
import type { AnyCheck } from '../../checks/check.ts';
import { AS_MADE, FOREIGN_OBJECTS } from '../../checks/foreign-remedies.ts';
import { checksAgain, quickChecks } from '../../checks/quick.ts';
import { select } from '../../checks/select.ts';
import type { CheckProgress } from '../../checks/run-checks.ts';
import type { CheckReport } from '../../checks/verdict.ts';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import { proveChain } from './prove-chain.ts';
import { proveChanged } from './prove-changed.ts';
import { settleChain } from './settle-chain.ts';
import { withForeignObjects } from './with-foreign-objects.ts';
import { unlessCertain } from './unless-certain.ts';
import type { RunScope } from '../../run/run-scope.ts';
import type { LabContext } from '../../lab/lab-context.ts';
import { idsOf } from './last-check.ts';

export interface ProveUpOptions extends RunScope {
  /** False for a lab that was changed, now or by a run that was stopped: it gets time to come to rest. */
  readonly settled: boolean;
  /** False with `--no-check`: a lab that is not settled is waited for all the same. */
  readonly check: boolean;
  /** Cases that were red when they were last judged: they are asked again, whatever else is. */
  readonly red: readonly string[];
  /** Told how far each proof is. */
  readonly judged: (progress: CheckProgress) => void;
}

/**
 * The last part of `up`: everything is there, now it has to work.
 * @returns the report, or undefined when none was asked for
 * @throws MeshdevError INTERRUPTED, and without a report what settleChain waits for in vain
 */
export async function proveUp(
  context: LabContext,
  options: ProveUpOptions,
): Promise<CheckReport | undefined> {
  const { signal } = options;
  const report = await settleAndProve(context, options).catch((error: unknown) => {
    throw signal.aborted ? stopped(error) : error;
  });
  // A report of a run that was stopped is about what nobody waited for.
  if (signal.aborted) throw stopped();
  return report;
}

async function settleAndProve(
  context: LabContext,
  { settled, check, red, judged, ...run }: ProveUpOptions,
): Promise<CheckReport | undefined> {
  // Nothing was changed since all of it was proved: the core is proved again, `check` judges everything.
  if (settled) {
    if (!check) return undefined;
    const asked = checksAgain(CATALOGUE, idsOf(red));
    const capture = asked.some(({ evidence }) => evidence.includes('capture'));
    const options = { objectsKept: true, capture, progress: judged };
    const report = await proveChain(context, run.signal, asked, options);
    return withForeignObjects(report, asked, () => proveChain(context, run.signal, FOREIGN));
  }
  if (!check) {
    await settleChain(context, run);
    return undefined;
  }
  const prove = (checks: readonly AnyCheck[]): Promise<CheckReport> =>
    proveChain(context, run.signal, checks, { progress: judged });
  const isSettled = await unlessCertain(
    (signal) => settleChain(context, { ...run, signal }),
    (signal) => proveChain(context, signal, TELLING),
    run,
  ).catch((error: unknown) => {
    if (run.signal.aborted || !(error instanceof MeshdevError) || error.code !== 'TIMED_OUT') throw error;
    run.progress(error.message);
    return false;
  });
  // What did not come to rest is judged as it is: the report says what is wrong with it.
  return isSettled ? proveChanged(prove, { ...run, services: ownServices(context.lab) }) : prove(CATALOGUE);
}

const FOREIGN = select(CATALOGUE, [FOREIGN_OBJECTS]);

/** The core of every hop, and what names what is not as it should be. */
const TELLING = select(CATALOGUE, [...quickChecks(CATALOGUE).map(({ id }) => id), AS_MADE, FOREIGN_OBJECTS]);

function stopped(cause?: unknown): MeshdevError {
  return new MeshdevError('INTERRUPTED', {
    message: 'stopped on request; all parts of the lab exist, but its trust chain was not verified',
    remedies: ['meshdev up', 'meshdev down'],
    cause,
  });
}
