import type { CaseVerdict } from '../../../../src/checks/check.ts';
import type { ServiceContext } from '../../../../src/checks/service-judge.ts';
import { SERVICE_JUDGES } from '../../../../src/checks/services/service-judges.ts';
import type { ServiceEvidenceMap } from '../../../../src/evidence/service-evidence.ts';

/** What the judge of a check says; a verdict without cases has the id ``. */
export function verdictsOf(
  id: string,
  found: ServiceEvidenceMap,
  context: ServiceContext,
): readonly CaseVerdict[] {
  const [, judge] = Object.entries(SERVICE_JUDGES).find(([key]) => key === id) ?? [];
  if (judge === undefined) throw new Error(`no judge of ${id}`);
  const judged = judge.judge(found, context);
  return judged.kind === 'cases' ? judged.cases : [{ id: '', verdict: judged }];
}
