import { describe, expect, it } from 'vitest';
import { Throttle } from '../../../../src/guest/idp/throttle.ts';

function throttle(free: number) {
  const clock = { ms: 0 };
  return { clock, throttle: new Throttle(free, () => clock.ms) };
}

/** Fails as soon as it may, so many times; the seconds that each attempt had to wait for. */
function waits({ clock, throttle: at }: ReturnType<typeof throttle>, times: number): readonly number[] {
  return Array.from({ length: times }, () => {
    const ms = at.waitMs('alice');
    clock.ms += ms;
    at.failed('alice');
    return ms / 1000;
  });
}

describe('the throttle', () => {
  it('lets some failures by, then makes each next attempt wait twice as long, up to a minute', () => {
    expect(waits(throttle(5), 14)).toEqual([0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
  });

  it('counts nothing against a key while it waits, and lets it in when the time is over', () => {
    const at = throttle(1);
    at.throttle.failed('alice');
    expect([at.throttle.waitMs('alice'), at.throttle.waitMs('alice')]).toEqual([1000, 1000]);
    at.clock.ms = 999;
    expect(at.throttle.waitMs('alice')).toBe(1);
    at.clock.ms = 1000;
    expect(at.throttle.waitMs('alice')).toBe(0);
  });

  it('holds up nobody else', () => {
    const at = throttle(1);
    at.throttle.failed('alice');
    expect(at.throttle.waitMs('bob')).toBe(0);
  });

  it('forgives all with a success', () => {
    const at = throttle(3);
    waits(at, 10);
    at.throttle.succeeded('alice');
    expect(waits(at, 4)).toEqual([0, 0, 0, 1]);
  });

  it('forgets when nothing has failed for fifteen minutes', () => {
    const at = throttle(3);
    waits(at, 10);
    at.clock.ms += 15 * 60_000 - 1;
    at.throttle.failed('alice');
    expect(at.throttle.waitMs('alice')).toBe(60_000);
    at.clock.ms += 15 * 60_000;
    expect(waits(at, 4)).toEqual([0, 0, 0, 1]);
  });

  it('remembers a thousand keys, and forgets the one that failed longest ago', () => {
    const at = throttle(1);
    for (let key = 0; key < 1000; key += 1) at.throttle.failed(`key-${key}`);
    at.throttle.failed('key-0');
    at.throttle.failed('one more');
    expect(at.throttle.size).toBe(1000);
    expect(at.throttle.waitMs('key-0')).toBe(2000);
    expect(at.throttle.waitMs('key-1')).toBe(0);
    expect(at.throttle.waitMs('key-2')).toBe(1000);
  });
});
