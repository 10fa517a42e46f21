import { describe, expect, it } from 'vitest';
import { inOrderOf, inShard, readChoice } from '../../fault-injection/support/choose.ts';

const items = Array.from({ length: 23 }, (_, at) => ({ name: `category/module-${at}.ts` }));
const newSeed = (): string => 'new';

describe('what a run of fault injections tries', () => {
  it('is the core in one part, beside the core of the checks, unless more is said', () => {
    expect(readChoice({}, newSeed)).toEqual({
      all: false,
      beside: 'core',
      shard: { part: 1, parts: 1 },
      seed: 'new',
      resume: false,
    });
  });

  it('is what the environment says', () => {
    const env = {
      MESHDEV_SABOTAGES: 'all',
      MESHDEV_SABOTAGE_CHECKS: 'near',
      MESHDEV_SABOTAGE_SHARD: '2/5',
      MESHDEV_SABOTAGE_SEED: 'abc',
      MESHDEV_SABOTAGE_RESUME: '1',
    };
    expect(readChoice(env, newSeed)).toEqual({
      all: true,
      beside: 'near',
      shard: { part: 2, parts: 5 },
      seed: 'abc',
      resume: true,
    });
  });

  it.each([
    ['MESHDEV_SABOTAGES', 'every', 'one of core, all'],
    ['MESHDEV_SABOTAGE_CHECKS', 'some', 'one of core, near, all'],
    ['MESHDEV_SABOTAGE_SHARD', '0/5', 'part/parts'],
    ['MESHDEV_SABOTAGE_SHARD', '6/5', 'part/parts'],
    ['MESHDEV_SABOTAGE_SHARD', 'two', 'part/parts'],
    ['MESHDEV_SABOTAGE_RESUME', 'yes', 'one of 0, 1'],
  ])('cannot be %s=%s', (name, value, why) => {
    expect(() => readChoice({ [name]: value }, newSeed)).toThrow(why);
  });
});

describe('shards', () => {
  it('hold every module once', () => {
    const parts = [1, 2, 3, 4, 5].map((part) => inShard(items, { part, parts: 5 }));
    expect(parts.flat()).toHaveLength(items.length);
    expect(new Set(parts.flat()).size).toBe(items.length);
    expect(Math.max(...parts.map((part) => part.length))).toBe(5);
  });
});

describe('a seed', () => {
  it('decides the order, and nothing else does', () => {
    const names = (seed: string, of = items) => inOrderOf(seed, of).map(({ name }) => name);
    expect(names('a', items.toReversed())).toEqual(names('a'));
    expect(names('b')).not.toEqual(names('a'));
    expect(names('b').toSorted()).toEqual(names('a').toSorted());
  });

  it('keeps the order of what is left when a run goes on', () => {
    const left = items.slice(7);
    expect(inOrderOf('a', left)).toEqual(inOrderOf('a', items).filter((one) => left.includes(one)));
  });
});
