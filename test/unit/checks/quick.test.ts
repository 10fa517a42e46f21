import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../src/checks/catalogue.ts';
import { quickChecks } from '../../../src/checks/quick.ts';
import { HOP_IDS } from '../../../src/topology/hop.ts';

describe('quickChecks', () => {
  const quick = quickChecks(CATALOGUE);

  it('leaves no hop unproved', () => {
    expect(new Set(quick.map(({ hop }) => hop))).toEqual(new Set([...HOP_IDS, 'lab', 'host']));
  });

  it('has positives and negatives, and never a negative without its control', () => {
    const ids = new Set(quick.map(({ id }) => id));
    const negatives = quick.filter(({ polarity }) => polarity === 'negative');
    expect(negatives.length).toBeGreaterThanOrEqual(20);
    expect(negatives.filter(({ control }) => control !== undefined && !ids.has(control))).toEqual([]);
  });

  it('sends none of the long corpora', () => {
    const keys = new Set<string>(quick.flatMap(({ evidence }) => evidence));
    for (const corpus of ['header.walks', 'path.walks', 'rbac.matrix', 'issuer.twins'])
      expect(keys.has(corpus)).toBe(false);
  });
});
