import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../src/checks/catalogue.ts';
import { checksAgain, quickChecks } from '../../../src/checks/quick.ts';
import { HOP_IDS } from '../../../src/topology/hop.ts';
import { subjectsOf } from '../../../src/checks/subjects.ts';
import type { AnyCheck } from '../../../src/checks/check.ts';
import { TWO_SERVICES } from '../../support/own-services.ts';
import { says } from '../../support/service-checks.ts';

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

describe('checksAgain', () => {
  const idsOf = (red: readonly string[]) => checksAgain(CATALOGUE, new Set(red)).map(({ id }) => id);
  const core = quickChecks(CATALOGUE).map(({ id }) => id);

  it('is the core where nothing was red', () => {
    expect(idsOf([])).toEqual(core);
  });

  it('has what was red too, its control, and what tells whether up repairs it', () => {
    const asked = idsOf(['MD-RBAC-006', 'MD-JWT-010', 'MD-EDGE-001']);
    const control = CATALOGUE.find(({ id }) => id === 'MD-JWT-010')?.control ?? 'none';
    for (const id of [...core, 'MD-RBAC-006', 'MD-JWT-010', control, 'MD-DRIFT-001', 'MD-DRIFT-004'])
      expect(asked).toContain(id);
    expect(asked.length).toBeLessThan(CATALOGUE.length / 2);
  });
});

describe('services', () => {
  const negative = { polarity: 'negative', control: 'MD-T-001' } as const;
  const slow = { evidence: ['header.walks'] } as const;
  const catalogue = [
    says('MD-T-001', { services: {} }),
    says('MD-T-002', { services: {} }, negative),
    says('MD-T-003', {}, negative),
    says('MD-T-004', { services: {} }, negative, { control: 'MD-T-005' }),
    says('MD-T-005', { services: {} }, slow),
  ];
  const told = (checks: readonly AnyCheck[]) =>
    checks.map((check) => `${check.id}${subjectsOf([check], TWO_SERVICES).length > 1 ? ' of services' : ''}`);

  it('are judged of what is quick, and of no negative whose control of them is not', () => {
    expect(told(quickChecks(catalogue))).toEqual([
      'MD-T-001 of services',
      'MD-T-002 of services',
      'MD-T-003',
      'MD-T-004',
    ]);
  });

  it('are judged again of what was red, with the control that they have', () => {
    expect(told(checksAgain(catalogue, new Set(['MD-T-004'])))).toEqual([
      'MD-T-001 of services',
      'MD-T-002 of services',
      'MD-T-003',
      'MD-T-004 of services',
      'MD-T-005 of services',
    ]);
  });
});
