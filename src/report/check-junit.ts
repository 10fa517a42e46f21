import type { Cause } from '../checks/diagnosis/cause.ts';
import { type CheckReport, type CheckResult, nameOf } from '../checks/verdict.ts';
import { causeFacts, causeTitle, followLine } from './causes-text.ts';
import { isRed, shownResults } from './nothing-judged.ts';

interface Case extends CheckResult {
  /** It failed, or it warns and warnings count. */
  readonly isFailure: boolean;
}

/**
 * JUnit: a suite of causes, then one suite per category and one per service, one case per verdict; fail → failure,
 * unknown → error, skip → skipped. A cause is a case of its own, and counted: readers list the failed cases, and the
 * cause has to be the first of them.
 * A run that judged nothing has an error too: readers of this format see no exit code.
 */
export function checkJunit(report: CheckReport): string {
  const checks = shownResults(report).map((result) => ({
    ...result,
    isFailure: isRed(result, report.strict),
  }));
  const { causes = [], strict } = report;
  const attributes = {
    name: `meshdev check ${report.lab}`,
    ...asText(plus(countsOf(checks), causeCounts(causes, strict))),
    time: seconds(report.durationMs),
  };
  const suites = suitesOf(checks).map((name) => suite(name, checks));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${render(attributes)}>`,
    ...causeSuite(causes, strict),
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

interface Counts {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
}

function countsOf(checks: readonly Case[]): Counts {
  const count = (kind: string): number => checks.filter((check) => check.verdict.kind === kind).length;
  return {
    tests: checks.length,
    failures: checks.filter((check) => check.isFailure).length,
    errors: count('unknown'),
    skipped: count('skip'),
  };
}

function causeCounts(causes: readonly Cause[], strict: boolean): Counts {
  return {
    tests: causes.length,
    failures: causes.filter((cause) => tagOf(cause, strict) === 'failure').length,
    errors: causes.filter((cause) => tagOf(cause, strict) === 'error').length,
    skipped: 0,
  };
}

function plus(a: Counts, b: Counts): Counts {
  return {
    tests: a.tests + b.tests,
    failures: a.failures + b.failures,
    errors: a.errors + b.errors,
    skipped: a.skipped + b.skipped,
  };
}

function asText({ tests, failures, errors, skipped }: Counts): Readonly<Record<string, string>> {
  return {
    tests: String(tests),
    failures: String(failures),
    errors: String(errors),
    skipped: String(skipped),
  };
}

function causeSuite(causes: readonly Cause[], strict: boolean): readonly string[] {
  if (causes.length === 0) return [];
  const attributes = { name: 'causes', ...asText(causeCounts(causes, strict)), time: seconds(0) };
  return [
    `  <testsuite${render(attributes)}>`,
    ...causes.map((cause) => causeCase(cause, strict)),
    '  </testsuite>',
  ];
}

function causeCase(cause: Cause, strict: boolean): string {
  const attributes = { classname: 'meshdev.causes', name: causeTitle(cause), time: seconds(0) };
  const facts = causeFacts(cause).map(({ label, text }) => `${label}: ${text}`);
  const text = escapeXml([...facts, ...followLine(cause)].join('\n'));
  const tag = tagOf(cause, strict);
  const of = tag === 'system-out' ? '' : render({ type: 'CAUSE', message: cause.title });
  return `    <testcase${render(attributes)}><${tag}${of}>${text}</${tag}></testcase>`;
}

function tagOf({ verdict }: Cause, strict: boolean): 'failure' | 'error' | 'system-out' {
  if (verdict === 'unknown') return 'error';
  return verdict === 'fail' || strict ? 'failure' : 'system-out';
}

/** The categories of the lab, then the services. */
function suitesOf(checks: readonly Case[]): readonly string[] {
  const ofLab = checks.filter(({ service }) => service === undefined);
  const ofServices = checks.filter(({ service }) => service !== undefined);
  return [...new Set([...ofLab, ...ofServices].map(suiteOf))];
}

function suiteOf({ id, service }: CheckResult): string {
  return service === undefined ? (id.split('-')[1] ?? 'OTHER') : `service ${service}`;
}

function suite(name: string, checks: readonly Case[]): string {
  const own = checks.filter((check) => suiteOf(check) === name);
  const time = seconds(Math.max(...own.map((check) => check.durationMs)));
  const attributes = { name, ...asText(countsOf(own)), time };
  return [`  <testsuite${render(attributes)}>`, ...own.map(testCase), '  </testsuite>'].join('\n');
}

function testCase(check: Case): string {
  const attributes = {
    classname: ['meshdev', check.service, check.hop].filter((part) => part !== undefined).join('.'),
    name: `${nameOf(check)} ${check.title}`,
    time: seconds(check.durationMs),
  };
  const body = caseBody(check);
  return body === ''
    ? `    <testcase${render(attributes)}/>`
    : `    <testcase${render(attributes)}>${body}</testcase>`;
}

function caseBody({ verdict, isFailure }: Case): string {
  switch (verdict.kind) {
    case 'pass':
      return '';
    case 'skip':
      return `<skipped${render({ message: verdict.because })}/>`;
    case 'warn':
    case 'fail':
    case 'unknown': {
      if (verdict.kind === 'warn' && !isFailure)
        return `<system-out>${escapeXml(`${verdict.code}: ${verdict.message}`)}</system-out>`;
      const tag = isFailure ? 'failure' : 'error';
      const text = [verdict.message, ...verdict.remedies.map((remedy) => `run: ${remedy}`)].join('\n');
      return `<${tag}${render({ type: verdict.code, message: verdict.message })}>${escapeXml(text)}</${tag}>`;
    }
  }
}

function render(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeXml(value)}"`)
    .join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** XML 1.0 has no way to write most control characters at all, so they become U+FFFD. */
function escapeXml(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
