import { throwIfAborted } from '../../run/wait-until.ts';
import type { Slot } from './stage.ts';

/** A piece of work that waits for others and occupies one slot while it runs. */
export interface Task {
  readonly id: string;
  readonly needs: readonly string[];
  readonly slot: Slot;
  readonly run: (signal: AbortSignal) => Promise<void>;
}

/** Told when a task starts and when it has ended well. */
export interface TaskEvents {
  started(task: string): void;
  finished(task: string): void;
}

/** How many tasks of each kind may run at once. */
const SLOTS: Readonly<Record<Slot, number>> = { cpu: 1, io: 2 };

/**
 * Runs tasks in list order as soon as their needs are met and a slot is free. Needs that are not in
 * the list count as met. The first failure stops the others; it is thrown when all have ended.
 */
export async function runTasks(
  tasks: readonly Task[],
  signal: AbortSignal,
  events: TaskEvents,
): Promise<void> {
  const stop = new AbortController();
  const combined = AbortSignal.any([signal, stop.signal]);
  const waiting = new Set(tasks);
  const running = new Map<Task, Promise<void>>();
  const failures: unknown[] = [];
  const start = (task: Task): void => {
    waiting.delete(task);
    events.started(task.id);
    const ended = task
      .run(combined)
      .then(() => events.finished(task.id))
      .catch((error: unknown) => {
        failures.push(error);
        stop.abort();
      })
      .finally(() => running.delete(task));
    running.set(task, ended);
  };
  for (;;) {
    if (!combined.aborted) for (const task of ready([...waiting], [...running.keys()])) start(task);
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  if (failures.length > 0) throw failures[0];
  throwIfAborted(signal);
}

/** The tasks that may start now, given what waits and what runs. Pure. */
export function ready<T extends Pick<Task, 'id' | 'needs' | 'slot'>>(
  waiting: readonly T[],
  running: readonly T[],
): readonly T[] {
  const unfinished = new Set([...waiting, ...running].map((task) => task.id));
  const free = { ...SLOTS };
  for (const task of running) free[task.slot] -= 1;
  return waiting.filter((task) => {
    if (task.needs.some((need) => unfinished.has(need)) || free[task.slot] <= 0) return false;
    free[task.slot] -= 1;
    return true;
  });
}
