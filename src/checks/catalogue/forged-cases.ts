import { FORGED_TOKENS, type TokenCase } from '../../cases/tokens/token-cases.ts';
import { tokenReasonOf } from '../../trust/token-reason.ts';
import { fail, pass, seeing, unknown } from '../check.ts';
import { walkSeen } from '../describe.ts';
import { exchangeItem } from '../evidence-item.ts';
import type { TokenWalk } from '../../evidence/tokens.ts';
import type { Walk } from '../../evidence/walk.ts';
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
  if (expected.reason === 'TOO_LARGE') return tooLarge(walk, who, code);
  return refusedAs(walk, expected, who, code);
}

/** By the sidecar, with this status and for this reason. */
export function refusedAs(
  walk: Walk,
  { status, reason }: Pick<TokenCase['expected'], 'status' | 'reason'>,
  who: string,
  code: ReasonCode,
): Verdict {
  const refused = refusedBySidecar(walk, { status, details: '', code, who });
  if (refused.kind !== 'pass') return refused;
  return tokenReasonOf(walk.sidecar?.response_code_details ?? '') === reason
    ? refused
    : fail('REFUSED_FOR_OTHER_REASON', `${who} should be refused as ${reason}; ${walkSeen(walk)}`);
}

/** The edge's HTTP server answers such a header by itself and writes nothing: nobody else has a record either. */
function tooLarge(walk: Walk, who: string, code: ReasonCode): Verdict {
  return seeing(judgeTooLarge(walk, who, code), exchangeItem(walk));
}

function judgeTooLarge(walk: Walk, who: string, code: ReasonCode): Verdict {
  const { status, edge, gateway, sidecar, app, echo } = walk;
  if (app !== undefined || echo !== undefined) return fail(code, `${who} reached the app: ${walkSeen(walk)}`);
  if (status === undefined) return unknown('NO_ANSWER', `${who}: ${walkSeen(walk)}`);
  if (sidecar !== undefined || gateway !== undefined || edge?.upstream !== undefined)
    return fail('REFUSED_ELSEWHERE', `${who} should be refused by the edge; ${walkSeen(walk)}`);
  return status === 431
    ? pass('431 before the edge wrote a record')
    : fail('REFUSED_FOR_OTHER_REASON', `${who} should get 431 of the edge; ${walkSeen(walk)}`);
}
