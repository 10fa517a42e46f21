import { describe, expect, it } from 'vitest';
import { deployedText, onlyWatched } from '../../../src/cli/watch-flow.ts';
import type { PlannedStep } from '../../../src/run/step.ts';
import type { UpStepId } from '../../../src/up/plan/up-steps.ts';

const step = (id: UpStepId, more: Partial<PlannedStep<UpStepId>> = {}): PlannedStep<UpStepId> => ({
  id,
  title: id,
  needs: [],
  action: 'update',
  because: 'it differs',
  ...more,
});

describe('a round of up --watch', () => {
  it('keeps every step but builds and services, and ends nothing that people are connected to', () => {
    const plan = {
      steps: [step('edge', { action: 'replace', ends: 'connections' }), step('builds'), step('services')],
    };
    expect(onlyWatched(plan).steps.map(({ id, action, ends }) => [id, action, ends])).toEqual([
      ['edge', 'keep', undefined],
      ['builds', 'update', undefined],
      ['services', 'update', undefined],
    ]);
  });

  it('says what changed, and how long each part took', () => {
    const outcome = {
      steps: [
        { step: step('edge'), state: 'kept' as const, durationMs: 0 },
        { step: step('builds'), state: 'done' as const, durationMs: 3_140 },
        { step: step('services'), state: 'done' as const, durationMs: 2_860 },
      ],
    };
    const changed = ['/p/orders/main.go', '/p/orders/go.mod'];
    expect(deployedText(outcome, changed, '/p', 6_240)).toBe(
      'running      orders/main.go and 1 more changed, in the cluster after 6.2 s (builds 3.1 s, services 2.9 s)\n',
    );
    expect(deployedText(outcome, [], '/p', 6_240)).toContain('running      in the cluster after 6.2 s');
  });
});
