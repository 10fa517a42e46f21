import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { fail, unknown } from '../../../src/checks/check.ts';
import { summarise } from '../../../src/checks/verdict.ts';
import { checkText } from '../../../src/report/check-text.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { cause } from '../../support/causes.ts';
import { report, result, VERDICTS } from '../../support/reports.ts';

const lab = createLab(DEFAULT_CHOICE);
const plain = { colour: false, all: false };

describe('checkText', () => {
  it('shows what is not green with its reason and remedy, and one line for the green of each hop', () => {
    const given = report([
      result('MD-EDGE-001', VERDICTS.pass),
      result('MD-EDGE-008', VERDICTS.pass, { polarity: 'negative' }),
      result('MD-EGW-011', VERDICTS.fail, { hop: 'edge->gateway' }),
      result('MD-EDGE-003', VERDICTS.skip),
    ]);
    expect(checkText(given, lab, plain)).toBe(
      [
        'meshdev check   lab demo   context kind-meshdev-demo   2026-03-01T12:00:00.000Z',
        '',
        'client -> edge   TLS · httpbin.mesh.localhost',
        '  skip     MD-EDGE-003  MD-EDGE-003 holds',
        '             because MD-EDGE-001 failed on this hop',
        '  ok       1 verified, 1 forgeries refused',
        'edge -> gateway   mutual TLS · edge.mesh.localhost <-> gateway.mesh.localhost',
        '  FAIL     MD-EGW-011  MD-EGW-011 holds',
        '             EGW_IDENTITY_NOT_CHECKED  the gateway answered <a "client"> & more',
        '             run    meshdev up',
        '             run    meshdev check',
        '4 checks (1 negative), 4 verdicts (1 negative): 2 pass, 0 warn, 1 fail, 0 unknown, 1 skip   6.2 s   exit 1',
      ].join('\n'),
    );
  });

  it('says UNKNOWN of what was not seen, in a column with the other marks', () => {
    const given = report([
      result('MD-EDGE-001', VERDICTS.unknown),
      result('MD-EDGE-003', VERDICTS.fail),
      result('MD-EDGE-004', unknown('BEHIND_BROKEN_LINK', 'behind it')),
    ]);
    const text = checkText(given, lab, plain);
    expect(text).toContain('\n  UNKNOWN  MD-EDGE-001  MD-EDGE-001 holds\n');
    expect(text).toContain('\n  FAIL     MD-EDGE-003  MD-EDGE-003 holds\n');
    expect(text).toContain('\n  UNKNOWN  1 could not be observed behind the broken link\n');
  });

  it('counts the requests that were sent a second time', () => {
    const given = report([result('MD-EDGE-001', VERDICTS.pass)], {
      askedAgain: [{ request: 'eve-read', lacked: 'sidecar' }],
    });
    expect(checkText(given, lab, plain)).toContain('0 skip, 1 sent again   6.2 s');
  });

  it('says once why several cases of a check are left out, and lists all of them when asked to', () => {
    const skipped = ['a', 'b'].map((id) => result('MD-EDGE-003', VERDICTS.skip, { case: id }));
    const given = report([...skipped, result('MD-EDGE-001', VERDICTS.pass)]);
    expect(checkText(given, lab, plain)).toContain('skip     MD-EDGE-003  MD-EDGE-003 holds   [a, b]\n');
    expect(checkText(given, lab, { ...plain, all: true }).match(/skip {5}MD-EDGE-003/g)).toHaveLength(2);
  });

  it('shows green checks with their proof when asked to', () => {
    const text = checkText(report([result('MD-EDGE-001', VERDICTS.pass)]), lab, { ...plain, all: true });
    expect(text).toContain('ok       MD-EDGE-001  MD-EDGE-001 holds\n             TLSv1.3, as wanted');
  });

  it('has colours only when asked to, and the same words with them', () => {
    const given = report([result('MD-EDGE-001', VERDICTS.fail)]);
    const [bare, coloured] = [plain, { ...plain, colour: true }].map((options) =>
      checkText(given, lab, options),
    );
    expect(coloured).not.toBe(bare);
    expect(stripVTControlCharacters(coloured ?? '')).toBe(bare);
  });

  it('does not let a party on the wire steer the terminal', () => {
    const evil = fail('EDGE_ALPN', 'seen \u001B[2J\r\nMD-EDGE-001 ok\u009B31m', ['meshdev up\u0007']);
    const text = checkText(report([result('MD-EDGE-001', evil)]), lab, plain);
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(text).toContain('seen  [2J MD-EDGE-001 ok 31m');
  });

  it('is a few lines with the code of the signal when it was interrupted', () => {
    const stopped = unknown('INTERRUPTED', 'the check was interrupted before this was judged');
    const checks = [
      ...Array.from({ length: 200 }, (_, at) => result(`MD-JWT-${at}`, stopped)),
      ...Array.from({ length: 9 }, (_, at) => result(`MD-EDGE-${at}`, VERDICTS.fail)),
      result('MD-NAME-001', VERDICTS.pass),
    ];
    const given = report(checks, { interrupted: true, summary: summarise(checks, false, 130) });
    for (const quiet of [false, true]) {
      const lines = checkText(given, lab, { ...plain, quiet }).split('\n');
      expect(lines.length).toBeLessThan(15);
      expect(lines.filter((line) => line.startsWith('  FAIL'))).toHaveLength(3);
      expect(lines).toContain('  6 more failed');
      expect(lines.at(-1)).toBe('interrupted after 6.2 s: 10 of 210 checks were judged, 9 fail   exit 130');
    }
  });
});

describe('the causes', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, at) => result('MD-EDGE-001', VERDICTS.fail, { case: `n${at}` }));
  const gone = cause('MD-DRIFT-001:AuthorizationPolicy/apps/x', {
    title: 'AuthorizationPolicy apps/x is missing',
    since: '2026-03-01T11:00:00Z',
    explains: Array.from({ length: 1234 }, () => ({ id: 'MD-EDGE-001' as const })),
  });
  const linesOf = (checks: Parameters<typeof report>[0], causes = [gone], more = {}) =>
    checkText(report(checks, { causes }), lab, { ...plain, ...more }).split('\n');

  it('stand first, with what repairs them and how many verdicts follow', () => {
    expect(linesOf(many(1)).slice(0, 8)).toEqual([
      'meshdev check   lab demo   context kind-meshdev-demo   2026-03-01T12:00:00.000Z',
      '',
      '  CAUSE    MD-DRIFT-001  AuthorizationPolicy apps/x is missing',
      '             since  2026-03-01T11:00:00Z',
      '             means  valid requests do not pass',
      '             run    meshdev up',
      '             1,234 verdicts follow from it (-v lists them)',
      '',
    ]);
  });

  it('leave few verdicts as they are, and fold many by check', () => {
    expect(linesOf(many(3)).filter((line) => line.includes('MD-EDGE-001'))).toHaveLength(3);
    const folded = linesOf(many(30));
    expect(folded).toContain('  FAIL     MD-EDGE-001  MD-EDGE-001 holds   (30 verdicts)');
    expect(folded.length).toBeLessThan(20);
    expect(linesOf(many(30), [gone], { all: true }).length).toBeGreaterThan(60);
  });

  it('leave counts of each hop where there are too many checks for a screen', () => {
    const checks = Array.from({ length: 80 }, (_, at) =>
      result(`MD-EDGE-${String(at).padStart(3, '0')}`, VERDICTS.fail),
    );
    const lines = linesOf(checks);
    expect(lines).toContain('  FAIL     80 of MD-EDGE-000, MD-EDGE-001, MD-EDGE-002 and 77 more');
    expect(lines.length).toBeLessThanOrEqual(60);
    expect(linesOf(checks, [gone], { quiet: true }).length).toBeLessThanOrEqual(60);
  });

  it('are told in full only as far as people read, and never left out silently', () => {
    const causes = Array.from({ length: 12 }, (_, at) => cause(`MD-EDGE-001:c${at}`));
    const lines = linesOf(many(1), causes);
    expect(lines.filter((line) => line.includes('CAUSE'))).toHaveLength(8);
    expect(lines.filter((line) => line.includes('means'))).toHaveLength(4);
    expect(lines).toContain('  4 more causes (-v lists them)');
    expect(linesOf(many(1), causes, { all: true }).filter((line) => line.includes('means'))).toHaveLength(12);
  });
});
