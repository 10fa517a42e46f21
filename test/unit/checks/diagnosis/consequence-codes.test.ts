import { expect, it } from 'vitest';
import { CATALOGUE } from '../../../../src/checks/catalogue.ts';
import { consequenceOf, namesItsCause } from '../../../../src/checks/consequence-codes.ts';
import { reaches } from '../../../../src/checks/diagnosis/reach.ts';
import type { CheckResult } from '../../../../src/checks/verdict.ts';
import { result, VERDICTS } from '../../../support/reports.ts';

it('a forgery that was accepted and an object that differs are findings of their own', () => {
  for (const code of ['JWT_NOT_REQUIRED', 'RBAC_TOO_WIDE', 'DRIFT_OBJECTS', 'DRIFT_FOREIGN_OBJECT'] as const)
    expect(consequenceOf(code)).toBeUndefined();
});

it('only what names the verdict that it follows from is left out by the fault injections', () => {
  expect(namesItsCause('CONTROL_NOT_GREEN')).toBe(true);
  expect(namesItsCause('BEHIND_BROKEN_LINK')).toBe(true);
  expect(namesItsCause('NO_RECORD')).toBe(false);
});

/** Checks of this machine: nothing in the lab turns them. */
const OF_THE_MACHINE: ReadonlySet<string> = new Set([
  'listeners',
  'outside',
  'anchors',
  'private.files',
  'machine',
  'edge.twins',
  'real.clients',
  'names',
  'parts',
]);

it('every check can be turned by some part of the lab, or is about the machine alone', () => {
  const alone = CATALOGUE.filter((check) => {
    const one: CheckResult = { ...result(check.id, VERDICTS.fail), hop: check.hop };
    return !(['probe', 'node', 'edge', 'idp', 'cluster'] as const).some((place) =>
      reaches(place, one, check),
    );
  });
  expect(alone.filter(({ evidence }) => !evidence.every((key) => OF_THE_MACHINE.has(key)))).toEqual([]);
});
