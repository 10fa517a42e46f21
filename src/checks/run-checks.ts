import { textOf } from '../errors/meshdev-error.ts';
import { redactDeep } from '../errors/redact.ts';
import type { StoppedCode } from '../run/interruption.ts';
import { DEFAULT_CHOICE, type Lab } from '../topology/lab.ts';
import { type AnyCheck, type Cases, unknown } from './check.ts';
import { firstBroken, withConsequences } from './consequences.ts';
import { withForeignRemedies } from './foreign-remedies.ts';
import type { EvidenceKey, EvidenceMap } from '../evidence/evidence-map.ts';
import { type CheckReport, type CheckResult, type Verdict, summarise } from './verdict.ts';
import type { Collect } from '../evidence/collect.ts';

export interface RunChecksOptions {
  readonly lab: Lab;
  readonly collect: Collect;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The exit code of the signal that ended the run; false while none did. */
  readonly interrupted: () => StoppedCode | false;
  /** Whether it was ended, by a signal or by its deadline: what comes then is about a run that is over. */
  readonly isOver?: () => boolean;
  readonly progress?: (progress: CheckProgress) => void;
  /** Warnings count as failures. */
  readonly strict?: boolean;
}

/** How far a run is. */
export interface CheckProgress {
  readonly judged: number;
  readonly checks: number;
  /** Checks that wait for evidence, by hop, in the order of the list. */
  readonly open: ReadonlyMap<AnyCheck['hop'], number>;
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
  const tick = counter(checks, options.progress);
  const judged = await Promise.all(
    checks.map(async (check) => {
      const results = await judgeOne(check, collect, options, startedAt);
      tick(check);
      return results;
    }),
  );
  const results = withForeignRemedies(withConsequences(checks, judged.flat())).map((result) =>
    forLab(redacted(result), options.lab),
  );
  const strict = options.strict ?? false;
  const interrupted = options.interrupted();
  return {
    schemaVersion: '1',
    kind: 'CheckReport',
    lab: options.lab.name,
    startedAt: new Date(startedAt).toISOString(),
    durationMs: options.now() - startedAt,
    interrupted: interrupted !== false,
    strict,
    firstBroken: firstBroken(checks, results),
    summary: summarise(results, strict, interrupted),
    checks: results,
  };
}

/** Says after each check how many are left; with nobody to tell, it does nothing. */
function counter(
  checks: readonly AnyCheck[],
  progress: RunChecksOptions['progress'],
): (judged: AnyCheck) => void {
  if (progress === undefined) return () => undefined;
  const left = new Set(checks);
  const say = (): void => {
    const open = new Map<AnyCheck['hop'], number>();
    for (const { hop } of left) open.set(hop, (open.get(hop) ?? 0) + 1);
    progress({ judged: checks.length - left.size, checks: checks.length, open });
  };
  say();
  return (judged) => {
    left.delete(judged);
    say();
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
  { lab, now, isOver, interrupted }: RunChecksOptions,
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
  if (interrupted() !== false)
    return unknown('INTERRUPTED', 'the check was interrupted before this was judged', ['meshdev check']);
  if (missing.length > 0) return unknown('EVIDENCE_MISSING', `no evidence: ${missing.join(' · ')}`);
  // A probe that was cut off looks like a refusal: nothing that came after the end is held against anybody.
  if (isOver?.() === true) return unknown('TIMED_OUT', 'the deadline passed before this was judged');
  return isComplete(check, found)
    ? judgeSafely(check, found, lab, now())
    : unknown('EVIDENCE_MISSING', `no evidence: ${check.evidence.join(', ')}`);
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

/** What components on the wire said may hold what nobody else is to see; no report does. */
function redacted(result: CheckResult): CheckResult {
  return { ...result, verdict: redactDeep(result.verdict) };
}

/** Remedies work verbatim: without the name they would act on the default lab. */
function forLab(result: CheckResult, { name }: Lab): CheckResult {
  const { verdict } = result;
  if (name === DEFAULT_CHOICE.name || !('remedies' in verdict)) return result;
  const remedies = verdict.remedies.map((remedy) =>
    remedy.replaceAll(/\bmeshdev (?:up|down|check|env|kubectl|status|token)\b/g, `$& --name ${name}`),
  );
  return { ...result, verdict: { ...verdict, remedies } };
}
