import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../src/checks/catalogue.ts';
import { fail } from '../../../src/checks/check.ts';
import { checkHtml } from '../../../src/report/check-html.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { healthyEvidence } from '../../support/healthy-evidence.ts';
import { makeMaterial } from '../../support/healthy-material.ts';
import { report, result, VERDICTS } from '../../support/reports.ts';
import { judge } from '../checks/expected.ts';

const lab = createLab(DEFAULT_CHOICE);
const healthy = healthyEvidence(lab, await makeMaterial(lab));

describe('checkHtml', () => {
  it('shows every hop with what was seen on it, and every check', async () => {
    const page = checkHtml(await judge(lab, healthy), lab);
    for (const { id } of CATALOGUE) expect(page).toContain(id);
    for (const { id } of lab.hops) expect(page).toContain(id.replace('->', ' → '));
    expect(page).toContain('spiffe://cluster.local/ns/istio-ingress/sa/gateway');
    expect(page).toContain('TLSv1.3, minimum TLSv1.3');
    expect(page).toMatch(/server sha256:[0-9a-f]{64}/);
    expect(page).toContain('The trust chain is verified.');
  });

  it('needs nothing from elsewhere and runs nothing', async () => {
    const page = checkHtml(await judge(lab, healthy), lab);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\ssrc=|\shref=|\son\w+=|@import|url\(/i);
    expect(page).toContain("default-src 'none'");
  });

  it('opens what is not green and says that a run was cut short', () => {
    const page = checkHtml(report([result('MD-EDGE-001', VERDICTS.fail)], { interrupted: true }), lab);
    expect(page).toContain('<details class="fail" open>');
    expect(page).toContain('The run was interrupted');
    expect(page).toContain('A link of the trust chain is broken.');
  });

  it('makes no tag of what a party on the wire sent', () => {
    const tags = (page: string): number => page.split('<').length;
    const make = (wire: string): string => {
      const red = result('MD-EDGE-001', fail('EDGE_ALPN', wire, [wire]), { title: wire, case: wire });
      return checkHtml(report([red], { lab: wire }), lab);
    };
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom(
        '<script>alert(1)</script>',
        '"><img src=x onerror=1>',
        '</style><b>',
        "' onclick='",
        '&lt;b&gt;',
      ),
    );
    const calm = tags(make('calm'));
    fc.assert(
      fc.property(hostile, (wire) => {
        expect(tags(make(wire))).toBe(calm);
      }),
    );
  }, 30_000);
});
