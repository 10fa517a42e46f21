import { type AnyCheck, defineCheck, pass } from '../../src/checks/check.ts';
import { runChecks, type RunChecksOptions } from '../../src/checks/run-checks.ts';
import { type AnyServiceJudge, defineServiceJudge } from '../../src/checks/service-judge.ts';
import {
  type Cases,
  type CheckReport,
  type CheckResult,
  nameOf,
  type Verdict,
} from '../../src/checks/verdict.ts';
import type { Lab } from '../../src/topology/lab.ts';
import { NOW } from './certificates.ts';
import { TWO_SERVICES } from './own-services.ts';

/** What a small check says: of the lab, and of each service by id. A service that is not named is green. */
export interface Says {
  readonly lab?: Verdict | Cases;
  readonly services?: Readonly<Record<string, Verdict | Cases>>;
}

/** A check of a test; it is judged of services only where `services` says so. */
export function says(
  id: AnyCheck['id'],
  { lab = pass(), services }: Says,
  more: Partial<AnyCheck> = {},
  judge: Partial<AnyServiceJudge> = {},
): AnyCheck {
  const check = defineCheck({
    id,
    title: `${id} holds`,
    impact: 'nothing',
    hint: 'nowhere',
    hop: 'client->edge',
    polarity: 'positive',
    blocking: false,
    evidence: [],
    judge: () => lab,
  });
  if (services === undefined) return { ...check, ...more };
  const service = defineServiceJudge({
    scope: 'service',
    evidence: ['service.tokens'],
    judge: (_, context) => services[context.service.id] ?? pass(),
  });
  return { ...check, service: { ...service, ...judge }, ...more };
}

/** Runs small checks on a lab with services; evidence is there and empty. */
export function runSmall(
  checks: readonly AnyCheck[],
  options: Partial<RunChecksOptions> = {},
): Promise<CheckReport> {
  const lab: Lab = options.lab ?? TWO_SERVICES;
  return runChecks(checks, {
    lab,
    collect: async () => Promise.reject(new Error('no evidence of the lab was to be collected')),
    collectService: async () => [],
    now: () => NOW,
    interrupted: () => false,
    ...options,
  });
}

/** `name kind CODE` of each result, in the order of the report. */
export function told({ checks }: Pick<CheckReport, 'checks'>): readonly string[] {
  return checks.map((result) => `${nameOf(result)} ${kindOf(result)}`);
}

function kindOf({ verdict }: CheckResult): string {
  return 'code' in verdict ? `${verdict.kind} ${verdict.code}` : verdict.kind;
}
