import type { TracedRequest } from '../../evidence/traced-request.ts';
import { fail, pass, seeing, unknown } from '../check.ts';
import { requestSeen } from '../describe.ts';
import { exchangeItem } from '../evidence-item.ts';
import { httpStatusOf } from '../grpc-status.ts';
import type { ReasonCode } from '../reasons.ts';
import type { Verdict } from '../verdict.ts';

/**
 * The sidecar of the service handed this very request to its app, which answered 200 (or OK). An opaque app does not
 * say what it received: that it received the request is the word of its sidecar, and no more is claimed.
 */
export function passedSidecar(traced: TracedRequest, who: string, code: ReasonCode): Verdict {
  return seeing(judge(traced, who, code, false), exchangeItem(traced));
}

/** The same, whatever the app answered: what the sidecar decided is all that is asked. */
export function admittedBySidecar(traced: TracedRequest, who: string, code: ReasonCode): Verdict {
  return seeing(judge(traced, who, code, true), exchangeItem(traced));
}

function judge(traced: TracedRequest, who: string, code: ReasonCode, anyAnswer: boolean): Verdict {
  const { sidecar, status, ended, meshdevId } = traced;
  if (status === undefined)
    return unknown(ended === 'timeout' ? 'TIMED_OUT' : 'NO_ANSWER', `${who}: ${requestSeen(traced)}`);
  if (sidecar === undefined)
    return httpStatusOf(traced) === 200
      ? unknown('NO_RECORD', `${who}: answered, but the sidecar has no record; ${requestSeen(traced)}`)
      : unknown('PATH_BROKEN', `${who}, but did not reach the sidecar; ${requestSeen(traced)}`);
  if (meshdevId === undefined || sidecar.meshdev_id !== meshdevId)
    return fail(
      'NOT_THE_APP',
      `${who}: the sidecar recorded request ${sidecar.meshdev_id ?? 'without id'}, the edge sent ${meshdevId ?? 'none'}`,
    );
  const answered = httpStatusOf(traced);
  if (sidecar.response_code_details !== 'via_upstream')
    return answered === 200
      ? fail('NOT_THE_APP', `${who}: answered 200, but the sidecar refused; ${requestSeen(traced)}`)
      : fail(code, `${who}; ${requestSeen(traced)}`);
  return anyAnswer || answered === 200
    ? pass(
        `${answered ?? 0} of ${sidecar.upstream_host ?? 'the app'}, by the record of the sidecar of ${traced.pod ?? 'its pod'}`,
      )
    : fail(code, `${who}; the app itself answered ${answered ?? 'nothing'}`);
}
