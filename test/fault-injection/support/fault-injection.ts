import type { ReasonCode } from '../../../src/checks/reasons.ts';
import type { Bench } from './bench.ts';

/** What a fault injection is about; the folder that its module is in. */
export type FaultCategory =
  | 'access'
  | 'pods'
  | 'mesh'
  | 'authentication'
  | 'authorisation'
  | 'edge'
  | 'gateway'
  | 'host'
  | 'names'
  | 'certificates'
  | 'faults'
  | 'services';

export type Turned = `${'fail' | 'unknown' | 'warn'} ${ReasonCode}`;

/** One link of a live lab, broken on purpose. */
export interface FaultInjection {
  readonly category: FaultCategory;
  /** One line: what is broken, as the table shows it. */
  readonly what: string;
  /** What it changes, as a diagnosis has to name it: the object or the setting. */
  readonly names?: string | RegExp;
  /** Breaks one thing and says how it is put back. Nothing else is changed. */
  readonly commit: (bench: Bench) => Promise<Restore>;
  /**
   * Every check that fails for it, by id, with the code of a case of it; and no other may fail. What is
   * merely unknown behind it (consequences, controls) need not be listed, but may be.
   */
  readonly turns: Readonly<Record<string, Turned>>;
  /** By id of a check: words that the message of a case of it has to have: what was added, and whom it lets in. */
  readonly says?: Readonly<Record<string, readonly string[]>>;
  /**
   * A variation of another one, or slow to restore. The others cover every category and hold 12 minutes
   * together; these are tried too with MESHDEV_SABOTAGES=all.
   */
  readonly extended?: true;
  /**
   * Tokens in queries come as far as the app, which writes them into its log: MD-EXPO-010 may find them, and
   * the app's pod is replaced afterwards.
   */
  readonly logsTokens?: true;
  /** Checks that fail for it at times and not at others; each module says why. */
  readonly mayTurn?: readonly string[];
}

export type Restore = () => Promise<unknown>;
