import { MeshdevError } from '../../../src/errors/meshdev-error.ts';
import type { PlannedStep } from '../../../src/run/step.ts';
import type { RunEvent } from '../../../src/run/events.ts';

export function planned(id: string): PlannedStep {
  return { id, title: `the ${id}`, needs: [], action: 'create', because: `no ${id}` };
}

/** A run with one step of each end. */
export function sampleEvents(): readonly RunEvent[] {
  const [network, cluster, edge] = [planned('network'), planned('cluster'), planned('edge')];
  return [
    { kind: 'step-started', step: network },
    { kind: 'step-started', step: cluster },
    { kind: 'step-progress', step: cluster, message: 'waiting for the node' },
    { kind: 'step-progress', step: cluster, message: 'waiting for the node' },
    { kind: 'step-progress', step: cluster, message: 'the node is ready' },
    { kind: 'step-finished', step: network, durationMs: 1234 },
    {
      kind: 'step-failed',
      step: cluster,
      error: new MeshdevError('STEP_FAILED', { message: 'the cluster broke' }),
    },
    { kind: 'step-not-started', step: edge, because: 'cluster is not there' },
  ];
}
