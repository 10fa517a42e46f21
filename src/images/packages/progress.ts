import { estimateSeconds, type Estimated } from './estimate.ts';
import type { Slot } from './stage.ts';
import type { TaskEvents } from './schedule.ts';

/** A clock that the progress line is computed from; milliseconds. */
export type Clock = () => number;

export interface StageProgress extends TaskEvents {
  /** One line: `stage 5/14 kubernetes · 143 s · about 320 s remain`. */
  line(): string;
}

export interface ProgressTask extends Estimated {
  readonly stage: string;
}

/** Seconds of work that went as thought, which this machine has to outweigh to change the estimate. */
const PRIOR_SECONDS = 60;

/**
 * Counts stages (not their downloads) and estimates what remains, from what runs since when and how much
 * longer than thought the work of the same slot takes on this machine.
 */
export function trackProgress(tasks: readonly ProgressTask[], now: Clock): StageProgress {
  const total = new Set(tasks.map((task) => task.stage)).size;
  const startedAt = new Map<string, number>();
  const endedAt = new Map<string, number>();
  const begin = now();
  const taken = ({ id }: ProgressTask): number => {
    const end = endedAt.get(id) ?? now();
    return (end - (startedAt.get(id) ?? end)) / 1000;
  };
  const isTelling = (task: ProgressTask): boolean => endedAt.has(task.id) || taken(task) > task.seconds;
  const pace = (slot: Slot): number => {
    const telling = tasks.filter((task) => task.slot === slot && isTelling(task));
    const thought = telling.reduce((sum, { seconds }) => sum + seconds, PRIOR_SECONDS);
    return telling.reduce((sum, task) => sum + taken(task), PRIOR_SECONDS) / thought;
  };
  return {
    started: (task) => void startedAt.set(task, now()),
    finished: (task) => void endedAt.set(task, now()),
    line: () => {
      const open = tasks.filter(({ id }) => !endedAt.has(id));
      const paces = { cpu: pace('cpu'), io: pace('io') };
      const remaining = open.map((task) => ({
        ...task,
        seconds: task.seconds * paces[task.slot] - taken(task),
      }));
      const done = total - new Set(open.map((task) => task.stage)).size;
      const running = open.filter(({ id }) => startedAt.has(id));
      const names = [...new Set(running.map((task) => task.stage))].join(', ');
      const at = Math.min(done + 1, total);
      return `stage ${at}/${total} ${names} · ${Math.round((now() - begin) / 1000)} s · about ${estimateSeconds(remaining)} s remain`;
    },
  };
}
