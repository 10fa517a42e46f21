import { expect, it } from 'vitest';
import { createLineReporter } from '../../../src/report/line-reporter.ts';
import { sampleEvents } from './events.ts';

it('writes one line per event that matters, and never the same progress twice', () => {
  const lines: string[] = [];
  const emit = createLineReporter((line) => lines.push(line));
  for (const event of sampleEvents()) emit(event);
  expect(lines).toEqual([
    'network      create: the network (no network)',
    'cluster      create: the cluster (no cluster)',
    'cluster        waiting for the node',
    'cluster        the node is ready',
    'network      done in 1.2 s',
    'cluster      FAILED: the cluster broke',
    'edge         not started: cluster is not there',
  ]);
});
