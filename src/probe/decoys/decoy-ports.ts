import { randomInt } from 'node:crypto';

/** Ports for the bad servers of one column; another run at the same time has others. */
export interface DecoyPorts {
  readonly control: number;
  portOf(index: number): number;
}

const [FIRST, SLOTS, STEP] = [20_000, 200, 50];

/** Columns of one run take one after the other; where a run begins is chance. */
let slot = randomInt(SLOTS);

export function decoyPorts(): DecoyPorts {
  slot = (slot + 1) % SLOTS;
  const base = FIRST + slot * STEP;
  return { control: base, portOf: (index) => base + 1 + index };
}
