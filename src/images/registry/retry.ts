import { pause, throwIfAborted } from '../../run/wait-until.ts';
import type { RunScope } from '../../run/run-scope.ts';
import { PassingFault } from './failures.ts';
import { Limited } from './limit.ts';

const WAITS_MS = [1_000, 3_000];

/** So long a limit of a registry is sat out, in all; a longer one is for the user to decide. */
const PATIENCE_MS = 60_000;

/** Tries again what may pass by itself, and says why; the last failure is the one that is thrown. */
export async function withRetries<T>(act: () => Promise<T>, { signal, progress }: RunScope): Promise<T> {
  let waited = 0;
  for (let tries = 1; ; tries += 1) {
    try {
      return await act();
    } catch (error) {
      throwIfAborted(signal);
      if (!(error instanceof PassingFault)) throw error;
      const wait = error instanceof Limited ? error.waitMs : WAITS_MS[tries - 1];
      if (error instanceof Limited) waited += wait ?? 0;
      if (wait === undefined || tries > WAITS_MS.length || waited > PATIENCE_MS) throw error.settled;
      progress(
        `${error.message} · try ${tries + 1} of ${WAITS_MS.length + 1}${wait > 3_000 ? ` in ${wait / 1000} s` : ''}`,
      );
      await pause(wait, signal);
    }
  }
}
