import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planUp, type UpSeen } from '../../../../src/up/plan/plan-up.ts';
import type { PartSeen } from '../../../../src/run/part-seen.ts';
import { UP_STEP_IDS, UP_STEPS, type UpStepId } from '../../../../src/up/plan/up-steps.ts';

const same: PartSeen = { state: 'same', seen: 'as wanted' };

const ABSENT: PartSeen = { state: 'absent', seen: 'nothing there' };

function seenWith(changes: Partial<Record<UpStepId, PartSeen>>): UpSeen {
  return new Map(UP_STEP_IDS.map((id) => [id, changes[id] ?? same]));
}

function actions(seen: UpSeen): Record<string, string> {
  return Object.fromEntries(planUp(seen).steps.map((step) => [step.id, step.action]));
}

describe('planUp', () => {
  it('keeps every step of a lab that is as wanted', () => {
    expect(new Set(Object.values(actions(seenWith({}))))).toEqual(new Set(['keep']));
  });

  it('creates every step on a bare machine', () => {
    const bare = Object.fromEntries(
      UP_STEP_IDS.map((id) => [id, { state: 'absent', seen: 'nothing there' } as const]),
    );
    expect(new Set(Object.values(actions(seenWith(bare))))).toEqual(new Set(['create']));
  });

  it('repairs one weakened policy and touches nothing else', () => {
    const plan = planUp(
      seenWith({
        policies: { state: 'differs', seen: 'PeerAuthentication mode is PERMISSIVE, wanted STRICT' },
      }),
    );
    const changed = plan.steps.filter((step) => step.action !== 'keep');
    expect(changed).toMatchObject([
      { id: 'policies', action: 'update', because: 'PeerAuthentication mode is PERMISSIVE, wanted STRICT' },
    ]);
  });

  it('lets new keys reach every part that holds a copy', () => {
    const plan = actions(seenWith({ keys: { state: 'differs', seen: 'gateway certificate expires' } }));
    expect(plan).toMatchObject({
      keys: 'update',
      idp: 'replace',
      edge: 'replace',
      mesh: 'update',
      cluster: 'keep',
      policies: 'keep',
    });
  });

  describe('says what ends for people', () => {
    const endsOf = (changes: Parameters<typeof seenWith>[0]) =>
      planUp(seenWith(changes)).steps.flatMap(({ id, ends }) => (ends === undefined ? [] : [id]));
    const differs: PartSeen = { state: 'differs', seen: 'another port' };
    const runs: PartSeen = { ...differs, inUse: true };

    it.each<[string, Parameters<typeof seenWith>[0], readonly UpStepId[]]>([
      [
        'where running parts are made anew',
        { idp: runs, edge: runs, cluster: runs },
        ['idp', 'edge', 'cluster'],
      ],
      ['where new keys go into what runs', { keys: differs }, ['idp', 'edge']],
      ['where its keys are lost and it runs', { edge: { ...runs, state: 'absent' } }, ['edge']],
      ['not where nothing runs', { idp: differs, edge: { ...differs, inUse: false }, cluster: differs }, []],
      ['not on a bare machine', { keys: { state: 'absent', seen: 'none' }, edge: ABSENT, idp: ABSENT }, []],
      ['not for the probe, which nobody is connected to', { probe: runs }, []],
      ['not for what is changed in place', { mesh: runs, policies: runs, workloads: runs }, []],
      ['not for what is only started', { edge: { state: 'stopped', seen: 'exited', inUse: false } }, []],
    ])('%s', (_, changes, steps) => {
      expect(endsOf(changes)).toEqual(steps);
    });
  });

  it('makes anew what stands on a network that is gone: it could not be started', () => {
    const stopped: PartSeen = { state: 'stopped', seen: 'exited' };
    const seen = seenWith({
      network: { state: 'absent', seen: 'no network' },
      idp: stopped,
      edge: stopped,
      probe: stopped,
      cluster: stopped,
    });
    expect(actions(seen)).toMatchObject({
      network: 'create',
      idp: 'replace',
      edge: 'replace',
      probe: 'replace',
      cluster: 'replace',
    });
  });

  it('orders every step after its needs, whatever differs', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...UP_STEP_IDS),
        fc.constantFrom('absent', 'differs', 'stopped'),
        (id, state) => {
          const order = planUp(seenWith({ [id]: { state, seen: 'x' } })).steps.map((step) => step.id);
          for (const step of UP_STEP_IDS) {
            for (const need of UP_STEPS[step].needs)
              expect(order.indexOf(need)).toBeLessThan(order.indexOf(step));
          }
        },
      ),
    );
  });
});
