/** The public API: the lab as a value, the checks, and the engine that judges evidence. */
export { CATALOGUE } from './checks/catalogue.ts';
export type { AnyCheck, Check, CheckId } from './checks/check.ts';
export { defineCheck, eachCase, fail, pass, seeing, skip, unknown, warn } from './checks/check.ts';
export type { EvidenceKey, EvidenceMap } from './checks/evidence.ts';
export { type Collect, runChecks, type RunChecksOptions } from './checks/run-checks.ts';
export type { CheckReport, CheckResult, Verdict } from './checks/verdict.ts';
export { MeshdevError } from './errors/meshdev-error.ts';
export { EXIT, PROBLEMS, type ProblemCode } from './errors/problems.ts';
export { createLab, type Lab, type LabChoice } from './topology/lab.ts';
