import { expect, it } from 'vitest';
import type { CheckReport } from '../../../src/checks/verdict.ts';
import { proveChanged } from '../../../src/probe/prove-changed.ts';
import { report, result, VERDICTS } from '../../support/reports.ts';

const GREEN = report([result('MD-RBAC-002', VERDICTS.pass)]);
const RED = report([result('MD-RBAC-002', VERDICTS.fail), result('MD-HDR-009', VERDICTS.unknown)]);

function script(...reports: readonly CheckReport[]) {
  const said: string[] = [];
  const left = [...reports];
  const prove = async (): Promise<CheckReport> => left.shift() ?? RED;
  return { said, left, prove, progress: (message: string) => void said.push(message) };
}

it('a green report is final', async () => {
  const { prove, left, said, progress } = script(GREEN, RED);
  expect(await proveChanged(prove, { signal: new AbortController().signal, progress })).toBe(GREEN);
  expect(left).toEqual([RED]);
  expect(said).toEqual([]);
});

it('a report that is not green is taken anew, and what is not green is said', async () => {
  const { prove, said, progress } = script(RED, RED, GREEN);
  const options = { signal: new AbortController().signal, progress, intervalMs: 1 };
  expect(await proveChanged(prove, options)).toBe(GREEN);
  expect(said).toHaveLength(2);
  expect(said[0]).toContain('MD-RBAC-002, MD-HDR-009');
});

it('what stays red is reported red when the patience is over', async () => {
  const { prove, progress } = script();
  const options = { signal: new AbortController().signal, progress, patienceMs: 20, intervalMs: 5 };
  expect(await proveChanged(prove, options)).toBe(RED);
});

it('an abort ends the asking at once', async () => {
  const { prove, left, progress } = script(RED, GREEN);
  expect(await proveChanged(prove, { signal: AbortSignal.abort(), progress })).toBe(RED);
  expect(left).toEqual([GREEN]);
});
