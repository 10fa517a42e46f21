import { describe, expect, it } from 'vitest';
import { fail, pass, skip, unknown } from '../../../src/checks/check.ts';
import type { ReasonCode } from '../../../src/checks/reasons.ts';
import type { CheckResult, Verdict } from '../../../src/checks/verdict.ts';
import {
  isAsNamed,
  judgeReport,
  type Judgement,
  mayTurnOf,
  type Named,
} from '../../fault-injection/support/judge-faults.ts';
import { isLasting, transientIn } from '../../fault-injection/support/settle.ts';
import { report, result } from '../../support/reports.ts';

const NOTHING_SKIPPED: ReadonlySet<string> = new Set();
const OPEN = fail('MESH_NOT_STRICT', 'plaintext was answered');
const NAMED: Named = { turns: { 'MD-MESH-005[httpbin]': 'fail MESH_NOT_STRICT' } };

const mesh = (one: string, verdict: Verdict): CheckResult => result('MD-MESH-005', verdict, { case: one });
const beside = (verdict: Verdict): CheckResult => result('MD-WRK-001', verdict);
const notSeen = (code: ReasonCode): Verdict => unknown(code, 'not seen');

function judged(checks: readonly CheckResult[], named: Named = NAMED, skipped = NOTHING_SKIPPED): Judgement {
  return judgeReport(report(checks), named, skipped);
}

/** What is named has turned, and this one beside it. */
const with_ = (verdict: Verdict): readonly CheckResult[] => [
  mesh('httpbin', OPEN),
  mesh('ledger', pass()),
  beside(verdict),
];

describe('a reason', () => {
  it.each([
    [['plaintext', 'was answered'], []],
    [['for every account'], ['MD-MESH-005 does not say “for every account”']],
  ])('has the words that a module names', (words, missing) => {
    expect(judged(with_(pass()), { ...NAMED, says: { 'MD-MESH-005': words } }).missing).toEqual(missing);
  });
});

describe('a report that says exactly what is named', () => {
  it.each([
    ['nothing else', pass()],
    ['a refusal without a green control', notSeen('CONTROL_NOT_GREEN')],
    ['what stands behind the broken link', notSeen('BEHIND_BROKEN_LINK')],
    ['what is skipped because a link on its hop is broken', skip('MD-EDGE-001 failed on this hop')],
  ])('beside %s', (_beside, verdict) => {
    expect(isAsNamed(judged(with_(verdict)))).toBe(true);
  });

  it('may skip what a healthy lab skips', () => {
    const checks = with_(skip('packet capture was not requested'));
    expect(judged(checks, NAMED, new Set(['MD-WRK-001'])).surplus).toEqual([]);
    expect(judged(checks).surplus).toEqual(['MD-WRK-001 skip (packet capture was not requested)']);
  });
});

describe('surplus', () => {
  it.each([
    ['fails', fail('WRK_CHAIN_BROKEN', 'no'), 'MD-WRK-001 fail WRK_CHAIN_BROKEN (no)'],
    ['is unknown for a reason of its own', notSeen('NO_RECORD'), 'MD-WRK-001 unknown NO_RECORD (not seen)'],
    ['could not be seen', notSeen('EVIDENCE_MISSING'), 'MD-WRK-001 unknown EVIDENCE_MISSING (not seen)'],
    [
      'warns',
      { kind: 'warn', code: 'EDGE_ALPN', message: 'late', remedies: [] },
      'MD-WRK-001 warn EDGE_ALPN (late)',
    ],
  ] as const)('is a verdict beside the named ones that %s', (_how, verdict, line) => {
    expect(judged(with_(verdict))).toMatchObject({ missing: [], surplus: [line] });
  });

  it('is another case of the check that is named', () => {
    const checks = [mesh('httpbin', OPEN), mesh('ledger', OPEN)];
    expect(judged(checks).surplus).toEqual([
      'MD-MESH-005[ledger] fail MESH_NOT_STRICT (plaintext was answered)',
    ]);
  });

  it('is the named case for another reason, which is missing then as well', () => {
    const other = judged([mesh('httpbin', fail('NOT_THE_APP', 'somebody')), mesh('ledger', pass())]);
    expect(other.surplus).toEqual(['MD-MESH-005[httpbin] fail NOT_THE_APP (somebody)']);
    expect(other.missing).toEqual([
      'MD-MESH-005[httpbin] is not fail MESH_NOT_STRICT: MD-MESH-005[httpbin] fail NOT_THE_APP (somebody)',
    ]);
  });

  it('is not what may turn, which is counted', () => {
    const named: Named = { ...NAMED, mayTurn: ['MD-WRK-001', 'MD-RBAC-001[alice-read]'], logsTokens: true };
    const seen = judged(with_(fail('WRK_CHAIN_BROKEN', 'no')), named);
    expect(seen).toMatchObject({ surplus: [], mayTurnSeen: ['MD-WRK-001'] });
    expect(mayTurnOf(named)).toEqual(['MD-WRK-001', 'MD-RBAC-001[alice-read]', 'MD-EXPO-010']);
  });
});

describe('a name', () => {
  const cases = (...kinds: readonly Verdict[]): readonly CheckResult[] =>
    kinds.map((verdict, at) => mesh(`caller-${at}`, verdict));
  const wanting = (name: string): Named => ({ turns: { [name]: 'fail MESH_NOT_STRICT' } });

  it('that is an id alone wants one case, and means all', () => {
    expect(judged(cases(OPEN, pass(), OPEN), wanting('MD-MESH-005'))).toMatchObject({
      missing: [],
      surplus: [],
    });
    expect(judged(cases(pass(), pass()), wanting('MD-MESH-005')).missing).toEqual([
      'MD-MESH-005 is not fail MESH_NOT_STRICT: 2 green',
    ]);
  });

  it('with a pattern wants every case that it means, consequences apart', () => {
    const named = wanting('MD-MESH-005[caller-*]');
    expect(judged(cases(OPEN, OPEN), named)).toMatchObject({ missing: [], surplus: [] });
    expect(judged(cases(OPEN, notSeen('CONTROL_NOT_GREEN')), named).missing).toEqual([]);
    expect(judged(cases(OPEN, pass()), named).missing).toEqual([
      'MD-MESH-005[caller-*] is not fail MESH_NOT_STRICT: 1 green',
    ]);
  });

  it('means its own characters and no others', () => {
    const checks = [mesh('a.b', OPEN), mesh('axb', OPEN)];
    expect(judged(checks, wanting('MD-MESH-005[a.b]')).surplus).toHaveLength(1);
  });

  it('of what was not judged at all is missing', () => {
    expect(judged([beside(pass())]).missing).toEqual([
      'MD-MESH-005[httpbin] is not fail MESH_NOT_STRICT: there is no such verdict',
    ]);
  });
});

describe('settled', () => {
  const lateWords = judged([
    mesh('httpbin', fail('MESH_NOT_STRICT', 'at 12:01')),
    beside(notSeen('NO_RECORD')),
  ]);
  const words = judged([mesh('httpbin', fail('MESH_NOT_STRICT', 'at 12:02')), beside(notSeen('NO_RECORD'))]);
  const clean = judged(with_(pass()));
  const notYet = judged([mesh('httpbin', pass()), beside(pass())]);

  it('is a surplus that the report before had too, whatever its words', () => {
    expect(isLasting(words, lateWords)).toBe(true);
    expect(isLasting(words, undefined)).toBe(false);
    expect(isLasting(words, clean)).toBe(false);
  });

  it('is nothing in which what is named has not turned yet', () => {
    expect(isLasting(notYet, notYet)).toBe(false);
  });

  it('tells what turned for a moment apart', () => {
    expect(transientIn([notYet, words], clean)).toEqual(['MD-WRK-001 unknown NO_RECORD']);
    expect(transientIn([lateWords], words)).toEqual([]);
  });
});

describe('a service in a name', () => {
  const wrong = fail('RBAC_TOO_WIDE', 'admitted');
  const of = (service: string, verdict: Verdict, one = 'a'): CheckResult => ({
    ...result('MD-RBAC-002', verdict, { case: one }),
    service,
  });
  const named: Named = { turns: { 'MD-RBAC-002[orders/a]': 'fail RBAC_TOO_WIDE' } };

  it('means that service alone', () => {
    expect(isAsNamed(judged([of('orders', wrong), of('stock', pass())], named))).toBe(true);
    const other = judged([of('orders', pass()), of('stock', wrong)], named);
    expect(other.surplus).toEqual(['MD-RBAC-002[stock/a] fail RBAC_TOO_WIDE (admitted)']);
    expect(other.missing).toEqual(['MD-RBAC-002[orders/a] is not fail RBAC_TOO_WIDE: 1 green']);
  });

  it('is not meant by an id alone, nor by a case alone', () => {
    for (const name of ['MD-RBAC-002', 'MD-RBAC-002[a]'])
      expect(judged([of('orders', wrong)], { turns: { [name]: 'fail RBAC_TOO_WIDE' } }).surplus).toHaveLength(
        1,
      );
  });
});
