import { expect, it } from 'vitest';
import { CATALOGUE } from '../../../../src/checks/catalogue.ts';
import { fail, warn } from '../../../../src/checks/check.ts';
import { quickChecks } from '../../../../src/checks/quick.ts';
import { withForeignObjects } from '../../../../src/up/prove/with-foreign-objects.ts';
import { report, result, VERDICTS } from '../../../support/reports.ts';

const core = quickChecks(CATALOGUE);
const NAME = 'RequestAuthentication istio-ingress/x';
const foreign = result(
  'MD-DRIFT-004',
  warn('DRIFT_FOREIGN_OBJECT', `not created by meshdev: ${NAME}`, ['x']),
  {
    hop: 'lab',
  },
);
const look = async () => report([foreign]);
const red = report([
  result('MD-JWT-001', fail('JWT_VALID_REFUSED', 'HTTP 403'), { hop: 'gateway->sidecar' }),
]);

it('names the foreign object that the core is red for, and judges nothing else again', async () => {
  const found = await withForeignObjects(red, core, look);
  expect(found.checks).toEqual([...red.checks, foreign]);
  expect(found.causes).toMatchObject([{ object: NAME, verdict: 'fail' }]);
  expect(found.summary).toMatchObject({ fail: 1, warn: 1, exitCode: 1 });
});

it('does not look where the core is green, or where it was asked for already', async () => {
  const never = async () => {
    throw new Error('looked');
  };
  const green = report([result('MD-JWT-001', VERDICTS.pass)]);
  expect(await withForeignObjects(green, core, never)).toBe(green);
  expect(await withForeignObjects(red, CATALOGUE, never)).toBe(red);
});
