import { fail, pass, unknown } from '../../src/checks/check.ts';
import { type CheckReport, type CheckResult, summarise, type Verdict } from '../../src/checks/verdict.ts';

/** A verdict of each kind, by name. */
export const VERDICTS = {
  pass: pass('TLSv1.3, as wanted'),
  warn: { kind: 'warn', code: 'EDGE_ALPN', message: 'it is late', remedies: ['meshdev up'] },
  fail: fail('EGW_IDENTITY_NOT_CHECKED', 'the gateway answered <a "client"> & more', [
    'meshdev up',
    'meshdev check',
  ]),
  unknown: unknown('TIMED_OUT', 'no answer before the deadline'),
  skip: { kind: 'skip', because: 'MD-EDGE-001 failed on this hop' },
} as const satisfies Record<string, Verdict>;

export function result(
  id: CheckResult['id'],
  verdict: Verdict,
  more: Partial<CheckResult> = {},
): CheckResult {
  const rest = { title: `${id} holds`, hop: 'client->edge', polarity: 'positive', durationMs: 41 } as const;
  return { id, verdict, ...rest, ...more };
}

export function report(checks: readonly CheckResult[], more: Partial<CheckReport> = {}): CheckReport {
  return {
    schemaVersion: '1',
    kind: 'CheckReport',
    lab: 'demo',
    startedAt: '2026-03-01T12:00:00.000Z',
    durationMs: 6204,
    interrupted: false,
    strict: false,
    firstBroken: null,
    summary: summarise(checks, more.strict),
    checks,
    ...more,
  };
}
