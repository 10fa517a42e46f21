import { describe, expect, it } from 'vitest';
import { circles, importsBetween, importsOfSources } from '../../support/rooms.ts';

describe('the rooms of the source', async () => {
  const imports = await importsOfSources();

  it('import in no circle, types included', () => {
    expect(circles(imports)).toEqual([]);
  });

  it.each([
    ['checks', 'probe'],
    ['probe', 'checks'],
    ['cases', 'checks'],
    ['evidence', 'probe'],
    ['edge', 'up'],
    ['mesh', 'up'],
    ['agent', 'probe'],
  ])('do not import from %s to %s', (from, to) => {
    expect([...imports.keys()].some((file) => file.startsWith(`${from}/`))).toBe(true);
    expect(importsBetween(imports, from, to)).toEqual([]);
  });

  it('are seen in the direction that is meant', () => {
    expect(importsBetween(imports, 'probe', 'evidence').length).toBeGreaterThan(20);
    expect(importsBetween(imports, 'checks', 'cases').length).toBeGreaterThan(5);
  });
});

describe('a circle', () => {
  it('is found once, with all that are in it and none that only lead there', () => {
    const imports = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['b', 'd']],
      ['d', []],
    ]);
    expect(circles(imports)).toEqual([['b', 'c']]);
    expect(circles(new Map([['a', ['a']]]))).toEqual([['a']]);
    expect(circles(new Map([['a', ['b']]]))).toEqual([]);
  });
});
