import { MeshdevError } from '../errors/meshdev-error.ts';
import type { ProbeContext } from './probe-context.ts';
import { patience, patientTimeout } from '../run/patience.ts';

/** Long for a lab that works; short for whoever waits in front of one that does not. */
export const EVIDENCE_MS = 30_000;
/** A corpus waits for those before it, and its deadline runs meanwhile: so many times as long. */
export const TURNS = 2.5;

/**
 * Gathers with a deadline of its own. Half a lab may hang instead of refusing: what is behind that is
 * given up alone, and all other evidence is still judged. Ends even where a call does not heed its signal.
 * @throws MeshdevError TIMED_OUT
 */
export async function bounded<T>(
  probeContext: ProbeContext,
  gather: (probeContext: ProbeContext) => Promise<T>,
  deadlineMs: number,
): Promise<T> {
  const began = performance.now();
  const signal = AbortSignal.any([probeContext.signal, patientTimeout(deadlineMs)]);
  const leftMs = (): number => patience(deadlineMs) - (performance.now() - began);
  const gathering = gather({ ...probeContext, leftMs, signal });
  const given = Promise.withResolvers<never>();
  const giveUp = (): void =>
    given.reject(timedOut(probeContext.signal.aborted ? undefined : performance.now() - began));
  if (signal.aborted) giveUp();
  else signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([gathering, given.promise]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

function timedOut(tookMs: number | undefined): MeshdevError {
  const why =
    tookMs === undefined ? 'the check ended before' : `no answer within ${Math.round(tookMs / 1000)} s`;
  return new MeshdevError('TIMED_OUT', { message: why });
}
