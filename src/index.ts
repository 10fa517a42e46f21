/** The public API: the lab as a value, the checks, and the engine that judges evidence. */
export { CATALOGUE } from './checks/catalogue.ts';
export type { AnyCheck, Check } from './checks/check.ts';
export type { CheckId } from './checks/check-id.ts';
export { defineCheck, eachCase, fail, pass, seeing, skip, unknown, warn } from './checks/check.ts';
export { type AnyServiceJudge, defineServiceJudge, type ServiceJudge } from './checks/service-judge.ts';
export type { CollectService, ServiceEvidenceMap } from './evidence/service-evidence.ts';
export type { EvidenceKey, EvidenceMap } from './evidence/evidence-map.ts';
export type { Collect } from './evidence/collect.ts';
export { runChecks, type RunChecksOptions } from './checks/run-checks.ts';
export type { CheckReport, CheckResult, Verdict } from './checks/verdict.ts';
export type { Cause } from './checks/diagnosis/cause.ts';
export { MeshdevError } from './errors/meshdev-error.ts';
export { EXIT, PROBLEMS, type ProblemCode } from './errors/problems.ts';
export { createLab, type Lab, type LabChoice } from './topology/lab.ts';
