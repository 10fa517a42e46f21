import { describe, expect, it } from 'vitest';
import { MeshdevError } from '../../../src/errors/meshdev-error.ts';
import type { Action, Plan } from '../../../src/run/step.ts';
import type { RunEvent } from '../../../src/run/events.ts';
import { execute } from '../../../src/run/execute.ts';

type Apply = (run: { signal: AbortSignal }) => Promise<void>;

function planOf(...steps: readonly (readonly [string, readonly string[], Action?])[]): Plan {
  return {
    steps: steps.map(([id, needs, action = 'create']) => ({ id, title: id, needs, action, because: 'test' })),
  };
}

async function run(
  plan: Plan,
  applies: Readonly<Record<string, Apply>>,
  signal = new AbortController().signal,
) {
  const events: RunEvent[] = [];
  const apply = (id: string, scope: { signal: AbortSignal }) => (applies[id] ?? nothing)(scope);
  const outcome = await execute(plan, apply, { emit: (event) => events.push(event), signal });
  return {
    outcome,
    states: Object.fromEntries(outcome.steps.map((end) => [end.step.id, end.state])),
    events,
  };
}

const nothing: Apply = () => Promise.resolve();

describe('execute', () => {
  it('starts independent steps together and dependents after them', async () => {
    const log: string[] = [];
    const gate = Promise.withResolvers<void>();
    const { states } = await run(planOf(['a', []], ['b', []], ['c', ['a', 'b']]), {
      a: async () => {
        log.push('a starts');
        await gate.promise;
        log.push('a ends');
      },
      b: async () => {
        log.push('b starts');
        gate.resolve();
      },
      c: async () => void log.push('c'),
    });
    expect(log).toEqual(['a starts', 'b starts', 'a ends', 'c']);
    expect(states).toEqual({ a: 'done', b: 'done', c: 'done' });
  });

  it('does not start what needs a failed step, and keeps its error', async () => {
    const { outcome, states, events } = await run(planOf(['a', []], ['b', ['a']]), {
      a: () => Promise.reject(new MeshdevError('STEP_FAILED', { message: 'a broke' })),
      b: nothing,
    });
    expect(states).toEqual({ a: 'failed', b: 'not-started' });
    expect(outcome.error?.message).toBe('a broke');
    expect(events.at(-1)).toMatchObject({ kind: 'step-not-started', because: 'step a is not done' });
  });

  it('calls anything that is not a MeshdevError a bug', async () => {
    const { outcome } = await run(planOf(['a', []]), { a: () => Promise.reject(new TypeError('oops')) });
    expect(outcome.error).toMatchObject({ code: 'BUG', exitCode: 70 });
  });

  it('does not take a full disk for a bug, and says in which step', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const { outcome } = await run(planOf(['a', []]), { a: () => Promise.reject(full) });
    expect(outcome.error).toMatchObject({
      code: 'DISK_FULL',
      message: 'step a: ENOSPC: no space left on device, write',
      remedies: ['df -h'],
      cause: full,
    });
  });

  it('starts nothing more after an abort and says so', async () => {
    const abort = new AbortController();
    const { outcome, states } = await run(
      planOf(['a', []], ['b', ['a']]),
      { a: async () => abort.abort(), b: nothing },
      abort.signal,
    );
    expect(states).toEqual({ a: 'done', b: 'not-started' });
    expect(outcome.error?.code).toBe('INTERRUPTED');
  });

  it('does not run kept steps', async () => {
    const { states } = await run(planOf(['a', [], 'keep']), {
      a: () => Promise.reject(new Error('must not run')),
    });
    expect(states).toEqual({ a: 'kept' });
  });
});
