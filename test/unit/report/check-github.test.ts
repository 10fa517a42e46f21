import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fail, unknown } from '../../../src/checks/check.ts';
import { summarise } from '../../../src/checks/verdict.ts';
import { checkGithub, checkSummary } from '../../../src/report/check-github.ts';
import { report, result, VERDICTS } from '../../support/reports.ts';

/** As the runner reads a workflow command. */
function commands(text: string): readonly { level: string; title: string; message: string }[] {
  return text.split(/\r\n|\r|\n/).flatMap((line) => {
    const [, level, properties, data] = /^\s*::(\w+) ?([^:]*)::(.*)$/.exec(line) ?? [];
    if (level === undefined || properties === undefined || data === undefined) return [];
    const title = properties
      .replace(/^title=/, '')
      .replaceAll('%3A', ':')
      .replaceAll('%2C', ',');
    return [{ level, title: plain(title), message: plain(data) }];
  });
}

function plain(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}

describe('checkGithub', () => {
  it('annotates what is not green and nothing else', () => {
    const given = report([
      result('MD-EDGE-001', VERDICTS.pass),
      result('MD-EGW-011', VERDICTS.fail, { title: 'a, b: c', case: 'x' }),
      result('MD-EDGE-003', VERDICTS.skip),
      result('MD-EDGE-007', VERDICTS.warn),
      result('MD-EDGE-008', VERDICTS.unknown),
    ]);
    expect(commands(checkGithub(given))).toEqual([
      {
        level: 'error',
        title: 'MD-EGW-011[x] a, b: c',
        message:
          'EGW_IDENTITY_NOT_CHECKED the gateway answered <a "client"> & more\nrun: meshdev up\nrun: meshdev check',
      },
      expect.objectContaining({ level: 'warning', title: 'MD-EDGE-007 MD-EDGE-007 holds' }),
      expect.objectContaining({ level: 'error', title: 'MD-EDGE-008 MD-EDGE-008 holds' }),
    ]);
  });

  it('lets no text of the wire become a command of its own', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom('\n::set-output name=x::y', '%0A::error::z', '\r::stop-commands::t', 'a,b:c::d'),
    );
    fc.assert(
      fc.property(hostile, (wire) => {
        const red = result('MD-EDGE-001', fail('EDGE_ALPN', wire, []), { title: wire });
        const found = commands(checkGithub(report([red])));
        expect(found).toEqual([
          { level: 'error', title: `MD-EDGE-001 ${wire}`, message: `EDGE_ALPN ${wire}` },
        ]);
      }),
    );
  }, 30_000);
});

describe('a run that was interrupted', () => {
  const stopped = unknown('INTERRUPTED', 'the check was interrupted before this was judged');
  const checks = [
    ...Array.from({ length: 200 }, (_, at) => result(`MD-JWT-${at}`, stopped)),
    result('MD-EDGE-001', VERDICTS.fail),
  ];
  const given = report(checks, { interrupted: true, summary: summarise(checks, false, 143) });

  it('is one annotation, beside what was found, and says the code of the signal', () => {
    const lines = checkGithub(given).trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines.at(-1)).toMatch(/exit 143 {3}interrupted$/);
    expect(checkSummary(given).match(/INTERRUPTED/g)).toHaveLength(1);
  });
});

describe('checkSummary', () => {
  it('counts by hop, then says what is not green', () => {
    const given = report([
      result('MD-EDGE-001', VERDICTS.pass),
      result('MD-EGW-011', VERDICTS.fail, { hop: 'edge->gateway' }),
    ]);
    const text = checkSummary(given);
    expect(text).toContain('| client-&gt;edge | 1 | 0 | 0 | 0 | 0 |');
    expect(text).toContain('| edge-&gt;gateway | 0 | 0 | 1 | 0 | 0 |');
    expect(text).toMatch(/\| MD-EGW-011 \| ❌ EGW&#95;IDENTITY&#95;NOT&#95;CHECKED \|/);
  });

  it('makes no markup of what a party sent', () => {
    const evil = fail('EDGE_ALPN', '<script>| [x](javascript:1)\n| row | ![i](http://x) @team', []);
    const text = checkSummary(report([result('MD-EDGE-001', evil)]));
    expect(text).not.toMatch(/<script|\]\(|@team|!\[/);
    expect(text.split('\n').filter((line) => line.startsWith('| MD-EDGE-001'))).toHaveLength(1);
  });
});
