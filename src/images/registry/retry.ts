import { pause, throwIfAborted } from '../../run/wait-until.ts';
import type { RunScope } from '../../run/run-scope.ts';
import { PassingFault } from './failures.ts';

const WAITS_MS = [1_000, 3_000];

/** Tries again what may pass by itself, and says why; the last failure is the one that is thrown. */
export async function withRetries<T>(act: () => Promise<T>, { signal, progress }: RunScope): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await act();
    } catch (error) {
      throwIfAborted(signal);
      if (!(error instanceof PassingFault)) throw error;
      const wait = WAITS_MS[tries - 1];
      if (wait === undefined) throw error.settled;
      progress(`${error.message} · try ${tries + 1} of ${WAITS_MS.length + 1}`);
      await pause(wait, signal);
    }
  }
}
