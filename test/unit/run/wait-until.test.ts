import { describe, expect, it } from 'vitest';
import { lookUntil, waitUntil } from '../../../src/run/wait-until.ts';

const signal = new AbortController().signal;

describe('waitUntil', () => {
  it('looks again until done and hands over the value', async () => {
    let looks = 0;
    const value = await waitUntil(async () => (++looks < 3 ? { seen: 'not yet' } : { done: looks }), {
      what: 'three looks',
      timeoutMs: 1_000,
      intervalMs: 1,
      signal,
    });
    expect(value).toBe(3);
  });

  it('says what it last saw when the deadline passes, errors included', async () => {
    const waiting = waitUntil(() => Promise.reject(new Error('connect refused')), {
      what: 'the edge',
      timeoutMs: 5,
      intervalMs: 1,
      signal,
    });
    await expect(waiting).rejects.toMatchObject({
      code: 'TIMED_OUT',
      message: expect.stringContaining('last seen: connect refused'),
    });
  });

  it('ends at once when aborted', async () => {
    const abort = new AbortController();
    const waiting = waitUntil(async () => ({ seen: 'nothing' }), {
      what: 'ever',
      timeoutMs: 60_000,
      intervalMs: 60_000,
      signal: abort.signal,
    });
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});

describe('lookUntil', () => {
  const forGood = { timeoutMs: 60_000, intervalMs: 1 };

  it('ends with the look that is as wanted', async () => {
    let looks = 0;
    expect(
      await lookUntil(
        () => ++looks,
        (seen) => seen === 3,
        { ...forGood, signal },
      ),
    ).toBe(3);
  });

  it('ends with what is there when the time is over', async () => {
    const never = lookUntil(
      () => 'as it is',
      () => false,
      { timeoutMs: 5, intervalMs: 1, signal },
    );
    expect(await never).toBe('as it is');
  });

  it('ends at once when the signal fires, and holds up nothing meanwhile', async () => {
    const stop = AbortSignal.timeout(10);
    let looks = 0;
    await lookUntil(
      () => ++looks,
      () => false,
      { ...forGood, signal: stop },
    );
    expect(stop.aborted).toBe(true);
    expect(looks).toBeLessThan(100);
  });
});
