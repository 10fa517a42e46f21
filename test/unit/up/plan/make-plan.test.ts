import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOrder, makePlan } from '../../../../src/up/plan/make-plan.ts';
import type { Decision } from '../../../../src/run/step.ts';

type Seen = Readonly<Record<string, boolean>>;

function step(id: string, needs: readonly string[] = []) {
  return {
    id,
    title: `step ${id}`,
    needs,
    decide: (seen: Seen): Decision =>
      seen[id] === true ? { action: 'keep', because: 'there' } : { action: 'create', because: 'missing' },
  };
}

const follow = (id: string, changed: string): Decision | undefined =>
  steps.find((candidate) => candidate.id === id)?.needs.includes(changed) === true
    ? { action: 'update', because: 'what it needs changed' }
    : undefined;

const steps = [step('a'), step('b', ['a']), step('c', ['b']), step('d')];

describe('inOrder', () => {
  it('puts every step after what it needs, whatever the order given', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const chain = names.map((name, index) => step(name, names.slice(0, index)));
    fc.assert(
      fc.property(fc.shuffledSubarray(chain, { minLength: names.length }), (shuffled) => {
        expect(inOrder(shuffled).map((ordered) => ordered.id)).toEqual(names);
      }),
    );
  });

  it('names the cycle', () => {
    expect(() => inOrder([step('a', ['b']), step('b', ['a'])])).toThrow('a -> b -> a');
  });

  it('names an unknown need', () => {
    expect(() => inOrder([step('a', ['ghost'])])).toThrow('a depends on unknown step ghost');
  });
});

describe('makePlan', () => {
  it('keeps everything when everything is there', () => {
    const plan = makePlan(steps, { a: true, b: true, c: true, d: true }, follow);
    expect(plan.steps.map((planned) => planned.action)).toEqual(['keep', 'keep', 'keep', 'keep']);
  });

  it('changes exactly the missing step and those that need it', () => {
    const plan = makePlan(steps, { a: true, b: false, c: true, d: true }, follow);
    expect(plan.steps.map((planned) => `${planned.id} ${planned.action}`)).toEqual([
      'a keep',
      'b create',
      'c update',
      'd keep',
    ]);
  });

  it('lets the ripple decide that a dependent is not touched', () => {
    const plan = makePlan(steps, { a: true, b: false, c: true, d: true }, () => undefined);
    expect(plan.steps.find((planned) => planned.id === 'c')?.action).toBe('keep');
  });
});
