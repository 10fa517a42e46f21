import { FORGED_TOKENS, type TokenCase } from '../../probe/token-cases.ts';
import { tokenReasonOf } from '../../trust/token-reason.ts';
import { fail, unknown } from '../check.ts';
import { walkSeen } from '../describe.ts';
import type { TokenWalk } from '../evidence.ts';
import type { ReasonCode } from '../reasons.ts';
import { refusedBySidecar } from '../refusal.ts';
import type { Verdict } from '../verdict.ts';

/** One verdict for each token of the corpus that belongs to a check; a token that was not shown is not proved. */
export function forgedCases(
  walks: readonly TokenWalk[],
  check: TokenCase['check'],
  code: ReasonCode,
): readonly (readonly [id: string, verdict: Verdict])[] {
  return FORGED_TOKENS.filter((each) => each.check === check).map(({ id }) => {
    const walk = walks.find((candidate) => candidate.case.id === id);
    return [
      id,
      walk === undefined
        ? unknown('CASE_NOT_RUN', `nobody showed the forged token ${id}`)
        : forgedRefused(walk, code),
    ];
  });
}

function forgedRefused(walk: TokenWalk, code: ReasonCode): Verdict {
  const { id, why, expected } = walk.case;
  const who = `a forged token (${id}: ${why})`;
  const refused = refusedBySidecar(walk, { status: expected.status, details: '', code, who });
  if (refused.kind !== 'pass') return refused;
  const reason = tokenReasonOf(walk.sidecar?.response_code_details ?? '');
  return reason === expected.reason
    ? refused
    : fail('REFUSED_FOR_OTHER_REASON', `${who} should be refused as ${expected.reason}; ${walkSeen(walk)}`);
}
