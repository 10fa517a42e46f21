import { textOf } from '../errors/meshdev-error.ts';
import { redactDeep } from '../errors/redact.ts';
import { DEFAULT_CHOICE, type Lab } from '../topology/lab.ts';
import type { AnyCheck, Cases } from './check.ts';
import { unknown } from './check.ts';
import { firstBroken, withConsequences } from './consequences.ts';
import { withForeignRemedies } from './foreign-remedies.ts';
import type { EvidenceKey, EvidenceMap } from './evidence.ts';
import { type CheckReport, type CheckResult, summarise, type Verdict } from './verdict.ts';

/** Gathers one piece of evidence; asked at most once per key and run. */
export type Collect = <Key extends EvidenceKey>(key: Key) => Promise<EvidenceMap[Key]>;

export interface RunChecksOptions {
  readonly lab: Lab;
  readonly collect: Collect;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly interrupted: () => boolean;
  /** Warnings count as failures. */
  readonly strict?: boolean;
}

/**
 * Judges every check on evidence that is collected once, concurrently and shared.
 * Evidence that could not be had makes its checks `unknown`, never `fail`; the order of the list
 * decides the order of the report and nothing else.
 */
export async function runChecks(
  checks: readonly AnyCheck[],
  options: RunChecksOptions,
): Promise<CheckReport> {
  const startedAt = options.now();
  const collect = once(options.collect);
  const judged = await Promise.all(checks.map((check) => judgeOne(check, collect, options, startedAt)));
  const results = withForeignRemedies(withConsequences(checks, judged.flat())).map((result) =>
    forLab(redacted(result), options.lab),
  );
  const strict = options.strict ?? false;
  return {
    schemaVersion: '1',
    kind: 'CheckReport',
    lab: options.lab.name,
    startedAt: new Date(startedAt).toISOString(),
    durationMs: options.now() - startedAt,
    interrupted: options.interrupted(),
    strict,
    firstBroken: firstBroken(checks, results),
    summary: summarise(results, strict),
    checks: results,
  };
}

function once(collect: Collect): (key: EvidenceKey) => Promise<unknown> {
  const asked = new Map<EvidenceKey, Promise<unknown>>();
  return (key) => {
    const running = asked.get(key) ?? collect(key);
    asked.set(key, running);
    return running;
  };
}

async function judgeOne(
  check: AnyCheck,
  collect: (key: EvidenceKey) => Promise<unknown>,
  options: RunChecksOptions,
  startedAt: number,
): Promise<readonly CheckResult[]> {
  const judged = await judgementOf(check, collect, options);
  const { id, title, hop, polarity, refuser, control } = check;
  const head = {
    id,
    title,
    hop,
    polarity,
    ...(refuser === undefined ? {} : { refuser }),
    ...(control === undefined ? {} : { control }),
    durationMs: options.now() - startedAt,
  };
  if (judged.kind !== 'cases') return [{ ...head, verdict: judged }];
  return judged.cases.map((one) => ({ ...head, case: one.id, verdict: one.verdict }));
}

async function judgementOf(
  check: AnyCheck,
  collect: (key: EvidenceKey) => Promise<unknown>,
  { lab, now }: RunChecksOptions,
): Promise<Verdict | Cases> {
  const found: Partial<Record<EvidenceKey, unknown>> = {};
  const settled = await Promise.allSettled(
    check.evidence.map(async (key) => {
      found[key] = await collect(key);
    }),
  );
  const missing = settled.flatMap((end, index) =>
    end.status === 'rejected' ? [`${check.evidence[index]}: ${textOf(end.reason)}`] : [],
  );
  if (missing.length > 0) return unknown('EVIDENCE_MISSING', `could not see: ${missing.join(' · ')}`);
  return isComplete(check, found)
    ? judgeSafely(check, found, lab, now())
    : unknown('EVIDENCE_MISSING', `could not see: ${check.evidence.join(', ')}`);
}

/** What cannot be read (a certificate that is none) costs its own check, not the report. */
function judgeSafely(check: AnyCheck, found: EvidenceMap, lab: Lab, at: number): Verdict | Cases {
  try {
    return check.judge(found, { lab, at });
  } catch (thrown) {
    return unknown('EVIDENCE_UNREADABLE', `${check.evidence.join(', ')}: ${textOf(thrown)}`);
  }
}

/** A judge is only handed the keys it named, and those were all collected by their own collectors. */
function isComplete(check: AnyCheck, found: object): found is EvidenceMap {
  return check.evidence.every((key) => key in found);
}

/** What parties on the wire said may hold what nobody else is to see; no report does. */
function redacted(result: CheckResult): CheckResult {
  return { ...result, verdict: redactDeep(result.verdict) };
}

/** Remedies work verbatim: without the name they would act on the default lab. */
function forLab(result: CheckResult, { name }: Lab): CheckResult {
  const { verdict } = result;
  if (name === DEFAULT_CHOICE.name || !('remedies' in verdict)) return result;
  const remedies = verdict.remedies.map((remedy) =>
    remedy.replaceAll(/\bmeshdev (?:up|down|check|env)\b/g, `$& --name ${name}`),
  );
  return { ...result, verdict: { ...verdict, remedies } };
}
