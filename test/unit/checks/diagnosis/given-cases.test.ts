import { describe, expect, it } from 'vitest';
import type { CheckReport } from '../../../../src/checks/verdict.ts';
import { checkText } from '../../../../src/report/check-text.ts';
import { policyMissing, tokenConsumed } from '../../../support/break-chain.ts';
import type { Break } from '../../../support/break-evidence.ts';
import { judge } from '../expected.ts';
import { healthy, lab } from '../fault-table.ts';

const TAKER = 'RequestAuthentication istio-ingress/takes-tokens';
const GONE = 'AuthorizationPolicy apps/httpbin-admin';

async function broken(change: Break): Promise<CheckReport> {
  return judge(lab, change(healthy));
}

const plain = (report: CheckReport): readonly string[] =>
  checkText(report, lab, { colour: false, all: false }).split('\n');

describe('a foreign RequestAuthentication that takes the token off at the gateway', async () => {
  const report = await broken(tokenConsumed(TAKER));

  it('breaks hundreds of verdicts', () => {
    expect(report.summary.fail + report.summary.unknown).toBeGreaterThan(700);
  });

  it('is named by MD-DRIFT-004 also when the chain is broken', () => {
    const drift = report.checks.find(({ id }) => id === 'MD-DRIFT-004');
    expect(drift?.verdict).toMatchObject({ kind: 'fail', code: 'DRIFT_FOREIGN_OBJECT' });
  });

  it('is the one cause of all of them, with the command that removes it', () => {
    expect(report.causes).toHaveLength(1);
    expect(report.causes?.[0]).toMatchObject({
      id: 'MD-DRIFT-004:RequestAuthentication/istio-ingress/takes-tokens',
      title: `${TAKER} was not created by meshdev`,
      object: TAKER,
      seen: 'takes tokens at the gateway',
      since: '2026-03-01T10:00:00Z',
      lasting: true,
      remedies: ['meshdev kubectl delete requestauthentication -n istio-ingress takes-tokens'],
      effect: expect.stringContaining('valid requests do not pass'),
    });
    const { warn, fail, unknown } = report.summary;
    expect(report.causes?.[0]?.explains).toHaveLength(warn + fail + unknown);
  });

  it('is named within fifteen of at most sixty lines', () => {
    const lines = plain(report);
    expect(lines.length).toBeLessThanOrEqual(60);
    expect(lines.slice(0, 15).join('\n')).toContain(TAKER);
    expect(lines.join('\n')).not.toContain('run    meshdev up');
  });
});

describe('a policy of the lab that was deleted', async () => {
  const report = await broken(policyMissing(GONE, (uri) => uri.startsWith('/anything/admin')));

  it('is the first thing said', () => {
    expect(report.causes).toHaveLength(1);
    expect(report.causes?.[0]).toMatchObject({
      title: `${GONE} is missing`,
      object: GONE,
      remedies: ['meshdev up'],
    });
    const lines = plain(report);
    expect(lines.length).toBeLessThanOrEqual(60);
    expect(lines.slice(0, 5).join('\n')).toContain(`${GONE} is missing`);
  });
});
