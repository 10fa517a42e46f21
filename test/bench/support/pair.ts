import type { Cost, Phase } from './measure.ts';
import type { MeshdevUp } from './meshdev-up.ts';

/** The naive way, phase by phase. */
export interface NaiveUp {
  readonly phases: readonly Phase[];
  readonly total: Cost;
}

interface Own {
  /** CPU seconds of the way's own processes and containers, whatever else the machine did meanwhile. */
  readonly own: number;
}

/** Both ways, measured one after the other. */
export interface Pair {
  readonly meshdev: MeshdevUp & Own;
  readonly naive: NaiveUp & Own;
}
