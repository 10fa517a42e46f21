import type { PlannedStep } from '../run/step.ts';
import type { Emit, RunEvent } from '../run/events.ts';
import { drawList, type LiveList, type LiveTask } from './live-list.ts';
import { stepLine } from './step-line.ts';

export interface TaskList extends LiveList {
  readonly emit: Emit;
}

/** The steps of a run on a terminal: each waits, spins and ends with the events of that step. */
export function createTaskList(steps: readonly PlannedStep[], terminal: NodeJS.WriteStream): TaskList {
  const watches = new Map(steps.map((step) => [step.id, watchStep(step)]));
  const list = drawList(
    [...watches.values()].map(({ task }) => task),
    terminal,
    true,
  );
  return {
    emit: (event) => watches.get(event.step.id)?.push(event),
    note: list.note,
    finish: async () => {
      for (const watch of watches.values()) watch.close();
      await list.finish();
    },
  };
}

interface StepWatch {
  readonly task: LiveTask;
  push(event: RunEvent): void;
  /** Nothing more will come. */
  close(): void;
}

function watchStep(step: PlannedStep): StepWatch {
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<RunEvent | undefined>();
  /** listr2 begins a moment after its step did: what was said meanwhile is kept. */
  let said: string | undefined;
  let show = (_message: string): void => undefined;
  let counted = false;
  const task: LiveTask = {
    title: stepLine(step),
    // Asked when tasks are counted, and again before this one runs: it is shown as waiting until its step begins.
    enabled: async () => {
      if (counted) await begun.promise;
      counted = true;
      return true;
    },
    task: async (_context, own) => {
      show = (message) => {
        own.output = message;
      };
      if (said !== undefined) show(said);
      const end = await ended.promise;
      if (end?.kind === 'step-finished') own.title = stepLine(step, end.durationMs);
      if (end?.kind === 'step-failed') throw end.error;
      if (end?.kind === 'step-not-started') own.skip(`${step.title}: not started, ${end.because}`);
    },
  };
  return {
    task,
    push: (event) => {
      if (event.kind === 'step-progress') {
        said = event.message;
        return show(said);
      }
      begun.resolve();
      if (event.kind !== 'step-started') ended.resolve(event);
    },
    close: () => {
      begun.resolve();
      ended.resolve(undefined);
    },
  };
}
