import { textOf } from '../../errors/meshdev-error.ts';
import type { Fact } from '../../ports/host-facts.ts';

export function seen<T>(value: T): Fact<T> {
  return { kind: 'seen', value };
}

/** A machine of this kind has no such thing. */
export function absent(because: string): Fact<never> {
  return { kind: 'absent', because };
}

/**
 * Reads one fact, and ends at the deadline even where a call does not heed its signal, as on a file system that
 * hangs. Never throws: what could not be read is unknown, with the reason.
 * @param deadline ends everything that belongs to one diagnosis
 */
export async function readFact<T>(
  deadline: AbortSignal,
  read: (signal: AbortSignal) => Promise<Fact<T>>,
): Promise<Fact<T>> {
  const { promise: over, resolve } = Promise.withResolvers<Fact<T>>();
  const giveUp = (): void => resolve({ kind: 'unknown', because: `no answer before the deadline` });
  if (deadline.aborted) giveUp();
  else deadline.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([attempt(deadline, read), over]);
  } finally {
    deadline.removeEventListener('abort', giveUp);
  }
}

async function attempt<T>(
  signal: AbortSignal,
  read: (signal: AbortSignal) => Promise<Fact<T>>,
): Promise<Fact<T>> {
  try {
    return await read(signal);
  } catch (error) {
    const because = signal.aborted ? 'no answer before the deadline' : textOf(error);
    return { kind: 'unknown', because };
  }
}

/** What follows from another fact: unread where that one is. */
export async function fromFact<T, R>(
  fact: Promise<Fact<T>>,
  deadline: AbortSignal,
  read: (value: T, signal: AbortSignal) => Promise<Fact<R>>,
): Promise<Fact<R>> {
  const known = await fact;
  return known.kind === 'seen' ? readFact(deadline, (signal) => read(known.value, signal)) : known;
}
