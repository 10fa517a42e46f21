import { nearest } from '../nearest.ts';
import type { ServiceId } from '../topology/service.ts';
import { type AnyCheck, eachCase, unknown } from './check.ts';
import type { AnyServiceJudge } from './service-judge.ts';
import type { Cases, CaseVerdict, Verdict } from './verdict.ts';

/** What becomes of the cases of a check; what is judged as a whole has none. */
type Change = (cases: readonly CaseVerdict[]) => Verdict | Cases;

/** The same check with its cases changed. */
export function judgedBy(check: AnyCheck, change: Change): AnyCheck {
  return {
    ...check,
    judge: (found, context) => {
      const judged = check.judge(found, context);
      return judged.kind === 'cases' ? change(judged.cases) : change([]);
    },
  };
}

/** The same judge with its cases changed; where it says why it could not judge them, that stands. */
export function serviceJudgedBy(judge: AnyServiceJudge, change: Change): AnyServiceJudge {
  return {
    ...judge,
    judge: (found, context) => {
      const judged = judge.judge(found, context);
      if (judged.kind === 'cases') return change(judged.cases);
      return judged.kind === 'skip' || judged.kind === 'unknown' ? judged : change([]);
    },
  };
}

/** Only these cases; one that there is not is unknown. */
export function onlyCases(of: Pick<AnyCheck, 'id'>, wanted: readonly string[], service?: ServiceId): Change {
  return (all) => eachCase(wanted.map((id) => [id, caseOf(of, all, id, service)]));
}

/** The verdict of one case; unknown with what is spelt like it where there is none. */
export function caseOf(
  { id: check }: Pick<AnyCheck, 'id'>,
  all: readonly CaseVerdict[],
  wanted: string,
  service?: ServiceId,
): Verdict {
  const found = all.find(({ id }) => id === wanted);
  if (found !== undefined) return found.verdict;
  const ids = all.map(({ id }) => id);
  const near = nearest(wanted, ids);
  const names = (near.length === 0 ? ids : near).join(', ');
  const [of, flag] = service === undefined ? ['', ''] : [` of service ${service}`, ` --service ${service}`];
  return unknown('CASE_NOT_RUN', `${check} has no case ${wanted}${of}; it has ${names || 'no cases'}`, [
    `meshdev check ${check}${flag} --verbose`,
  ]);
}
