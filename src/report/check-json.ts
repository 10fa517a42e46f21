import type { Cause } from '../checks/diagnosis/cause.ts';
import type { CheckReport, CheckResult } from '../checks/verdict.ts';
import { nameOf, worstOf } from '../checks/verdict.ts';
import type { CheckDocument } from './check-schema.ts';

type CheckEntry = CheckDocument['checks'][number];
type Told = Pick<CheckEntry, 'verdict' | 'code' | 'message' | 'remedies' | 'because'>;

/** The report as `-o json` prints it; its shape is schemas/check-report.schema.json. */
export function checkJson(report: CheckReport): CheckDocument {
  const { services, causes = [], ...rest } = report;
  const controls = new Map<string, CheckEntry['verdict']>();
  for (const { id, service, verdict } of report.checks) {
    const name = wholeName(id, service);
    const before = controls.get(name);
    controls.set(name, before === undefined ? verdict.kind : worstOf([before, verdict.kind]));
  }
  return {
    ...rest,
    ...(services === undefined ? {} : { services: [...services] }),
    causes: causes.map(causeEntry),
    askedAgain: [...(report.askedAgain ?? [])],
    checks: report.checks.map((result) => entryOf(result, controls)),
  };
}

function causeEntry({ explains, remedies, ...rest }: Cause): CheckDocument['causes'][number] {
  return {
    ...rest,
    remedies: [...remedies],
    explains: explains.map(({ id, case: one, service }) => ({
      id,
      case: one ?? null,
      ...(service === undefined ? {} : { service }),
    })),
  };
}

/** A check as a whole, of the lab or of one service: its control is of the same. */
function wholeName(id: CheckResult['id'], service: CheckResult['service']): string {
  return nameOf(service === undefined ? { id } : { id, service });
}

function entryOf(result: CheckResult, kinds: ReadonlyMap<string, CheckEntry['verdict']>): CheckEntry {
  const { id, title, hop, polarity, refuser, control, service, verdict } = result;
  return {
    id,
    ...(service === undefined ? {} : { service }),
    case: result.case ?? null,
    title,
    hop,
    polarity,
    control:
      control === undefined ? null : { id: control, verdict: kinds.get(wholeName(control, service)) ?? null },
    expects:
      refuser === undefined
        ? null
        : { by: refuser, how: verdict.expected?.how ?? null, reason: verdict.expected?.reason ?? null },
    ...verdictFields(result),
    // A check is judged once: a forgery that was accepted once is a finding.
    tries: 1,
    durationMs: Math.max(0, result.durationMs),
    evidence: (verdict.evidence ?? []).map((item) =>
      item.kind === 'handshake' ? { ...item, presented: [...item.presented] } : item,
    ),
  };
}

function verdictFields({ verdict }: CheckResult): Told {
  const nothing = { code: null, message: null, remedies: [], because: null };
  switch (verdict.kind) {
    case 'pass':
      return { ...nothing, verdict: 'pass', because: verdict.because ?? null };
    case 'skip':
      return { ...nothing, verdict: 'skip', because: verdict.because };
    case 'warn':
    case 'fail':
    case 'unknown': {
      const { kind, code, message, remedies } = verdict;
      return { ...nothing, verdict: kind, code, message, remedies: [...remedies] };
    }
  }
}
