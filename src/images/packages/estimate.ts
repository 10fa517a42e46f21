import { ready, type Task } from './schedule.ts';

export interface Estimated extends Pick<Task, 'id' | 'needs' | 'slot'> {
  /** What is left of it, in seconds. */
  readonly seconds: number;
}

/** Plays the schedule through on paper: seconds until the last task ends. */
export function estimateSeconds(tasks: readonly Estimated[]): number {
  let now = 0;
  let waiting = [...tasks];
  let running: { readonly task: Estimated; readonly end: number }[] = [];
  while (waiting.length > 0 || running.length > 0) {
    const starting = ready(
      waiting,
      running.map((one) => one.task),
    );
    waiting = waiting.filter((task) => !starting.includes(task));
    running.push(...starting.map((task) => ({ task, end: now + Math.max(task.seconds, 0) })));
    if (running.length === 0)
      throw new RangeError(`tasks depend on each other: ${waiting.map((task) => task.id).join(', ')}`);
    now = Math.min(...running.map((one) => one.end));
    running = running.filter((one) => one.end > now);
  }
  return Math.round(now);
}
