import type { Emit } from '../run/events.ts';

/** Plain lines, one per event that matters: for CI, pipes and terminals without cursor control. */
export function createLineReporter(write: (line: string) => void): Emit {
  const said = new Map<string, string>();
  return (event) => {
    const { id } = event.step;
    switch (event.kind) {
      case 'step-started':
        return write(`${pad(id)} ${event.step.action}: ${event.step.title} (${event.step.because})`);
      case 'step-progress': {
        if (said.get(id) === event.message) return;
        said.set(id, event.message);
        return write(`${pad(id)}   ${event.message}`);
      }
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
