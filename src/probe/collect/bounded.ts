import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { Witness } from './witness.ts';

/** Long for a lab that works, even on a busy machine; short for whoever waits in front of one that does not. */
export const EVIDENCE_MS = 30_000;

/**
 * Gathers with a deadline of its own. Half a lab may hang instead of refusing: what is behind that is
 * given up alone, and all other evidence is still judged. Ends even where a call does not heed its signal.
 * @throws MeshdevError TIMED_OUT
 */
export async function bounded<T>(
  witness: Witness,
  gather: (witness: Witness) => Promise<T>,
  deadlineMs: number,
): Promise<T> {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), deadlineMs);
  const signal = AbortSignal.any([witness.signal, over.signal]);
  const gathering = gather({ ...witness, until: performance.now() + deadlineMs, signal });
  const given = Promise.withResolvers<never>();
  const giveUp = (): void => given.reject(timedOut(witness.signal.aborted ? undefined : deadlineMs));
  if (signal.aborted) giveUp();
  else signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([gathering, given.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}

function timedOut(deadlineMs: number | undefined): MeshdevError {
  const why =
    deadlineMs === undefined ? 'the check was over before' : `no answer within ${deadlineMs / 1000} s`;
  return new MeshdevError('TIMED_OUT', { message: why });
}
