import { CATALOGUE } from '../checks/catalogue.ts';
import type { AnyCheck } from '../checks/check.ts';
import type { AccessMatrix } from '../cases/matrix/access-matrix.ts';
import { type CheckProgress, runChecks } from '../checks/run-checks.ts';
import type { CheckReport } from '../checks/verdict.ts';
import type { LabContext } from '../lab/lab-context.ts';
import { stoppedCode } from '../run/interruption.ts';
import { createCollect } from './collect/collect.ts';
import { followPartyLogs } from './collect/party-logs.ts';
import { createLookUp } from './collect/records.ts';
import { sweepTwins } from './collect/twin-objects.ts';
import type { Witness } from './collect/witness.ts';
import { createProbes } from './probes.ts';
import { beginLogins, everyToken, type Logins } from './tokens.ts';

export interface ProveOptions {
  /** Warnings count as failures. */
  readonly strict?: boolean;
  /** Read packets in the node, for MD-MESH-016. */
  readonly capture?: boolean;
  /** Who may do what; the sample's own when it is left out. */
  readonly matrix?: AccessMatrix;
  /** Every object of the mesh was compared a moment ago, and is as wanted: it is not compared again. */
  readonly objectsKept?: boolean;
  /** How long each kind of evidence may take; 30 s where it is not said. */
  readonly evidenceMs?: number;
  /** Told at the beginning and after each check. */
  readonly progress?: (progress: CheckProgress) => void;
}

/** Proves the chain of a running lab from the wire. @throws MeshdevError LAB_NOT_UP, ENGINE_NOT_FOUND */
export async function proveChain(
  context: LabContext,
  signal: AbortSignal,
  checks: readonly AnyCheck[] = CATALOGUE,
  options: ProveOptions = {},
): Promise<CheckReport> {
  using witness = await openWitness(context, signal, options);
  const report = await runChecks(checks, {
    lab: context.lab,
    collect: createCollect(witness, options.evidenceMs),
    now: () => Date.now(),
    strict: options.strict === true,
    interrupted: () => stoppedCode(signal),
    isOver: () => signal.aborted,
    ...(options.progress === undefined ? {} : { progress: options.progress }),
  });
  return witness.asked.length === 0 ? report : { ...report, askedAgain: witness.asked };
}

/** Follows logs and keeps its probes running until it is disposed of. @throws MeshdevError LAB_NOT_UP, ENGINE_NOT_FOUND */
export async function openWitness(
  context: LabContext,
  signal: AbortSignal,
  { capture = false, objectsKept = false, matrix }: ProveOptions = {},
): Promise<Witness & Disposable> {
  const [engine, keys] = [await context.engine(signal), await context.keys()];
  let begun: Logins | undefined;
  let swept: Promise<void> | undefined;
  const logins = (): Logins => (begun ??= beginLogins(context.lab, keys, signal));
  const tokens = () => everyToken(logins());
  const own = matrix === undefined ? {} : { matrix };
  const partyLogs = followPartyLogs({ context, engine, signal });
  const inTurn = createTurns();
  const probes = createProbes({ context, engine, signal });
  const ways = {
    context,
    engine,
    keys,
    probes,
    logins,
    tokens,
    inTurn,
    sweep: () => (swept ??= sweepTwins(context, signal)),
    partyLogs,
    capture,
    objectsKept,
    asked: [],
    ...own,
    signal,
  };
  const end = (): void => {
    partyLogs[Symbol.dispose]();
    probes[Symbol.dispose]();
  };
  return { ...ways, lookUp: createLookUp(ways), [Symbol.dispose]: end };
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
