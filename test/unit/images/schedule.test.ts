import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { estimateSeconds } from '../../../src/images/packages/estimate.ts';
import { ready, runTasks, type Task } from '../../../src/images/packages/schedule.ts';

const quiet = { started: () => {}, finished: () => {} };
const never = new AbortController().signal;

/** Tasks that write down when they start and end, and end after one turn of the loop. */
function recorded(log: string[], tasks: readonly Omit<Task, 'run'>[]): readonly Task[] {
  return tasks.map(({ id, needs, slot }) => ({
    id,
    needs,
    slot,
    run: async () => {
      log.push(`${id} starts`);
      await setImmediate();
      log.push(`${id} ends`);
    },
  }));
}

describe('the schedule', () => {
  it('lets one compiler run at a time and downloads beside it', async () => {
    const log: string[] = [];
    const tasks = recorded(log, [
      { id: 'a', needs: [], slot: 'cpu' },
      { id: 'b', needs: [], slot: 'cpu' },
      { id: 'c', needs: [], slot: 'io' },
    ]);
    await runTasks(tasks, never, quiet);
    expect(log.slice(0, 2)).toEqual(['a starts', 'c starts']);
    expect(log.indexOf('b starts')).toBeGreaterThan(log.indexOf('a ends'));
  });

  it('starts a task when what it needs has ended; needs outside the list count as met', async () => {
    const log: string[] = [];
    const tasks = recorded(log, [
      { id: 'image', needs: ['go', 'made before'], slot: 'io' },
      { id: 'go', needs: [], slot: 'cpu' },
    ]);
    await runTasks(tasks, never, quiet);
    expect(log).toEqual(['go starts', 'go ends', 'image starts', 'image ends']);
  });

  it('stops the others when one fails and throws that failure', async () => {
    const seen: string[] = [];
    const fails: Task = {
      id: 'a',
      needs: [],
      slot: 'cpu',
      run: () => Promise.reject(new Error('no compiler')),
    };
    const waits: Task = {
      id: 'b',
      needs: [],
      slot: 'io',
      run: (signal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))),
    };
    const later: Task = { id: 'c', needs: ['a'], slot: 'io', run: async () => void seen.push('c ran') };
    await expect(runTasks([fails, waits, later], never, quiet)).rejects.toThrow('no compiler');
    expect(seen).toEqual([]);
  });

  it('starts nothing after an interruption', async () => {
    const log: string[] = [];
    const tasks = recorded(log, [{ id: 'a', needs: [], slot: 'cpu' }]);
    await expect(runTasks(tasks, AbortSignal.abort(), quiet)).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(log).toEqual([]);
  });

  it('ends at once without tasks', async () => {
    await expect(runTasks([], never, quiet)).resolves.toBeUndefined();
  });
});

describe('the slots', () => {
  it('are given in list order', () => {
    const task = (id: string, slot: 'cpu' | 'io') => ({ id, needs: [], slot });
    const waiting = [task('a', 'io'), task('b', 'io'), task('c', 'io'), task('d', 'cpu')];
    expect(ready(waiting, [task('e', 'io')]).map((one) => one.id)).toEqual(['a', 'd']);
  });
});

describe('the estimate', () => {
  it('counts what overlaps once', () => {
    expect(
      estimateSeconds([
        { id: 'kubernetes', needs: [], slot: 'cpu', seconds: 285 },
        { id: 'rootfs', needs: [], slot: 'io', seconds: 40 },
        { id: 'images', needs: ['kubernetes', 'rootfs'], slot: 'io', seconds: 10 },
      ]),
    ).toBe(295);
  });

  it('adds what shares a slot', () => {
    const go = (id: string) => ({ id, needs: [], slot: 'cpu' as const, seconds: 100 });
    expect(estimateSeconds([go('a'), go('b')])).toBe(200);
  });

  it('takes work that is longer than thought for as good as done', () => {
    expect(estimateSeconds([{ id: 'a', needs: [], slot: 'cpu', seconds: -20 }])).toBe(0);
  });
});
