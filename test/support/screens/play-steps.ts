import { MeshdevError } from '../../../src/errors/meshdev-error.ts';
import type { PlannedStep } from '../../../src/run/step.ts';
import { createTaskList } from '../../../src/report/task-list.ts';
import { upText } from '../../../src/report/up-report.ts';
import { print } from '../../../src/cli/print.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { nextKey } from './next-key.ts';
import { terminalCli } from './terminal-cli.ts';

// The list of an `up` on a real terminal. `good` ends well, `bad` does not; `watched` goes on key by key.

const step = (id: string, title: string, action: PlannedStep['action'], because: string): PlannedStep => ({
  id,
  title,
  action,
  because,
  needs: [],
});
const network = step('network', 'container network', 'create', 'no network meshdev-demo');
const cluster = step(
  'cluster',
  'cluster (kind)',
  'replace',
  'the node was made from another specification: its image, its ports and its patches differ from what is wanted now',
);
const workloads = step(
  'workloads',
  'gateway and sample workloads',
  'update',
  'the cluster does not answer yet',
);

const steps = [network, cluster, workloads];
const list = createTaskList(steps, process.stderr);
const key = nextKey(process.argv[3] === 'watched');

await key();
list.emit({ kind: 'step-started', step: network });
await key();
list.emit({ kind: 'step-finished', step: network, durationMs: 312 });
list.emit({ kind: 'step-started', step: cluster });
list.emit({
  kind: 'step-progress',
  step: cluster,
  message: 'waiting for the node to be ready; last seen: NotReady',
});
await key();
if (process.argv[2] === 'bad') {
  list.note('meshdev: stopping on SIGINT; a second signal stops now');
  await key();
  const error = new MeshdevError('STEP_FAILED', { message: 'the node did not come up' });
  list.emit({ kind: 'step-failed', step: cluster, error });
  list.emit({ kind: 'step-not-started', step: workloads, because: 'cluster is not there' });
} else {
  list.emit({ kind: 'step-finished', step: cluster, durationMs: 21_680 });
  list.emit({ kind: 'step-started', step: workloads });
  await key();
  list.emit({ kind: 'step-finished', step: workloads, durationMs: 10_300 });
}
await list.finish();
if (process.argv[2] !== 'bad') {
  const outcome = { steps: steps.map((one) => ({ step: one, state: 'done' as const, durationMs: 1 })) };
  const source = { kind: 'packages', because: 'no other source can be used here' };
  const rest = { known: { before: [], now: [] }, of: 155 };
  const summary = {
    lab: createLab(DEFAULT_CHOICE),
    outcome,
    report: undefined,
    durationMs: 62_900,
    command: 'up' as const,
    source,
    ...rest,
  };
  print(terminalCli(), upText(summary, { colour: false, all: false, listed: true }));
}
