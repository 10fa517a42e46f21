import type { LabContext } from '../lab/lab-context.ts';
import { followComponentLogs } from './requests/component-logs.ts';
import { createLookUp } from './requests/records.ts';
import { sweepDecoys } from './decoys/decoy-objects.ts';
import type { ProbeContext } from './probe-context.ts';
import { createProbes } from '../agent/probes.ts';
import { type Logins, beginLogins, everyToken } from './tokens/tokens.ts';
import type { AccessMatrix } from '../cases/matrix/access-matrix.ts';

export interface ProbeContextOptions {
  /** Read packets in the node, for MD-MESH-016. */
  readonly capture?: boolean;
  /** Who may do what; the sample's own when it is left out. */
  readonly matrix?: AccessMatrix;
  /** Every object of the mesh was compared a moment ago, and is as wanted: it is not compared again. */
  readonly objectsKept?: boolean;
}

/** Follows logs and keeps its probes running until it is disposed of. @throws MeshdevError LAB_NOT_UP, ENGINE_NOT_FOUND */
export async function openProbeContext(
  context: LabContext,
  signal: AbortSignal,
  { capture = false, objectsKept = false, matrix }: ProbeContextOptions = {},
): Promise<ProbeContext & Disposable> {
  const [engine, keys] = [await context.engine(signal), await context.keys()];
  let begun: Logins | undefined;
  let swept: Promise<void> | undefined;
  const logins = (): Logins => (begun ??= beginLogins(context.lab, keys, signal));
  const tokens = () => everyToken(logins());
  const own = matrix === undefined ? {} : { matrix };
  const componentLogs = followComponentLogs({ context, engine, signal });
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
    sweep: () => (swept ??= sweepDecoys(context, signal)),
    componentLogs,
    capture,
    objectsKept,
    asked: [],
    ...own,
    signal,
  };
  const end = (): void => {
    componentLogs[Symbol.dispose]();
    probes[Symbol.dispose]();
  };
  return { ...ways, lookUp: createLookUp(ways), [Symbol.dispose]: end };
}

/** Runs what it is given one after another; what fails does not stop the next. */
function createTurns(): ProbeContext['inTurn'] {
  let last: Promise<unknown> = Promise.resolve();
  return (send) => {
    const mine = last.then(send);
    last = mine.catch(() => undefined);
    return mine;
  };
}
