import { describe, expect, it } from 'vitest';
import type { CheckReport, Verdict } from '../../../src/checks/verdict.ts';
import { checkGithub, checkSummary } from '../../../src/report/check-github.ts';
import { checkHtml } from '../../../src/report/check-html.ts';
import { checkJson } from '../../../src/report/check-json.ts';
import { checkJunit } from '../../../src/report/check-junit.ts';
import { checkText } from '../../../src/report/check-text.ts';
import { checkTap } from '../../../src/report/check-tap.ts';
import { upJson } from '../../../src/report/up-report.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { report, result, VERDICTS } from '../../support/reports.ts';
import { readTap } from '../../support/tap.ts';
import { parseXml } from '../../support/strict-xml.ts';

const lab = createLab(DEFAULT_CHOICE);

/** The exit code that a reader of each format would conclude. */
const FORMATS: Readonly<Record<string, (given: CheckReport) => number>> = {
  text: (given) => Number(/exit (\d)/.exec(checkText(given, lab, { colour: false, all: false }))?.[1]),
  'quiet text': (given) => {
    const text = checkText(given, lab, { colour: false, all: false, quiet: true });
    return Number(/exit (\d)/.exec(text)?.[1]);
  },
  json: (given) => JSON.parse(JSON.stringify(checkJson(given))).summary.exitCode,
  github: (given) => {
    const text = checkGithub(given);
    const said = Number(/exit (\d)$/m.exec(text)?.[1]);
    // Annotations alone tell green from not green.
    expect(text.includes('::error ')).toBe(said !== 0);
    return said;
  },
  'the step summary': (given) => Number(/exit (\d)$/m.exec(checkSummary(given))?.[1]),
  tap: (given) => {
    const { ok, failures } = readTap(checkTap(given));
    if (ok) return 0;
    return failures.every((diag) => diag['verdict'] === 'unknown') ? 6 : 1;
  },
  html: (given) => Number(/exit (\d)(?: {3}interrupted)?<\/p>/.exec(checkHtml(given, lab))?.[1]),
  'json of up': (given) => {
    const source = { kind: 'packages', because: 'x' };
    const known = { before: [], now: [] };
    const document = upJson({
      command: 'up',
      lab,
      outcome: { steps: [] },
      report: given,
      known,
      of: 1,
      durationMs: 1,
      source,
    });
    return JSON.parse(document).check.summary.exitCode;
  },
  junit: (given) => {
    const { failures, errors } = parseXml(checkJunit(given)).attributes;
    if (failures !== '0') return 1;
    return errors === '0' ? 0 : 6;
  },
};

type Mix = readonly [name: string, verdicts: readonly Verdict[], exitCode: number, strictly?: number];

const MIXES: readonly Mix[] = [
  ['all green', [VERDICTS.pass, VERDICTS.pass], 0],
  ['green and skipped', [VERDICTS.pass, VERDICTS.skip], 0],
  ['a warning', [VERDICTS.pass, VERDICTS.warn], 0, 1],
  ['only a warning', [VERDICTS.warn], 0, 1],
  ['a warning and an unknown', [VERDICTS.warn, VERDICTS.unknown], 6, 1],
  ['a failure', [VERDICTS.pass, VERDICTS.fail], 1],
  ['a failure and an unknown', [VERDICTS.fail, VERDICTS.unknown], 1],
  ['an unknown', [VERDICTS.pass, VERDICTS.unknown], 6],
  ['only skipped', [VERDICTS.skip], 6],
  ['nothing at all', [], 6],
];

describe.each(Object.entries(FORMATS))('the exit code in %s', (_, exitCodeIn) => {
  it.each(MIXES.map((mix) => ({ mix })))('for $mix.0', ({ mix: [, verdicts, exitCode] }) => {
    const given = report(verdicts.map((verdict, at) => result(`MD-EDGE-00${at}`, verdict)));
    expect(given.summary.exitCode).toBe(exitCode);
    expect(exitCodeIn(given)).toBe(exitCode);
  });

  it.each(MIXES.map((mix) => ({ mix })))('under --strict for $mix.0', ({ mix }) => {
    const [, verdicts, exitCode, strictly = exitCode] = mix;
    const checks = verdicts.map((verdict, at) => result(`MD-EDGE-00${at}`, verdict));
    const given = report(checks, { strict: true });
    expect(given.summary.exitCode).toBe(strictly);
    expect(exitCodeIn(given)).toBe(strictly);
  });
});
