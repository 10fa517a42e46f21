import { describe, expect, it } from 'vitest';
import { createSlowdown, patience, patientTimeout, type Turns } from '../../../src/run/patience.ts';

/** A machine whose thread is told how long it ran and waited. */
function machine(load = 0) {
  let now = 0;
  let seen: Turns | undefined = { ranMs: 0, waitedMs: 0 };
  return {
    slowdown: createSlowdown({ now: () => now, turns: () => seen, load: () => load }),
    pass: (ms: number, ranMs: number) => {
      now += ms;
      seen = { ranMs: (seen?.ranMs ?? 0) + ranMs, waitedMs: (seen?.waitedMs ?? 0) + ms - ranMs };
    },
    uncounted: () => (seen = undefined),
  };
}

describe('how many times longer work takes', () => {
  it('is once on a machine that does nothing else', () => {
    const { slowdown, pass } = machine();
    expect(slowdown()).toBe(1);
    pass(500, 500);
    expect(slowdown()).toBe(1);
  });

  it('is seen at once where the thread had to wait from its start', () => {
    const { slowdown, pass } = machine();
    pass(500, 100);
    expect(slowdown()).toBe(5);
  });

  it('is what was seen lately where that is worse, and the whole where it is not', () => {
    const { slowdown, pass } = machine();
    pass(10_000, 10_000);
    expect(slowdown()).toBe(1);
    pass(2_000, 500);
    expect(slowdown()).toBe(4);
    pass(2_000, 2_000);
    expect(slowdown()).toBeCloseTo(14_000 / 12_500);
  });

  it('has an end', () => {
    const { slowdown, pass } = machine();
    pass(10_000, 10);
    expect(slowdown()).toBe(8);
  });

  it('is the load of a core where the kernel does not count', () => {
    const busy = machine(3.5);
    busy.uncounted();
    expect(busy.slowdown()).toBe(3.5);
    const idle = machine(0.2);
    idle.uncounted();
    expect(idle.slowdown()).toBe(1);
  });
});

it('patience is never shorter than what is asked for, nor two minutes longer', () => {
  for (const ms of [0, 100, 30_000, 3_600_000]) {
    expect(patience(ms)).toBeGreaterThanOrEqual(ms);
    expect(patience(ms)).toBeLessThanOrEqual(ms + 120_000);
  }
});

it('a patient deadline does not come at once where it is longer than timers are', async () => {
  const signal = patientTimeout(2 ** 31 - 1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(signal.aborted).toBe(false);
});

it('a patient deadline comes, and not too early', async () => {
  const began = performance.now();
  const signal = patientTimeout(50);
  // Its timer alone must not hold up the end of a process.
  const open = setInterval(() => undefined, 1_000);
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  clearInterval(open);
  expect(performance.now() - began).toBeGreaterThanOrEqual(49);
  expect(signal.reason).toMatchObject({ name: 'TimeoutError' });
});
