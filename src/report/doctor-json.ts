import { describeFix, type Diagnosis } from '../doctor/diagnose.ts';
import { EXIT } from '../errors/problems.ts';
import type { DoctorDocument } from './doctor-schema.ts';

export interface DoctorRun {
  /** RFC 3339. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly fixed: readonly string[];
}

/** The report for programs; schemas/doctor-report.schema.json is its form. Pure. */
export function doctorJson({ lab, findings, summary }: Diagnosis, run: DoctorRun): DoctorDocument {
  return {
    schemaVersion: '1',
    kind: 'DoctorReport',
    lab,
    startedAt: run.startedAt,
    durationMs: Math.round(run.durationMs),
    summary: { ...summary, exitCode: summary.exitCode === EXIT.ok ? EXIT.ok : EXIT.hostNotFit },
    fixed: [...run.fixed],
    findings: findings.map((one) => ({
      id: one.id,
      case: one.case ?? null,
      subject: one.subject,
      title: one.title,
      state: one.state,
      code: one.code ?? null,
      seen: one.seen,
      why: one.why,
      remedies: [...one.remedies],
      fix: one.fix === undefined ? null : describeFix(one.fix),
    })),
  };
}
