import { oncePerKey } from '../once.ts';
import { redactDeep } from '../errors/redact.ts';
import { DEFAULT_CHOICE, type Lab } from '../topology/lab.ts';
import { type Service, ownServices } from '../topology/service.ts';
import { answer, type RunState } from './answer.ts';
import type { AnyCheck } from './check.ts';
import { firstBroken, withConsequences } from './consequences.ts';
import type { Cause } from './diagnosis/cause.ts';
import { diagnose } from './diagnosis/diagnose.ts';
import { withForeignRemedies } from './foreign-remedies.ts';
import type { EvidenceKey, EvidenceMap } from '../evidence/evidence-map.ts';
import type { CollectService, ServiceEvidenceKey, ServiceEvidenceMap } from '../evidence/service-evidence.ts';
import { type Subject, subjectsOf } from './subjects.ts';
import {
  type Cases,
  type CheckReport,
  type CheckResult,
  type ServiceSummary,
  summarise,
  tallyOf,
  type Verdict,
} from './verdict.ts';
import type { Collect } from '../evidence/collect.ts';

export interface RunChecksOptions extends RunState {
  readonly lab: Lab;
  readonly collect: Collect;
  /** Gathers evidence about one service; without it no service of meshdev.yaml is judged. */
  readonly collectService?: CollectService | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly progress?: (progress: CheckProgress) => void;
  /** Warnings count as failures. */
  readonly strict?: boolean;
}

/** How far a run is. A check is judged when it is judged of the lab and of each service. */
export interface CheckProgress {
  readonly judged: number;
  readonly checks: number;
  /** Checks that wait for evidence, by hop, in the order of the list. */
  readonly open: ReadonlyMap<AnyCheck['hop'], number>;
}

/** Evidence that is asked for once, whoever asks. */
interface Collected {
  readonly lab: (key: EvidenceKey) => Promise<unknown>;
  readonly service: (service: Service, key: ServiceEvidenceKey) => Promise<unknown>;
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
  const { lab, collectService } = options;
  const subjects = subjectsOf(checks, lab).filter(
    ({ of }) => of === undefined || collectService !== undefined,
  );
  const collected = {
    lab: oncePerKey<EvidenceKey, unknown>(options.collect),
    service: oncePerService(collectService),
  };
  const tick = counter(subjects, options.progress);
  const judged = await Promise.all(
    subjects.map(async (subject) => {
      const results = await judgeOne(subject, collected, options, startedAt);
      tick(subject);
      return results;
    }),
  );
  const told = withForeignRemedies(withConsequences(checks, judged.flat())).map(redacted);
  const results = told.map((result) => forLab(result, lab));
  const strict = options.strict ?? false;
  const interrupted = options.interrupted();
  const services = serviceSummaries(checks, results, lab);
  return {
    schemaVersion: '1',
    kind: 'CheckReport',
    lab: lab.name,
    startedAt: new Date(startedAt).toISOString(),
    durationMs: options.now() - startedAt,
    interrupted: interrupted !== false,
    strict,
    firstBroken: firstBroken(checks, results),
    causes: interrupted === false ? causesForLab(diagnose(told, checks), lab) : [],
    summary: summarise(results, strict, interrupted),
    ...(services.length === 0 ? {} : { services }),
    checks: results,
  };
}

function serviceSummaries(
  checks: readonly AnyCheck[],
  results: readonly CheckResult[],
  lab: Lab,
): readonly ServiceSummary[] {
  return ownServices(lab).flatMap(({ id }) => {
    const own = results.filter(({ service }) => service === id);
    if (own.length === 0) return [];
    return [{ service: id, firstBroken: firstBroken(checks, results, id), ...tallyOf(own) }];
  });
}

/** Says after each check how many are left; with nobody to tell, it does nothing. */
function counter(
  subjects: readonly Subject[],
  progress: RunChecksOptions['progress'],
): (judged: Subject) => void {
  if (progress === undefined) return () => undefined;
  const left = new Map<AnyCheck, Set<Subject>>();
  for (const subject of subjects)
    left.set(subject.check, (left.get(subject.check) ?? new Set<Subject>()).add(subject));
  const checks = left.size;
  const say = (): void => {
    const open = new Map<AnyCheck['hop'], number>();
    for (const { hop } of left.keys()) open.set(hop, (open.get(hop) ?? 0) + 1);
    progress({ judged: checks - left.size, checks, open });
  };
  say();
  return (judged) => {
    const others = left.get(judged.check);
    others?.delete(judged);
    if (others?.size !== 0) return;
    left.delete(judged.check);
    say();
  };
}

function oncePerService(collect: CollectService | undefined): Collected['service'] {
  const asked = new Map<Service['id'], (key: ServiceEvidenceKey) => Promise<unknown>>();
  return async (service, key) => {
    const own =
      asked.get(service.id) ?? oncePerKey(async (each: ServiceEvidenceKey) => collect?.(service, each));
    asked.set(service.id, own);
    return own(key);
  };
}

async function judgeOne(
  subject: Subject,
  collected: Collected,
  options: RunChecksOptions,
  startedAt: number,
): Promise<readonly CheckResult[]> {
  const judged = await judgementOf(subject, collected, options);
  const { id, title, hop, polarity, refuser } = subject.check;
  const control = subject.of?.judge.control ?? subject.check.control;
  const head = {
    id,
    title,
    hop,
    polarity,
    ...(subject.of === undefined ? {} : { service: subject.of.service.id }),
    ...(refuser === undefined ? {} : { refuser }),
    ...(control === undefined ? {} : { control }),
    durationMs: options.now() - startedAt,
  };
  if (judged.kind !== 'cases') return [{ ...head, verdict: judged }];
  return judged.cases.map((one) => ({ ...head, case: one.id, verdict: one.verdict }));
}

async function judgementOf(
  { check, of }: Subject,
  collected: Collected,
  options: RunChecksOptions,
): Promise<Verdict | Cases> {
  const { lab, now } = options;
  if (of === undefined)
    return answer<EvidenceMap>(
      {
        evidence: check.evidence,
        collect: collected.lab,
        judge: (found) => check.judge(found, { lab, at: now() }),
      },
      options,
    );
  const { service, judge } = of;
  return answer<ServiceEvidenceMap>(
    {
      evidence: judge.evidence,
      collect: (key) => collected.service(service, key),
      judge: (found) => judge.judge(found, { lab, service, at: now() }),
    },
    options,
  );
}

/** What components on the wire said may hold what nobody else is to see; no report does. */
function redacted(result: CheckResult): CheckResult {
  return { ...result, verdict: redactDeep(result.verdict) };
}

/** Remedies work verbatim: without the name they would act on the default lab. */
function forLab(result: CheckResult, lab: Lab): CheckResult {
  const { verdict } = result;
  if (!('remedies' in verdict)) return result;
  return { ...result, verdict: { ...verdict, remedies: remediesForLab(verdict.remedies, lab) } };
}

function causesForLab(causes: readonly Cause[], lab: Lab): readonly Cause[] {
  return causes.map((cause) => ({ ...cause, remedies: remediesForLab(cause.remedies, lab) }));
}

function remediesForLab(remedies: readonly string[], { name }: Lab): readonly string[] {
  if (name === DEFAULT_CHOICE.name) return remedies;
  return remedies.map((remedy) =>
    remedy.replaceAll(/\bmeshdev (?:up|down|check|env|expose|kubectl|status|token)\b/g, `$& --name ${name}`),
  );
}
