import { childSeconds, machineSeconds } from './core-seconds.ts';

/** What some work took. Seconds, all three. */
export interface Cost {
  readonly wall: number;
  /** Busy seconds of all cores of the machine. */
  readonly machine: number;
  /** CPU seconds of ended child processes. */
  readonly children: number;
}

export interface Phase extends Cost {
  readonly phase: string;
}

/** Starts to count; each call of the result says what was spent since. */
export function startMeter(): () => Cost {
  const [wall, machine, children] = [performance.now(), machineSeconds(), childSeconds()];
  return () => ({
    wall: (performance.now() - wall) / 1000,
    machine: machineSeconds() - machine,
    children: childSeconds() - children,
  });
}

/** Does the work and adds its cost to `phases`. */
export async function measured<T>(phases: Phase[], phase: string, work: () => Promise<T>): Promise<T> {
  const meter = startMeter();
  const result = await work();
  phases.push({ phase, ...meter() });
  return result;
}
