import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';

/** What takes longer than this many times its time hangs, however busy the machine is. */
const MOST_TIMES = 8;
/** Whoever waits minutes already need not wait that many times longer. */
const MOST_MORE_MS = 120_000;
/** Shorter than this says more of one moment than of the machine. */
const WINDOW_MS = 1_000;
const LONGEST_LOOK_MS = 60_000;

/** Of a thread: how long it ran, and how long it could have run while others did. */
export interface Turns {
  readonly ranMs: number;
  readonly waitedMs: number;
}

/** What the machine says of itself. */
export interface Machine {
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  /** Of this thread since it was started; undefined where the kernel does not count it. */
  readonly turns: () => Turns | undefined;
  /** Programs that could run, for each core. */
  readonly load: () => number;
}

/**
 * How many times longer work takes now than on a machine that does nothing else, from 1 to 8. Deadlines are set
 * for such a machine: beside busy programs the same answer comes later, and is no other answer. Measured at this
 * thread, since it was started and lately, whichever is worse.
 */
export function createSlowdown({ now, turns, load }: Machine): () => number {
  let from = { at: now(), ranMs: 0, waitedMs: 0 };
  let lately = 1;
  return () => {
    const whole = turns();
    if (whole === undefined) return within(load());
    const ranMs = whole.ranMs - from.ranMs;
    if (now() - from.at >= WINDOW_MS && ranMs > 0) {
      lately = timesOf({ ranMs, waitedMs: whole.waitedMs - from.waitedMs });
      from = { at: now(), ...whole };
    }
    return within(Math.max(lately, timesOf(whole)));
  };
}

function timesOf({ ranMs, waitedMs }: Turns): number {
  return ranMs > 0 ? (ranMs + waitedMs) / ranMs : 1;
}

function within(times: number): number {
  return Math.min(Math.max(times, 1), MOST_TIMES);
}

/** Of Linux, in nanoseconds: time on a core, time in its queue, times it was run. */
function readTurns(): Turns | undefined {
  try {
    const [ran, waited] = readFileSync('/proc/self/schedstat', 'utf8').split(' ').map(Number);
    return ran === undefined || waited === undefined || ran === 0
      ? undefined
      : { ranMs: ran / 1e6, waitedMs: waited / 1e6 };
  } catch {
    return undefined;
  }
}

const slowdown = createSlowdown({
  now: () => performance.now(),
  turns: readTurns,
  load: () => (loadavg()[0] ?? 0) / availableParallelism(),
});

/** How long to wait now for what takes up to so long on a machine that does nothing else. */
export function patience(ms: number): number {
  return Math.round(Math.min(ms * slowdown(), ms + MOST_MORE_MS));
}

/** An AbortSignal of a deadline that is long enough for how busy the machine is meanwhile. */
export function patientTimeout(ms: number): AbortSignal {
  const over = new AbortController();
  const began = performance.now();
  const look = (): void => {
    const left = patience(ms) - (performance.now() - began);
    // In parts: a timer that is set to 2^31 ms or more fires at once.
    if (left > 0) setTimeout(look, Math.min(left, LONGEST_LOOK_MS)).unref();
    else
      over.abort(
        new DOMException(`no end within ${Math.round(performance.now() - began)} ms`, 'TimeoutError'),
      );
  };
  look();
  return over.signal;
}
