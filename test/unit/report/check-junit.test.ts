import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../src/checks/catalogue.ts';
import { fail } from '../../../src/checks/check.ts';
import { checkJunit } from '../../../src/report/check-junit.ts';
import { report, result, VERDICTS } from '../../support/reports.ts';
import { everyElement, parseXml, type XmlElement } from '../../support/strict-xml.ts';

const cases = (document: string): readonly XmlElement[] =>
  everyElement(parseXml(document)).filter(({ name }) => name === 'testcase');

describe('checkJunit', () => {
  const mixed = report([
    result('MD-EDGE-001', VERDICTS.pass),
    result('MD-EGW-011', VERDICTS.fail, { hop: 'edge->gateway', polarity: 'negative' }),
    result('MD-EDGE-008', VERDICTS.unknown),
    result('MD-EDGE-007', VERDICTS.warn),
    result('MD-EDGE-003', VERDICTS.skip),
  ]);

  it('holds every check once, in one suite per category, with its hop as class', () => {
    const root = parseXml(checkJunit(mixed));
    expect(root.name).toBe('testsuites');
    expect(root.children.map(({ attributes }) => attributes['name'])).toEqual(['EDGE', 'EGW']);
    const names = cases(checkJunit(mixed)).map(({ attributes }) => String(attributes['name']));
    expect(names.toSorted()).toEqual(mixed.checks.map(({ id, title }) => `${id} ${title}`).toSorted());
    expect(cases(checkJunit(mixed)).map(({ attributes }) => attributes['classname'])).toContain(
      'meshdev.edge->gateway',
    );
  });

  it('says failure, error and skipped, and nothing of the kind for what passed or only warns', () => {
    const kinds = Object.fromEntries(
      cases(checkJunit(mixed)).map(({ attributes, children }) => [
        attributes['name']?.slice(0, 11).trim(),
        children.map(({ name }) => name).join(),
      ]),
    );
    expect(kinds).toEqual({
      'MD-EDGE-001': '',
      'MD-EGW-011': 'failure',
      'MD-EDGE-008': 'error',
      'MD-EDGE-007': 'system-out',
      'MD-EDGE-003': 'skipped',
    });
  });

  it('carries code, message and remedies of a failure, whatever characters are in them', () => {
    const failure = everyElement(parseXml(checkJunit(mixed))).find(({ name }) => name === 'failure');
    expect(failure?.attributes).toEqual({
      type: 'EGW_IDENTITY_NOT_CHECKED',
      message: 'the gateway answered <a "client"> & more',
    });
    expect(failure?.text).toBe(
      'the gateway answered <a "client"> & more\nrun: meshdev up\nrun: meshdev check',
    );
  });

  it('counts what it holds, as a whole and in each suite', () => {
    const counted = everyElement(parseXml(checkJunit(mixed))).filter(({ name }) =>
      name.startsWith('testsuite'),
    );
    for (const element of counted) {
      const inside = everyElement(element);
      const count = (name: string) => String(inside.filter((one) => one.name === name).length);
      expect(element.attributes).toMatchObject({
        tests: count('testcase'),
        failures: count('failure'),
        errors: count('error'),
        skipped: count('skipped'),
      });
    }
  });

  it('is well-formed for any text that a party on the wire may send', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const document = checkJunit(report([result('MD-EDGE-001', fail('EDGE_ALPN', text, [text]))]));
        const failure = everyElement(parseXml(document)).find(({ name }) => name === 'failure');
        const allowed = text.replaceAll(
          /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu,
          '\uFFFD',
        );
        expect(failure?.attributes['message']).toBe(allowed);
      }),
    );
  }, 30_000);

  it('holds the whole catalogue', () => {
    const all = report(CATALOGUE.map(({ id, title, hop }) => result(id, VERDICTS.pass, { title, hop })));
    expect(cases(checkJunit(all))).toHaveLength(CATALOGUE.length);
  });

  it('counts a warning as a failure under --strict', () => {
    const strict = report([result('MD-EDGE-001', VERDICTS.warn)], { strict: true });
    const root = parseXml(checkJunit(strict));
    expect(root.attributes).toMatchObject({ failures: '1', errors: '0' });
    expect(everyElement(root).map(({ name }) => name)).toContain('failure');
  });

  it('has an error when nothing was judged', () => {
    for (const checks of [[], [result('MD-EDGE-001', VERDICTS.skip)]]) {
      const root = parseXml(checkJunit(report(checks)));
      expect(root.attributes).toMatchObject({ errors: '1', tests: String(checks.length + 1) });
      expect(everyElement(root).filter(({ name }) => name === 'error')).toHaveLength(1);
    }
  });
});
