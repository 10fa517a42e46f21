import { InvalidArgumentError } from 'commander';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duration } from '../../../src/cli/options.ts';

function readOr(text: string): number | 'refused' {
  try {
    return duration(text);
  } catch (error) {
    if (error instanceof InvalidArgumentError) return 'refused';
    throw error;
  }
}

describe('duration', () => {
  it.each([
    ['90s', 90_000],
    ['10m', 600_000],
    ['1h', 3_600_000],
    ['250ms', 250],
    ['45', 45_000],
    ['1.5m', 90_000],
    ['596h', 2_145_600_000],
  ])('reads %s', (text, ms) => {
    expect(duration(text)).toBe(ms);
  });

  it.each(['', '0', '0s', '-5s', '10 m', '5d', 's', '1e3', '.5s', '1.s', '0x10', '5M', '10m5s', '１０s'])(
    'refuses %j',
    (text) => {
      expect(() => duration(text)).toThrow(InvalidArgumentError);
    },
  );

  it('refuses what no timer can wait for: it would fire at once', () => {
    expect(() => duration('597h')).toThrow('596h at most');
    expect(() => duration('9'.repeat(400))).toThrow(InvalidArgumentError);
  });

  it('gives milliseconds that a timer can take, or refuses', () => {
    const units = fc.constantFrom('', 'ms', 's', 'm', 'h');
    fc.assert(
      fc.property(fc.nat(), units, (count, unit) => {
        expect(readOr(`${count}${unit}`)).toSatisfy(
          (ms: number | 'refused') => ms === 'refused' || (ms > 0 && ms < 2 ** 31),
        );
      }),
    );
  });
});
