import { describe, expect, it } from 'vitest';
import { pause } from '../../../src/run/wait-until.ts';
import { together } from '../../../src/run/together.ts';

const run = { signal: new AbortController().signal, progress: () => undefined };

describe('together', () => {
  it('gives what all of them gave', async () => {
    const both = await together(run, (_, join) =>
      Promise.all([join(Promise.resolve(1)), join(Promise.resolve('two'))]),
    );
    expect(both).toEqual([1, 'two']);
  });

  it('ends the others at the first failure, and throws it when they have ended', async () => {
    const seen: string[] = [];
    const slow = async (signal: AbortSignal): Promise<void> => {
      await pause(60_000, signal).catch(() => undefined);
      await pause(5, run.signal);
      seen.push('the slow one has cleaned up');
    };
    const failing = together(run, (scope, join) =>
      Promise.all([join(slow(scope.signal)), join(Promise.reject(new Error('first')))]),
    );
    await expect(failing.finally(() => seen.push('thrown'))).rejects.toThrow('first');
    expect(seen).toEqual(['the slow one has cleaned up', 'thrown']);
  });
});
