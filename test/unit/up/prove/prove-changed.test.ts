import { expect, it } from 'vitest';
import { CATALOGUE } from '../../../../src/checks/catalogue.ts';
import type { AnyCheck } from '../../../../src/checks/check.ts';
import { select } from '../../../../src/checks/select.ts';
import type { CheckReport } from '../../../../src/checks/verdict.ts';
import { proveChanged } from '../../../../src/up/prove/prove-changed.ts';
import { cause } from '../../../support/causes.ts';
import { report, result, VERDICTS } from '../../../support/reports.ts';

const GREEN = report([result('MD-RBAC-002', VERDICTS.pass)]);
const RED = report([result('MD-RBAC-002', VERDICTS.fail), result('MD-HDR-009', VERDICTS.unknown)]);

function script(...reports: readonly CheckReport[]) {
  const said: string[] = [];
  const left = [...reports];
  const asked: number[] = [];
  const prove = async (checks: readonly AnyCheck[]): Promise<CheckReport> => {
    asked.push(checks.length);
    return left.shift() ?? RED;
  };
  return { said, left, asked, prove, progress: (message: string) => void said.push(message) };
}

it('a green report is final', async () => {
  const { prove, left, said, progress } = script(GREEN, RED);
  expect(await proveChanged(prove, { signal: new AbortController().signal, progress })).toBe(GREEN);
  expect(left).toEqual([RED]);
  expect(said).toEqual([]);
});

it('what is not green is said and asked again, alone until it is green and then with everything', async () => {
  const { prove, said, asked, progress } = script(RED, RED, GREEN, GREEN);
  const options = { signal: new AbortController().signal, progress, intervalMs: 1 };
  expect(await proveChanged(prove, options)).toBe(GREEN);
  const [everything = 0, ...later] = asked;
  const alone = select(CATALOGUE, ['MD-RBAC-002', 'MD-HDR-009']).length;
  expect(everything).toBe(CATALOGUE.length);
  expect(alone).toBeLessThan(10);
  expect(later).toEqual([alone, alone, everything]);
  expect(said).toHaveLength(1);
  expect(said[0]).toContain('MD-RBAC-002, MD-HDR-009');
});

it('what is green alone and red with everything is asked alone again', async () => {
  const { prove, said, progress } = script(RED, GREEN, RED, GREEN, GREEN);
  const options = { signal: new AbortController().signal, progress, intervalMs: 1 };
  expect(await proveChanged(prove, options)).toBe(GREEN);
  expect(said).toHaveLength(2);
});

it('what stays red is reported red when the patience is over, as everything saw it last', async () => {
  const { prove, asked, progress } = script();
  const options = { signal: new AbortController().signal, progress, patienceMs: 20, intervalMs: 5 };
  expect(await proveChanged(prove, options)).toBe(RED);
  expect(asked.at(-1)).toBe(CATALOGUE.length);
});

it('an abort ends the asking at once', async () => {
  const { prove, left, progress } = script(RED, GREEN);
  expect(await proveChanged(prove, { signal: AbortSignal.abort(), progress })).toBe(RED);
  expect(left).toEqual([GREEN]);
});

it('nobody waits for a cause that does not pass by itself, once the proxies have drained', async () => {
  const causes = [cause('MD-DRIFT-004:RequestAuthentication/istio-ingress/x')];
  const foreign = report(RED.checks, { causes });
  const { prove, asked, progress } = script(foreign, RED, foreign, GREEN);
  const options = { signal: new AbortController().signal, progress, intervalMs: 1, drainedMs: 0 };
  expect(await proveChanged(prove, options)).toBe(foreign);
  const told = select(CATALOGUE, ['MD-RBAC-002', 'MD-HDR-009', 'MD-DRIFT-004']).length;
  expect(asked).toEqual([CATALOGUE.length, told, told]);
});

it('what was blamed once may be about connections from before: it is waited for', async () => {
  const foreign = report(RED.checks, {
    causes: [cause('MD-DRIFT-004:RequestAuthentication/istio-ingress/x')],
  });
  const { prove, progress } = script(foreign, RED, GREEN, GREEN);
  const options = { signal: new AbortController().signal, progress, intervalMs: 1, drainedMs: 0 };
  expect(await proveChanged(prove, options)).toBe(GREEN);
});
