import { isCertain } from '../../checks/diagnosis/certain.ts';
import type { CheckReport } from '../../checks/verdict.ts';
import { pause } from '../../run/wait-until.ts';

/** A lab that works passes its first request within seconds. */
const FIRST_MS = 10_000;
const INTERVAL_MS = 5_000;

interface UnlessCertainOptions {
  readonly signal: AbortSignal;
  readonly firstMs?: number;
  readonly intervalMs?: number;
}

/**
 * Waits, and looks beside it after a while: two looks that name one cause that does not pass by itself end the wait.
 * @param wait stops when its signal fires
 * @param look judges what may tell such a cause
 * @returns whether it came to its end; false when a cause is certain
 * @throws what `wait` throws
 */
export async function unlessCertain(
  wait: (signal: AbortSignal) => Promise<void>,
  look: (signal: AbortSignal) => Promise<CheckReport>,
  { signal, firstMs = FIRST_MS, intervalMs = INTERVAL_MS }: UnlessCertainOptions,
): Promise<boolean> {
  const over = new AbortController();
  const both = AbortSignal.any([signal, over.signal]);
  const waiting = wait(both).then(() => true);
  const watching = watch(look, both, firstMs, intervalMs);
  try {
    return await Promise.race([waiting, watching.then((isSure) => (isSure ? false : waiting))]);
  } finally {
    over.abort();
    // The other one is told to stop, and what it says then is about that.
    await Promise.allSettled([waiting, watching]);
  }
}

/** Ends when a cause is certain, or when it is told to stop; a look that fails tells nothing. */
async function watch(
  look: (signal: AbortSignal) => Promise<CheckReport>,
  signal: AbortSignal,
  firstMs: number,
  intervalMs: number,
): Promise<boolean> {
  let before: CheckReport | undefined;
  await pause(firstMs, signal);
  while (!signal.aborted) {
    const report = await look(signal).catch(() => undefined);
    if (report !== undefined && isCertain(report, before)) return true;
    before = report ?? before;
    await pause(intervalMs, signal);
  }
  return false;
}
