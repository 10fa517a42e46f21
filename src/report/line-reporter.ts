import type { Emit } from '../run/events.ts';
import { createProgressLines } from './progress-lines.ts';

/** Between two lines of a step that differ in numbers only; milliseconds. */
const PROGRESS_MS = 10_000;

/** Plain lines, one per event that matters: for CI, pipes and terminals without cursor control. */
export function createLineReporter(write: (line: string) => void): Emit {
  const progress = new Map<string, (message: string) => void>();
  const progressOf = (id: string): ((message: string) => void) => {
    const lines =
      progress.get(id) ?? createProgressLines((line) => write(`${pad(id)}   ${line}`), PROGRESS_MS);
    progress.set(id, lines);
    return lines;
  };
  return (event) => {
    const { id } = event.step;
    switch (event.kind) {
      case 'step-started':
        return write(`${pad(id)} ${event.step.action}: ${event.step.title} (${event.step.because})`);
      case 'step-progress':
        return progressOf(id)(event.message);
      case 'step-finished':
        return write(`${pad(id)} done in ${(event.durationMs / 1000).toFixed(1)} s`);
      case 'step-failed':
        return write(`${pad(id)} FAILED: ${event.error.message}`);
      case 'step-not-started':
        return write(`${pad(id)} not started: ${event.because}`);
    }
  };
}

function pad(id: string): string {
  return id.padEnd(12);
}
