import { describe, expect, it } from 'vitest';
import { fail, pass, skip, unknown, warn } from '../../../src/checks/check.ts';
import { withForeignRemedies } from '../../../src/checks/foreign-remedies.ts';
import type { CheckResult } from '../../../src/checks/verdict.ts';
import { result } from '../../support/reports.ts';

const DELETE = 'kubectl delete virtualservice -n apps x';
const foreign = result('MD-DRIFT-004', warn('DRIFT_FOREIGN_OBJECT', 'not created by meshdev', [DELETE]), {
  hop: 'lab',
});
const asMade = result('MD-DRIFT-001', pass(), { hop: 'lab' });
const changed = result('MD-DRIFT-001', fail('DRIFT_OBJECTS', 'a policy'), { hop: 'lab' });
const red = result('MD-GW-001', fail('GW_SECRET_WARMING', 'x'), { hop: 'edge->gateway' });

const remediesOf = (results: readonly CheckResult[]) =>
  withForeignRemedies(results).flatMap(({ id, verdict }) =>
    id === 'MD-GW-001' && 'remedies' in verdict ? verdict.remedies : [],
  );

describe('the remedy beside foreign objects', () => {
  it('is to remove them where up would find nothing to do', () => {
    expect(remediesOf([red, foreign, asMade])).toEqual([DELETE]);
    expect(remediesOf([{ ...red, verdict: unknown('NO_RECORD', 'x') }, foreign, asMade])).toEqual([DELETE]);
  });

  it('is the same where what was read of the lab is skipped behind a broken link', () => {
    const skipped = { ...asMade, verdict: skip('MD-WRK-001 failed on this hop') };
    expect(remediesOf([red, foreign, skipped])).toEqual([DELETE]);
  });

  it.each<[string, readonly CheckResult[]]>([
    ['something of the lab is not as it was made', [red, foreign, changed]],
    ['nothing is foreign', [red, result('MD-DRIFT-004', pass(), { hop: 'lab' }), asMade]],
    ['neither was asked', [red]],
    ['objects of the cluster do not decide there', [{ ...red, hop: 'client->edge' }, foreign, asMade]],
  ])('stays where %s', (_, results) => {
    expect(remediesOf(results)).toContain('meshdev up');
  });

  it('stays where the check has one of its own', () => {
    const own = { ...red, verdict: fail('GW_SECRET_WARMING', 'x', ['docker logs edge']) };
    expect(remediesOf([own, foreign, asMade])).toEqual(['docker logs edge']);
  });
});
