import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../../src/checks/catalogue.ts';
import { fail, pass, unknown } from '../../../../src/checks/check.ts';
import type { CheckId } from '../../../../src/checks/check-id.ts';
import { diagnose } from '../../../../src/checks/diagnosis/diagnose.ts';
import type { CheckResult, Verdict } from '../../../../src/checks/verdict.ts';
import { result } from '../../../support/reports.ts';

/** A verdict of a check of the catalogue, where it stands. */
function of(id: CheckId, verdict: Verdict, more: Partial<CheckResult> = {}): CheckResult {
  const check = CATALOGUE.find((one) => one.id === id);
  if (check === undefined) throw new RangeError(id);
  return result(id, verdict, { hop: check.hop, polarity: check.polarity, ...more });
}

const causesOf = (...results: readonly CheckResult[]) =>
  diagnose(results, CATALOGUE).map(({ id, explains }) => [id, explains.map((one) => one.id)]);

describe('what no read of the lab explains', () => {
  it('has the finding as its cause, and symptoms behind it follow', () => {
    expect(
      causesOf(
        of('MD-RBAC-001', fail('RBAC_LOCKED_OUT', 'alice was denied')),
        of('MD-OIDC-005', fail('OIDC_CLAIMS', 'alice has the roles guest, expected admin')),
        of('MD-CONT-002', unknown('NO_RECORD', 'nothing was recorded')),
      ),
    ).toEqual([['MD-OIDC-005:OIDC_CLAIMS', ['MD-RBAC-001', 'MD-OIDC-005', 'MD-CONT-002']]]);
  });

  it('also where the finding could not be judged', () => {
    expect(
      causesOf(
        of('MD-MESH-018', fail('MESH_CONTROL_REFUSED', 'the connection was refused')),
        of('MD-MESH-015', unknown('INTRUDER_CUT_OFF', 'the non-mesh client reaches no port')),
      ),
    ).toEqual([['MD-MESH-015:INTRUDER_CUT_OFF', ['MD-MESH-018', 'MD-MESH-015']]]);
  });

  it('has a cause for each forgery that was accepted: no link is broken there', () => {
    expect(
      causesOf(
        of('MD-OIDC-007', fail('OIDC_CODE_TAKEN', 'a code without PKCE was taken')),
        of('MD-OIDC-008', fail('OIDC_REDIRECT_TAKEN', 'another path was taken')),
      ).length,
    ).toBe(2);
  });

  it('is one cause for evidence that nobody had, whatever check lacks it', () => {
    const missing = unknown('EVIDENCE_MISSING', 'no evidence: tokens: the login of bob was refused');
    const results = [of('MD-JWT-001', missing), of('MD-OIDC-005', missing), of('MD-WRK-001', missing)];
    expect(causesOf(...results)).toHaveLength(1);
  });

  it('is not remedied by `up` where everything is as planned', () => {
    const found = of('MD-OIDC-006', fail('OIDC_REFRESH_STAYS', 'a used refresh token is valid'));
    const remediesWith = (...others: readonly CheckResult[]) =>
      diagnose([found, ...others], CATALOGUE)[0]?.remedies;
    expect(remediesWith(of('MD-DRIFT-001', pass()))).toEqual(['meshdev explain MD-OIDC-006']);
    expect(remediesWith()).toEqual(['meshdev up']);
  });
});

it('a run that was stopped before it judged has no causes of that', () => {
  expect(causesOf(of('MD-JWT-001', unknown('INTERRUPTED', 'stopped')))).toEqual([]);
});
