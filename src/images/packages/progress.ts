import { estimateSeconds, type Estimated } from './estimate.ts';
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

/** Counts stages (not their downloads) and estimates what remains from what runs since when. */
export function trackProgress(tasks: readonly ProgressTask[], now: Clock): StageProgress {
  const total = new Set(tasks.map((task) => task.stage)).size;
  const startedAt = new Map<string, number>();
  const left = new Map(tasks.map((task) => [task.id, task]));
  const begin = now();
  const elapsed = (since: number): number => (now() - since) / 1000;
  return {
    started: (task) => void startedAt.set(task, now()),
    finished: (task) => void left.delete(task),
    line: () => {
      const open = [...left.values()];
      const running = open.filter((task) => startedAt.has(task.id));
      const remaining = open.map((task) => ({
        ...task,
        seconds: task.seconds - elapsed(startedAt.get(task.id) ?? now()),
      }));
      const done = total - new Set(open.map((task) => task.stage)).size;
      const names = [...new Set(running.map((task) => task.stage))].join(', ');
      const at = Math.min(done + 1, total);
      return `stage ${at}/${total} ${names} · ${Math.round(elapsed(begin))} s · about ${estimateSeconds(remaining)} s remain`;
    },
  };
}
