import { randomInt } from 'node:crypto';

/** Ports for the bad servers of one column; another run at the same time has others. */
export interface TwinPorts {
  readonly control: number;
  portOf(index: number): number;
}

const [FIRST, LAST, STEP] = [20_000, 30_000, 50];

export function twinPorts(): TwinPorts {
  const base = FIRST + randomInt((LAST - FIRST) / STEP) * STEP;
  return { control: base, portOf: (index) => base + 1 + index };
}
