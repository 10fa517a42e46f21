import type { Socket } from 'node:net';
import { endingOf, type Ending } from './ending.ts';
import type { Ended, Timings, WireError } from './job.ts';
import type { Received } from './received.ts';

/** One connection, from dialling on, and what becomes of it. */
export interface Line<S extends Socket> {
  readonly socket: S;
  readonly began: number;
  /** The first error, end, close or deadline. Never rejects. */
  readonly over: Promise<Ending>;
  readonly connectedAt: () => number | undefined;
}

/** Watches a socket that is dialling. `deadline` ends the line as `timeout`. */
export function openLine<S extends Socket>(socket: S, deadline: AbortSignal): Line<S> {
  const began = performance.now();
  let connectedAt: number | undefined;
  socket.once('connect', () => (connectedAt = performance.now()));
  const over = new Promise<Ending>((resolve) => {
    // `on`, not `once`: a second error without a listener would end the process.
    socket.on('error', (error) => resolve(endingOf(error, connectedAt !== undefined)));
    socket.once('end', () => resolve({ ended: 'closed' }));
    socket.once('close', () => resolve({ ended: 'closed' }));
    deadline.addEventListener('abort', () => resolve({ ended: 'timeout' }), { once: true });
    if (deadline.aborted) resolve({ ended: 'timeout' });
  });
  return { socket, began, over, connectedAt: () => connectedAt };
}

/** Resolves with the ending, or with undefined as soon as `event` comes first. */
export function overBefore(line: Line<Socket>, event: string): Promise<Ending | undefined> {
  const came = new Promise<undefined>((resolve) => {
    line.socket.once(event, () => resolve(undefined));
  });
  return Promise.race([came, line.over]);
}

/** Waits for the first byte; resolves with the ending if it comes before or, after data, right away. */
export function listen(line: Line<Socket>, received: Received): Promise<Ending | undefined> {
  const heard = new Promise<undefined>((resolve) => {
    line.socket.on('data', (chunk: Uint8Array) => {
      received.add(chunk);
      resolve(undefined);
    });
  });
  return Promise.race([heard, line.over]);
}

export interface Outcome {
  readonly connected: boolean;
  readonly ended: Ended;
  readonly error?: WireError;
  readonly bytes: number;
  readonly first?: string;
  readonly timings: Timings;
  readonly durationMs: number;
}

/** Sums up a line; any byte that came makes it `data`, whatever happened afterwards. */
export function outcome(line: Line<Socket>, received: Received, ending: Ending | undefined): Outcome {
  const { first } = received;
  return {
    connected: line.connectedAt() !== undefined,
    ended: received.firstAt !== undefined || ending === undefined ? 'data' : ending.ended,
    ...(ending?.error === undefined ? {} : { error: ending.error }),
    bytes: received.bytes,
    ...(first === undefined ? {} : { first }),
    timings: {
      ...since(line.began, 'connectMs', line.connectedAt()),
      ...since(line.began, 'firstByteMs', received.firstAt),
    },
    durationMs: elapsed(line.began, performance.now()),
  };
}

/** `{ [name]: milliseconds }`, or nothing when that never happened. */
export function since<N extends string>(
  began: number,
  name: N,
  at: number | undefined,
): { [K in N]?: number } {
  const timing: { [K in N]?: number } = {};
  if (at !== undefined) timing[name] = elapsed(began, at);
  return timing;
}

/** Milliseconds with a tenth. */
export function elapsed(from: number, to: number): number {
  return Math.round((to - from) * 10) / 10;
}
