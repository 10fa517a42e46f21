import { MeshdevError, textOf } from '../errors/meshdev-error.ts';
import { patience } from './patience.ts';

export interface WaitOptions {
  /** What is awaited, as a noun phrase: "the gateway to serve its certificate". */
  readonly what: string;
  /** On a machine that does nothing else; longer beside busy programs. */
  readonly timeoutMs: number;
  readonly intervalMs?: number;
  readonly remedies?: readonly string[];
  readonly onSeen?: (seen: string) => void;
  readonly signal: AbortSignal;
}

/** One look: `done` ends the wait with its value, `seen` says what was found instead. */
export type Look<T> = { readonly done: T } | { readonly seen: string };

/**
 * Looks until it is done or the deadline passes. A look that throws counts as seen.
 * @throws MeshdevError TIMED_OUT naming what was last seen; INTERRUPTED when the signal fires.
 */
export async function waitUntil<T>(look: () => Promise<Look<T>>, options: WaitOptions): Promise<T> {
  const began = performance.now();
  let last = 'nothing yet';
  for (;;) {
    throwIfAborted(options.signal);
    const found = await lookSafely(look);
    if ('done' in found) return found.done;
    if (found.seen !== last) options.onSeen?.(found.seen);
    last = found.seen;
    const tookMs = performance.now() - began;
    if (tookMs >= patience(options.timeoutMs)) throw timedOut(options, last, tookMs);
    await pause(options.intervalMs ?? 250, options.signal);
  }
}

/**
 * Looks until it is as wanted, the time is over or the signal fires.
 * @returns the last look, whichever of these ended it; what a look throws is thrown
 */
export async function lookUntil<T>(
  look: () => T | Promise<T>,
  isWanted: (seen: T) => boolean,
  { timeoutMs, intervalMs = 250, signal }: Pick<WaitOptions, 'timeoutMs' | 'intervalMs' | 'signal'>,
): Promise<T> {
  const began = performance.now();
  for (;;) {
    const seen = await look();
    const isOver = performance.now() - began >= patience(timeoutMs) || signal.aborted;
    if (isWanted(seen) || isOver) return seen;
    await pause(intervalMs, signal);
  }
}

async function lookSafely<T>(look: () => Promise<Look<T>>): Promise<Look<T>> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof MeshdevError && error.code === 'INTERRUPTED') throw error;
    return { seen: textOf(error) };
  }
}

function timedOut(options: WaitOptions, last: string, tookMs: number): MeshdevError {
  const seconds = Math.round(tookMs / 1000);
  return new MeshdevError('TIMED_OUT', {
    message: `waited ${seconds} s for ${options.what}; last seen: ${last}`,
    remedies: options.remedies ?? [],
  });
}

/** @throws MeshdevError INTERRUPTED */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new MeshdevError('INTERRUPTED', { message: 'stopped on request' });
}

/** Resolves after `ms`, or at once when the signal fires. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}
