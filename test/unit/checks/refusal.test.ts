import { describe, expect, it } from 'vitest';
import { eachCase, fail, pass } from '../../../src/checks/check.ts';
import { wireSeen } from '../../../src/checks/describe.ts';
import { REASONS } from '../../../src/checks/reasons.ts';
import { refusedWithAlert, refusedWithoutData } from '../../../src/checks/refusal.ts';
import { meetsFloor } from '../../../src/checks/tls-version.ts';
import { data, ended } from '../../support/wires.ts';

const ENDINGS = ['alert', 'reset', 'closed', 'timeout', 'refused', 'unreachable'] as const;

describe('refusedWithoutData', () => {
  it.each([
    ['data', 'fail'],
    ['alert', 'pass'],
    ['reset', 'pass'],
    ['closed', 'pass'],
    ['timeout', 'unknown'],
    ['refused', 'unknown'],
    ['unreachable', 'unknown'],
  ] as const)('judges %s as %s', (how, kind) => {
    const wire = how === 'data' ? data() : ended(how);
    expect(refusedWithoutData(wire, 'plaintext', 'MESH_NOT_STRICT').kind).toBe(kind);
  });
});

describe('refusedWithAlert', () => {
  it.each([
    ['data', 'fail'],
    ['alert', 'fail'],
    ['reset', 'fail'],
    ['closed', 'fail'],
    ['timeout', 'unknown'],
    ['refused', 'unknown'],
    ['unreachable', 'unknown'],
  ] as const)('judges %s as %s when another alert was wanted', (how, kind) => {
    const wire = how === 'data' ? data() : ended(how, 'internal_error');
    expect(refusedWithAlert(wire, ['unknown_ca'], 'a stranger', 'EGW_CA_TOO_WIDE').kind).toBe(kind);
  });

  it('passes for the very alert, and not for one without a name', () => {
    const judge = (alert?: string) =>
      refusedWithAlert(ended('alert', alert), ['unknown_ca'], 'a stranger', 'EGW_CA_TOO_WIDE').kind;
    expect([judge('unknown_ca'), judge(undefined), judge('')]).toEqual(['pass', 'fail', 'fail']);
  });

  it('does not take a server that answered before it looked at the certificate for one that refused', () => {
    const accepted = data({ alert: 'unknown_ca' });
    expect(refusedWithAlert(accepted, ['unknown_ca'], 'a stranger', 'EGW_CA_TOO_WIDE').kind).toBe('fail');
  });
});

describe('eachCase', () => {
  it('tells two of one name apart, in their order', () => {
    const entries = ['httpbin', 'gateway', 'httpbin'].map((id) => [id, pass()] as const);
    expect(eachCase(entries)).toMatchObject({
      cases: [{ id: 'httpbin' }, { id: 'gateway' }, { id: 'httpbin-2' }],
    });
  });

  it('keeps one verdict for each case, in order', () => {
    const bad = fail('EDGE_ALPN', 'no h2');
    expect(
      eachCase([
        ['a', pass()],
        ['b', bad],
      ]),
    ).toEqual({
      kind: 'cases',
      cases: [
        { id: 'a', verdict: pass() },
        { id: 'b', verdict: bad },
      ],
    });
  });

  it('is not green without a case', () => {
    expect(eachCase([])).toMatchObject({ kind: 'unknown', code: 'NO_CASES' });
  });
});

describe('meetsFloor', () => {
  it.each([
    ['TLSv1.3', true],
    ['TLSv1.2', false],
    ['TLSv1', false],
    ['TLSv1.4', false],
    ['tlsv1.3', false],
    ['', false],
    [undefined, false],
  ])('of TLS 1.3: %s is %s', (version, met) => {
    expect(meetsFloor(version, 'TLSv1.3')).toBe(met);
  });
});

describe('words', () => {
  it('tell every ending apart', () => {
    const phrases = [data(), ...ENDINGS.map((how) => ended(how))].map(wireSeen);
    expect(new Set(phrases).size).toBe(phrases.length);
  });

  it('explain every reason, each in its own way', () => {
    for (const [code, title] of Object.entries(REASONS)) {
      expect(code).toMatch(/^[A-Z][A-Z0-9_]+$/);
      expect(title).toMatch(/^\S.*[^.\s]$/);
    }
  });
});
