import type { Service } from '../../../src/topology/service.ts';
import { categoryOf } from '../../../src/checks/categories.ts';
import { CATALOGUE } from '../../../src/checks/catalogue.ts';
import { namesItsCause } from '../../../src/checks/consequence-codes.ts';
import { isSkippedByGate } from '../../../src/checks/consequences.ts';
import type { AnyCheck } from '../../../src/checks/check.ts';
import { quickChecks } from '../../../src/checks/quick.ts';
import { select } from '../../../src/checks/select.ts';
import { caseNameOf, type CheckReport, type CheckResult, nameOf } from '../../../src/checks/verdict.ts';
import type { FaultInjection } from './fault-injection.ts';

/* The oracle of the fault injections. Pure: a report, what a module names, and what is skipped in a healthy lab. */

/** How one report stands to what a module names. Nothing missing and no surplus: it is as named. */
export interface Judgement {
  /** What turned for a reason of its own, told; named or not. */
  readonly turned: readonly string[];
  /** Named, and it did not turn as it should. */
  readonly missing: readonly string[];
  /** Turned, and nobody named it. */
  readonly surplus: readonly string[];
  /** Of the names that may turn: those that did. */
  readonly mayTurnSeen: readonly string[];
}

/** All that a module says of what turns. */
export type Named = Pick<FaultInjection, 'turns' | 'mayTurn' | 'logsTokens' | 'says'>;

/**
 * Judges one report: exactly the named cases have turned, each for the named reason. What is unknown counts
 * as what fails does, unless it follows from another verdict; so does what was skipped in no healthy lab,
 * unless a link on its hop is broken.
 * @param skipped names of what a healthy lab skips
 */
export function judgeReport(report: CheckReport, named: Named, skipped: ReadonlySet<string>): Judgement {
  const turned = report.checks.filter((check) => hasTurned(check, skipped));
  const wanted = Object.entries(named.turns);
  const allowed = mayTurnOf(named);
  const surplus = turned.filter(
    (check) =>
      !wanted.some(([name, code]) => meant(name, check) && codeOf(check) === code) &&
      !allowed.some((name) => meant(name, check)),
  );
  return {
    turned: turned.map(told),
    missing: [
      ...wanted.flatMap(([name, code]) => missing(report, name, code)),
      ...Object.entries(named.says ?? {}).flatMap(([name, words]) => unsaid(report, name, words)),
    ],
    surplus: surplus.map(told),
    mayTurnSeen: allowed.filter((name) => turned.some((check) => meant(name, check))),
  };
}

export function isAsNamed({ missing: absent, surplus }: Judgement): boolean {
  return absent.length === 0 && surplus.length === 0;
}

/** What may turn and need not, those that a token in a log brings with it included. */
export function mayTurnOf({ mayTurn = [], logsTokens }: Named): readonly string[] {
  return [...mayTurn, ...(logsTokens === true ? ['MD-EXPO-010'] : [])];
}

/** Names of what is skipped, for the comparison with a lab that is broken. */
export function skippedIn({ checks }: CheckReport): ReadonlySet<string> {
  return new Set(checks.filter(({ verdict }) => verdict.kind === 'skip').map(nameOf));
}

/**
 * Whether a name of a module means this result: an id alone means any case of the lab's own, what is in brackets
 * is the case, or the service and its case; with a `*` all that begin or end so.
 */
function meant(name: string, result: Pick<CheckResult, 'id' | 'case' | 'service'>): boolean {
  const [, id, wanted] = /^([^[]*)(?:\[(.*)\])?$/s.exec(name) ?? [];
  if (id !== result.id) return false;
  if (wanted === undefined) return result.service === undefined;
  const inside = caseNameOf(result);
  return inside !== undefined && asPattern(wanted).test(inside);
}

function asPattern(text: string): RegExp {
  const parts = text.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

function hasTurned({ verdict, ...result }: CheckResult, skipped: ReadonlySet<string>): boolean {
  switch (verdict.kind) {
    case 'pass':
      return false;
    case 'skip':
      return !skipped.has(nameOf(result)) && !isSkippedByGate(verdict);
    case 'unknown':
      return !namesItsCause(verdict.code);
    case 'warn':
    case 'fail':
      return true;
  }
}

/** An id alone wants one case of it at least, a case or a pattern every one that it means. */
function missing(report: CheckReport, name: string, wanted: string): readonly string[] {
  const own = report.checks.filter((check) => meant(name, check));
  const turned = own.filter((check) => codeOf(check) === wanted);
  const others = own.filter((check) => codeOf(check) !== wanted && !isConsequence(check));
  const isWhole = turned.length > 0 && (!name.includes('[') || others.length === 0);
  if (isWhole) return [];
  const seen = others.filter(({ verdict }) => verdict.kind !== 'pass').map(told);
  const green = others.length - seen.length;
  const rest = [...seen, ...(green > 0 ? [`${green} green`] : [])].join(', ');
  return [`${name} is not ${wanted}: ${own.length === 0 ? 'there is no such verdict' : rest}`];
}

/** A reason that does not name what was added is no reason. */
function unsaid(report: CheckReport, name: string, words: readonly string[]): readonly string[] {
  const messages = report.checks
    .filter((check) => meant(name, check))
    .flatMap(({ verdict }) => ('message' in verdict ? [verdict.message] : []));
  const left = words.filter((word) => !messages.some((message) => message.includes(word)));
  return left.map((word) => `${name} does not say “${word}”`);
}

function isConsequence({ verdict }: CheckResult): boolean {
  return verdict.kind === 'skip' || (verdict.kind === 'unknown' && namesItsCause(verdict.code));
}

function codeOf({ verdict }: CheckResult): string {
  return 'code' in verdict ? `${verdict.kind} ${verdict.code}` : verdict.kind;
}

/** The same of everything that is not green, consequences included. */
export function redOf(report: CheckReport): readonly string[] {
  return report.checks.filter(({ verdict }) => !['pass', 'skip'].includes(verdict.kind)).map(told);
}

function told(check: CheckResult): string {
  const { verdict } = check;
  const words = 'message' in verdict ? verdict.message : (verdict.because ?? '');
  return `${nameOf(check)} ${codeOf(check)} (${words.slice(0, 160)})`;
}

/** What a told verdict is about: name, kind and code, without words that differ each time. */
export function withoutWords(line: string): string {
  return line.replace(/ \(.*$/s, '');
}

/**
 * What a restored lab is asked: all that turned. What else might have stayed is seen by the next one, which
 * fails for what it does not name, and by all checks at the end.
 * @param services of meshdev.yaml, whose verdicts have controls of their own
 */
export function afterwards({ turns }: Named, services: readonly Service[]): readonly AnyCheck[] {
  return select(CATALOGUE, Object.keys(turns).map(idOf), [], { services });
}

/** Which checks are asked beside the named ones: the core of every hop, also their categories, or all. */
export type Beside = 'core' | 'near' | 'all';

/** What is asked of a broken lab: all that is named, every case of it, and what stands beside. */
export function askedOf({ turns }: Named, which: Beside): readonly AnyCheck[] {
  if (which === 'all') return CATALOGUE;
  const named = Object.keys(turns).map(idOf);
  const core = quickChecks(CATALOGUE).map(({ id }) => id);
  if (which === 'core') return select(CATALOGUE, [...named, ...core]);
  const categories = new Set(select(CATALOGUE, named).map(categoryOf));
  const near = CATALOGUE.filter((check) => categories.has(categoryOf(check))).map(({ id }) => id);
  return select(CATALOGUE, [...named, ...near, ...core]);
}

/** `MD-MESH-005` of `MD-MESH-005[httpbin]`. */
export function idOf(name: string): string {
  return name.replace(/\[.*$/s, '');
}
