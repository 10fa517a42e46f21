import { fail, pass, seeing, unknown } from './check.ts';
import { exchangeItem } from './evidence-item.ts';
import { requestSeen } from './describe.ts';
import type { TracedRequest } from '../evidence/traced-request.ts';
import type { ReasonCode } from './reasons.ts';
import type { Verdict } from './verdict.ts';

/**
 * The edge itself answered with this status, and nobody behind it heard of the request. What its parser
 * refuses it does not write down, so the silence of the others is the evidence.
 * @param code what it means when somebody did hear of it
 */
export function refusedAtEdge(traced: TracedRequest, status: number, who: string, code: ReasonCode): Verdict {
  return seeing(judge(traced, status, who, code), exchangeItem(traced));
}

function judge(traced: TracedRequest, status: number, who: string, code: ReasonCode): Verdict {
  if (traced.app !== undefined || traced.echo !== undefined)
    return fail(code, `${who} reached the app: ${requestSeen(traced)}`);
  if (traced.status === undefined) return unknown('NO_ANSWER', `${who}: ${requestSeen(traced)}`);
  if (traced.sidecar !== undefined || traced.gateway !== undefined)
    return fail('REFUSED_ELSEWHERE', `${who} should be refused by the edge; ${requestSeen(traced)}`);
  return traced.status === status
    ? pass(`${status} by the edge`)
    : fail('REFUSED_FOR_OTHER_REASON', `${who} should get ${status}; ${requestSeen(traced)}`);
}
