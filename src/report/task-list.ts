import { Listr } from 'listr2';
import type { PlannedStep } from '../plan/step.ts';
import type { Emit, RunEvent } from '../run/events.ts';

export interface TaskList {
  readonly emit: Emit;
  /** Resolves when the last step was shown. */
  finish(): Promise<void>;
}

/**
 * listr2 as a view: each task only waits for the events of its step. It never executes, aborts or
 * listens to signals itself (it would end the process with its own exit code).
 */
export function createTaskList(steps: readonly PlannedStep[]): TaskList {
  const waiting = new Map(steps.map((step) => [step.id, watchStep()]));
  const list = new Listr(
    steps.map((step) => ({
      title: `${step.title} (${step.action}: ${step.because})`,
      task: async (_context: unknown, task: { output: string; skip(reason: string): void }) => {
        const end = await waiting.get(step.id)?.ended((message) => {
          task.output = message;
        });
        if (end?.kind === 'step-failed') throw end.error;
        if (end?.kind === 'step-not-started') task.skip(`${step.title}: not started, ${end.because}`);
      },
    })),
    {
      concurrent: true,
      exitOnError: false,
      registerSignalListeners: false,
      rendererOptions: { collapseErrors: true, timer: { condition: true, field: seconds } },
    },
  );
  const running = list.run();
  return {
    emit: (event) => waiting.get(event.step.id)?.push(event),
    finish: async () => {
      for (const [id, watch] of waiting) watch.close(id);
      await running;
    },
  };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

interface StepWatch {
  push(event: RunEvent): void;
  close(id: string): void;
  ended(onProgress: (message: string) => void): Promise<RunEvent | undefined>;
}

function watchStep(): StepWatch {
  const { promise, resolve } = Promise.withResolvers<RunEvent | undefined>();
  let onProgress: (message: string) => void = () => undefined;
  return {
    push: (event) => {
      if (event.kind === 'step-progress') onProgress(event.message);
      else if (event.kind !== 'step-started') resolve(event);
    },
    close: () => resolve(undefined),
    ended: (listen) => {
      onProgress = listen;
      return promise;
    },
  };
}
