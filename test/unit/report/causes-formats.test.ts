import { describe, expect, it } from 'vitest';
import { checkGithub, checkSummary } from '../../../src/report/check-github.ts';
import { checkHtml } from '../../../src/report/check-html.ts';
import { checkJson } from '../../../src/report/check-json.ts';
import { checkJunit } from '../../../src/report/check-junit.ts';
import { checkTap } from '../../../src/report/check-tap.ts';
import { checkDocument } from '../../../src/report/check-schema.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { cause } from '../../support/causes.ts';
import { report, result, VERDICTS } from '../../support/reports.ts';
import { everyElement, parseXml } from '../../support/strict-xml.ts';
import { readTap } from '../../support/tap.ts';

const TITLE = 'RequestAuthentication istio-ingress/x was not created by meshdev';
const RUN = 'meshdev kubectl delete requestauthentication -n istio-ingress x';
const foreign = cause('MD-DRIFT-004:RequestAuthentication/istio-ingress/x', {
  title: TITLE,
  object: 'RequestAuthentication istio-ingress/x',
  remedies: [RUN],
  explains: [
    { id: 'MD-DRIFT-004' },
    { id: 'MD-JWT-001' },
    { id: 'MD-JWT-010', case: 'alg-none', service: 'orders' },
  ],
});
const harmless = cause('MD-CONT-009:CONT_LATENCY', { verdict: 'warn', title: 'times differ', remedies: [] });
const given = report([result('MD-JWT-001', VERDICTS.fail), result('MD-CONT-009', VERDICTS.warn)], {
  causes: [foreign, harmless],
});

describe('every format begins with the causes', () => {
  it('JSON, with the verdicts that each explains', () => {
    const document = checkJson(given);
    expect(checkDocument.parse(document).causes[0]).toMatchObject({
      id: foreign.id,
      object: foreign.object,
      explains: [
        { id: 'MD-DRIFT-004', case: null },
        { id: 'MD-JWT-001', case: null },
        { id: 'MD-JWT-010', case: 'alg-none', service: 'orders' },
      ],
    });
    expect(checkDocument.parse(checkJson(report([result('MD-JWT-001', VERDICTS.pass)]))).causes).toEqual([]);
  });

  it('JUnit, as a suite of its own whose cases count', () => {
    const root = parseXml(checkJunit(given));
    expect(root.attributes).toMatchObject({ tests: '4', failures: '2', errors: '0' });
    const [suite] = root.children;
    expect(suite?.attributes).toMatchObject({ name: 'causes', tests: '2', failures: '1', skipped: '0' });
    const failure = everyElement(root).find(({ name }) => name === 'failure');
    expect(failure?.attributes).toEqual({ type: 'CAUSE', message: TITLE });
    expect(failure?.text).toContain(`run: ${RUN}\n2 verdicts follow from it`);
    expect(parseXml(checkJunit({ ...given, strict: true })).children[0]?.attributes).toMatchObject({
      failures: '2',
    });
  });

  it('GitHub, as the first annotations and above the table of the summary', () => {
    const [first, second] = checkGithub(given).split('\n');
    expect(first).toMatch(/^::error title=cause%3A MD-DRIFT-004 RequestAuthentication/);
    expect(first).toContain(RUN);
    expect(second).toMatch(/^::warning title=cause%3A MD-CONT-009 times differ/);
    const summary = checkSummary(given);
    expect(summary.indexOf(RUN)).toBeGreaterThan(0);
    expect(summary.indexOf(RUN)).toBeLessThan(summary.indexOf('| hop |'));
  });

  it('TAP, as comments that change no test point', () => {
    const text = checkTap(given);
    expect(text.split('\n')[2]).toBe(`# cause: MD-DRIFT-004 ${TITLE}`);
    const without = readTap(checkTap({ ...given, causes: [] }));
    expect(readTap(text).points.length).toBe(without.points.length);
  });

  it('HTML, before the picture, and nothing from the wire becomes markup', () => {
    const lab = createLab(DEFAULT_CHOICE);
    const page = checkHtml({ ...given, causes: [{ ...foreign, seen: '<script>x</script>' }] }, lab);
    expect(page.indexOf(TITLE)).toBeLessThan(page.indexOf('<svg'));
    expect(page).toContain('&lt;script&gt;x');
    expect(page).not.toContain('<script>');
  });
});
