import { fail, pass, seeing, unknown } from './check.ts';
import { exchangeItem } from './evidence-item.ts';
import { walkSeen } from './describe.ts';
import type { Walk } from '../evidence/walk.ts';
import type { ReasonCode } from './reasons.ts';
import type { Verdict } from './verdict.ts';

/**
 * The edge itself answered with this status, and nobody behind it heard of the request. What its parser
 * refuses it does not write down, so the silence of the others is the evidence.
 * @param code what it means when somebody did hear of it
 */
export function refusedAtEdge(walk: Walk, status: number, who: string, code: ReasonCode): Verdict {
  return seeing(judge(walk, status, who, code), exchangeItem(walk));
}

function judge(walk: Walk, status: number, who: string, code: ReasonCode): Verdict {
  if (walk.app !== undefined || walk.echo !== undefined)
    return fail(code, `${who} reached the app: ${walkSeen(walk)}`);
  if (walk.status === undefined) return unknown('NO_ANSWER', `${who}: ${walkSeen(walk)}`);
  if (walk.sidecar !== undefined || walk.gateway !== undefined)
    return fail('REFUSED_ELSEWHERE', `${who} should be refused by the edge; ${walkSeen(walk)}`);
  return walk.status === status
    ? pass(`${status} by the edge`)
    : fail('REFUSED_FOR_OTHER_REASON', `${who} should get ${status}; ${walkSeen(walk)}`);
}
