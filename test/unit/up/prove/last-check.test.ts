import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { knownAfter, readLastCheck, redText, rememberVerdicts } from '../../../../src/up/prove/last-check.ts';
import type { Verdict } from '../../../../src/checks/verdict.ts';
import { report, result, VERDICTS } from '../../../support/reports.ts';

const before = {
  schemaVersion: '1' as const,
  at: '2026-01-01T00:00:00.000Z',
  red: ['MD-A-001[x]', 'MD-A-001[y]', 'MD-B-001'],
};
const { pass, fail, unknown, skip, warn } = VERDICTS;

describe('what is known to be red', () => {
  it('is what failed or was not seen, by case', () => {
    const seen = report([
      result('MD-A-001', fail, { case: 'x' }),
      result('MD-A-001', pass, { case: 'y' }),
      result('MD-B-001', unknown),
      result('MD-C-001', warn),
    ]);
    expect(knownAfter(undefined, seen, new Set()).red).toEqual(['MD-A-001[x]', 'MD-B-001']);
  });

  it('stays red until the very case is judged', () => {
    const seen = report([result('MD-A-001', pass, { case: 'x' }), result('MD-C-001', fail)]);
    expect(knownAfter(before, seen, new Set(['MD-C-001'])).red).toEqual([
      'MD-A-001[y]',
      'MD-B-001',
      'MD-C-001',
    ]);
  });

  it('is gone with its case: the object that it was about was removed', () => {
    const seen = report([result('MD-A-001', pass, { case: 'z' })]);
    expect(knownAfter(before, seen, new Set(['MD-A-001'])).red).toEqual(['MD-B-001']);
  });

  it('stays red where it was left out', () => {
    const seen = report([result('MD-A-001', pass, { case: 'x' }), result('MD-B-001', skip)]);
    expect(knownAfter(before, seen, new Set(['MD-A-001', 'MD-B-001'])).red).toEqual(['MD-B-001']);
  });

  it('is known by service, and only of the service that is red', () => {
    const of = (service: string, verdict: Verdict = pass) =>
      result('MD-A-001', verdict, { case: 'x', service });
    const first = report([result('MD-B-001', fail, { service: 'orders' }), of('orders'), of('stock', fail)]);
    const known = knownAfter(undefined, first, new Set());
    expect(known.red).toEqual(['MD-B-001[orders]', 'MD-A-001[stock/x]']);
    const next = report([result('MD-A-001', pass, { case: 'x' }), of('orders')]);
    expect(knownAfter(known, next, new Set()).red).toEqual(known.red);
    // The service is gone with its results.
    expect(knownAfter(known, next, new Set(['MD-A-001'])).red).toEqual(['MD-B-001[orders]']);
    expect(redText(known)).toBe('MD-B-001, MD-A-001');
  });

  it('is kept in a file, and nothing where that is none of ours', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'meshdev-last-'));
    const path = join(dir, 'lab', 'last-check.json');
    const seen = report([result('MD-B-001', fail)]);
    const whole = new Set(['MD-B-001']);
    const warned: string[] = [];
    const remember = () => rememberVerdicts(path, seen, whole, (text) => warned.push(text));
    expect(await readLastCheck(path)).toBeUndefined();
    const known = await remember();
    expect(known.red).toEqual(['MD-B-001']);
    expect(await readLastCheck(path)).toEqual(known);
    await writeFile(path, '{"red":');
    expect(await readLastCheck(path)).toBeUndefined();
    expect(warned).toEqual([]);

    // The verdicts stand where nothing can be written, and somebody is told.
    await rm(join(dir, 'lab'), { recursive: true });
    await writeFile(join(dir, 'lab'), '');
    expect((await remember()).red).toEqual(['MD-B-001']);
    expect(warned).toEqual([expect.stringMatching(/do not know these verdicts: E/)]);
    await rm(dir, { recursive: true });
  });

  it('is told by check', () => {
    expect(redText(before)).toBe('MD-A-001, MD-B-001');
    expect(redText({ red: ['1', '2', '3', '4', '5', '6', '7'] })).toBe('1, 2, 3, 4, 5 and 2 more');
  });
});
