import { describe, expect, it } from 'vitest';
import type { CheckReport, Verdict } from '../../../src/checks/verdict.ts';
import { checkJunit } from '../../../src/report/check-junit.ts';
import { checkText } from '../../../src/report/check-text.ts';
import { upJson } from '../../../src/report/up-report.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { report, result, VERDICTS } from '../../support/reports.ts';
import { parseXml } from '../../support/strict-xml.ts';

const lab = createLab(DEFAULT_CHOICE);

/** The exit code that a reader of each format would conclude. */
const FORMATS: Readonly<Record<string, (given: CheckReport) => number>> = {
  text: (given) => Number(/exit (\d)/.exec(checkText(given, lab, { colour: false, all: false }))?.[1]),
  json: (given) => JSON.parse(JSON.stringify(given)).summary.exitCode,
  'json of up': (given) => {
    const source = { kind: 'packages', because: 'x' };
    const document = upJson({ lab, outcome: { steps: [] }, report: given, durationMs: 1, source });
    return JSON.parse(document).check.summary.exitCode;
  },
  junit: (given) => {
    const { failures, errors } = parseXml(checkJunit(given)).attributes;
    if (failures !== '0') return 1;
    return errors === '0' ? 0 : 6;
  },
};

const MIXES: readonly (readonly [string, readonly Verdict[], number])[] = [
  ['all green', [VERDICTS.pass, VERDICTS.pass], 0],
  ['green and skipped', [VERDICTS.pass, VERDICTS.skip], 0],
  ['a warning', [VERDICTS.pass, VERDICTS.warn], 0],
  ['a failure', [VERDICTS.pass, VERDICTS.fail], 1],
  ['a failure and an unknown', [VERDICTS.fail, VERDICTS.unknown], 1],
  ['an unknown', [VERDICTS.pass, VERDICTS.unknown], 6],
  ['only skipped', [VERDICTS.skip], 6],
  ['nothing at all', [], 6],
];

describe.each(Object.entries(FORMATS))('the exit code in %s', (_, exitCodeIn) => {
  it.each(MIXES)('for %s', (_mix, verdicts, exitCode) => {
    const given = report(verdicts.map((verdict, at) => result(`MD-EDGE-00${at}`, verdict)));
    expect(given.summary.exitCode).toBe(exitCode);
    expect(exitCodeIn(given)).toBe(exitCode);
  });
});
