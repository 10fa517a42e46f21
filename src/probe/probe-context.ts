import type { AccessMatrix } from '../cases/matrix/access-matrix.ts';
import type { LabKeys } from '../keys/lab-keys.ts';
import type { LabContext } from '../lab/lab-context.ts';
import type { ContainerEngine } from '../ports/container-engine.ts';
import type { Logins, TokenSet } from './tokens/tokens.ts';
import type { Probes } from '../agent/probes.ts';
import type { ComponentLogs } from './requests/component-logs.ts';
import type { AskedAgain } from '../evidence/asked-again.ts';
import type { LookUp } from './requests/look-up.ts';

/** What collectors share: the lab, the ways into it, and tokens that were asked for once. */
export interface ProbeContext {
  readonly context: LabContext;
  readonly engine: ContainerEngine;
  readonly keys: LabKeys;
  readonly probes: Probes;
  readonly logins: () => Logins;
  /** @throws when one of them failed */
  readonly tokens: () => Promise<TokenSet>;
  /** Who may do what; the sample's own when it is left out. */
  readonly matrix?: AccessMatrix;
  /** What every component on the way wrote since the run began. */
  readonly componentLogs: ComponentLogs;
  /** One reader of all logs for all who sent something. */
  readonly lookUp: LookUp;
  /** Removes the decoys of runs that were killed, once for all who look at the cluster's objects. */
  readonly sweep: () => Promise<void>;
  /** One corpus after another: hundreds of requests at once would starve the probes that have deadlines. */
  readonly inTurn: <T>(send: () => Promise<T>) => Promise<T>;
  /** Whether packets may be read in the node. */
  readonly capture: boolean;
  /** Whether the objects of the mesh are known to be as wanted. */
  readonly objectsKept: boolean;
  /** Requests that were sent once more, since a component had not written of them; whoever does so adds to it. */
  readonly asked: AskedAgain[];
  /** Milliseconds until this evidence is given up; undefined where it has no deadline of its own. */
  readonly leftMs?: () => number;
  readonly signal: AbortSignal;
}

/** What one collector takes of it. */
export type Needs<Key extends keyof ProbeContext> = Pick<ProbeContext, Key>;
