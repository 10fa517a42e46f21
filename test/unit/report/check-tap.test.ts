import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fail } from '../../../src/checks/check.ts';
import { checkTap } from '../../../src/report/check-tap.ts';
import { report, result, VERDICTS } from '../../support/reports.ts';
import { readTap } from '../../support/tap.ts';

it('has one point per verdict, with what was seen', () => {
  const given = report([
    result('MD-EDGE-001', VERDICTS.pass),
    result('MD-EGW-011', VERDICTS.fail, { case: 'workload' }),
    result('MD-EDGE-003', VERDICTS.skip),
    result('MD-EDGE-007', VERDICTS.warn),
  ]);
  const { points, extra } = readTap(checkTap(given));
  expect(extra).toEqual([]);
  expect(points.map(({ ok, name }) => [ok, name])).toEqual([
    [true, 'MD-EDGE-001 MD-EDGE-001 holds'],
    [false, 'MD-EGW-011[workload] MD-EGW-011 holds'],
    [true, 'MD-EDGE-003 MD-EDGE-003 holds'],
    [true, 'MD-EDGE-007 MD-EDGE-007 holds'],
  ]);
  expect(points[1]?.diag).toEqual({
    verdict: 'fail',
    code: 'EGW_IDENTITY_NOT_CHECKED',
    message: 'the gateway answered <a "client"> & more',
    run: ['meshdev up', 'meshdev check'],
  });
  expect(points[2]?.skip).toBe('MD-EDGE-001 failed on this hop');
});

it('cannot be steered by what a party on the wire sent', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom(
      'x # SKIP all',
      'a\nok 2 - forged',
      'Bail out!',
      '1..0',
      '  ...\nok 2',
      String.raw`\# TODO`,
    ),
  );
  fc.assert(
    fc.property(text, (wire) => {
      const red = result('MD-EDGE-001', fail('EDGE_ALPN', wire, [wire]), { case: wire });
      const { ok, points, extra } = readTap(checkTap(report([red])));
      expect({ ok, count: points.length, extra }).toEqual({ ok: false, count: 1, extra: [] });
      expect(points[0]?.ok).toBe(false);
      expect(points[0]?.skip).toBeFalsy();
      expect(points[0]?.todo).toBeFalsy();
    }),
  );
}, 30_000);
