import { describe, expect, it } from 'vitest';
import type { PartSeen } from '../../../../src/run/part-seen.ts';
import { keepOnly } from '../../../../src/up/plan/keep-only.ts';
import { planUp } from '../../../../src/up/plan/plan-up.ts';
import { UP_STEP_IDS, type UpStepId } from '../../../../src/up/plan/up-steps.ts';

function planWith(changes: Partial<Record<UpStepId, PartSeen>>) {
  return planUp(
    new Map(UP_STEP_IDS.map((id) => [id, changes[id] ?? { state: 'same' as const, seen: `${id} is there` }])),
  );
}

const stopped = (seen: string): PartSeen => ({ state: 'stopped', seen });
const absent: PartSeen = { state: 'absent', seen: 'it does not exist' };

describe('start', () => {
  it('starts what is stopped, and tells each step to make nothing anew', () => {
    const plan = keepOnly(
      'demo',
      planWith({
        idp: stopped('exited'),
        edge: stopped('exited'),
        probe: stopped('paused'),
        cluster: stopped('exited'),
        mesh: absent,
        policies: absent,
        workloads: absent,
      }),
    );
    const actions = Object.fromEntries(plan.steps.map(({ id, action }) => [id, action]));
    expect(actions).toMatchObject({
      idp: 'start',
      edge: 'start',
      probe: 'start',
      cluster: 'start',
      keys: 'keep',
    });
    expect(plan.steps.every(({ keeps }) => keeps === true)).toBe(true);
  });

  it('renews certificates, and what is made from them', () => {
    const plan = keepOnly('demo', planWith({ keys: { state: 'differs', seen: 'a leaf has expired' } }));
    const edge = plan.steps.find(({ id }) => id === 'edge');
    expect(edge).toMatchObject({ action: 'replace' });
  });

  it.each(['keys', 'network', 'idp', 'edge', 'probe', 'cluster'] as const)(
    'refuses to create the %s',
    (id) => {
      expect(() => keepOnly('demo', planWith({ [id]: absent }))).toThrow(
        expect.objectContaining({
          code: 'LAB_NOT_UP',
          message: expect.stringContaining(`${id} (it does not exist)`),
          remedies: ['meshdev up'],
        }),
      );
    },
  );

  it('refuses to make the cluster anew', () => {
    const other = { state: 'differs' as const, seen: 'node runs image a, expected b' };
    expect(() => keepOnly('demo', planWith({ cluster: other }))).toThrow('node runs image a, expected b');
  });
});
