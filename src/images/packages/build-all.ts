import { performance } from 'node:perf_hooks';
import type { RunScope } from '../../run/run-scope.ts';
import { buildStage, fetchStage, type Workshop } from './build-stage.ts';
import { trackProgress, type ProgressTask } from './progress.ts';
import { runTasks, type Task } from './schedule.ts';
import type { Stage } from './stage.ts';

const FETCH_SECONDS = 10;
const PROGRESS_MS = 1000;

type StageTask = Task & ProgressTask;

/** Makes the given stages, what can overlap overlapping; stages that were finished stay when one fails. */
export async function buildAll(stages: readonly Stage[], shop: Workshop, run: RunScope): Promise<void> {
  const tasks = tasksOf(stages, shop);
  const progress = trackProgress(tasks, () => performance.now());
  const ticker = setInterval(() => run.progress(progress.line()), PROGRESS_MS);
  try {
    await runTasks(tasks, run.signal, progress);
  } finally {
    clearInterval(ticker);
  }
}

function tasksOf(stages: readonly Stage[], shop: Workshop): readonly StageTask[] {
  const known = new Map(stages.map((stage) => [stage.id, stage]));
  return taskShapes(stages).flatMap((shape) => {
    const stage = known.get(shape.stage);
    if (stage === undefined) return [];
    const act = shape.id === stage.id ? buildStage : fetchStage;
    return [{ ...shape, run: (signal) => act(stage, shop, signal) }];
  });
}

/** A stage is one task, or two when its downloads can run ahead of it. Pure. */
export function taskShapes(stages: readonly Stage[]): readonly ProgressTask[] {
  return stages.flatMap((stage) => {
    const { id, needs, slot, aboutSeconds: seconds } = stage;
    if (stage.fetch === undefined) return [{ id, stage: id, needs, slot, seconds }];
    const fetch: ProgressTask = { id: `${id}:fetch`, stage: id, needs, slot: 'io', seconds: FETCH_SECONDS };
    return [fetch, { id, stage: id, needs: [...needs, fetch.id], slot, seconds }];
  });
}
