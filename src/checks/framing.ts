import { FRAMING_CASES } from '../cases/framing/framing-cases.ts';
import { authorityOf, type Lab } from '../topology/lab.ts';
import { fail, pass, seeing, unknown } from './check.ts';
import { exchangeItem } from './evidence-item.ts';
import { requestSeen } from './describe.ts';
import type { FramingRequest } from '../evidence/corpora.ts';
import { refusedAtEdge } from './refused-at-edge.ts';
import type { Verdict } from './verdict.ts';

/** One verdict for each request that two servers may read differently. */
export function framingCases(
  requests: readonly FramingRequest[],
  lab: Lab,
): readonly (readonly [id: string, verdict: Verdict])[] {
  return FRAMING_CASES.map(({ id }) => {
    const traced = requests.find((one) => one.case.id === id);
    return [id, traced === undefined ? unknown('CASE_NOT_RUN', `${id} was not sent`) : judged(traced, lab)];
  });
}

function judged(traced: FramingRequest, lab: Lab): Verdict {
  const who = `a request with ${traced.case.id} (${traced.case.why})`;
  return seeing(smuggled(traced, who) ?? judge(traced, who, lab), exchangeItem(traced));
}

/** What the app saw has to be what the edge saw, and as often. */
function smuggled(
  { hiddenTimes, hiddenAtEdge, appTimes, case: each }: FramingRequest,
  who: string,
): Verdict | undefined {
  const meant = each.outcome.kind === 'judged' ? each.outcome.hidden : 0;
  if (hiddenTimes > meant || hiddenTimes > hiddenAtEdge)
    return fail(
      'HDR_SMUGGLED',
      `the request hidden in ${who} reached the app ${hiddenTimes} times; the edge recorded ${hiddenAtEdge}, expected ${meant}`,
    );
  return appTimes > 1 ? fail('HDR_SMUGGLED', `${who} reached the app ${appTimes} times`) : undefined;
}

function judge(traced: FramingRequest, who: string, lab: Lab): Verdict {
  const { outcome } = traced.case;
  switch (outcome.kind) {
    case 'refused':
      return refusedAtEdge(traced, outcome.status, who, 'HDR_AMBIGUOUS_ACCEPTED');
    case 'reset':
      return reset(traced, outcome.begun === true, who);
    case 'cut':
      return cut(traced, who);
    case 'judged':
      return asMeant(traced, outcome, who, lab);
  }
}

function reset(traced: FramingRequest, isBegun: boolean, who: string): Verdict {
  const reached = traced.app !== undefined && !isBegun;
  if (reached || traced.echo !== undefined || traced.status !== undefined)
    return fail('HDR_AMBIGUOUS_ACCEPTED', `the edge should end the stream of ${who}; ${requestSeen(traced)}`);
  if (traced.ended === 'timeout' || traced.ended === 'refused' || traced.ended === 'unreachable')
    return unknown('NO_ANSWER', `${who}: ${requestSeen(traced)}`);
  return pass(`the edge ended the stream (${traced.ended})`);
}

/** The edge noticed in the middle: it says so, and the app had no whole request. */
function cut(traced: FramingRequest, who: string): Verdict {
  if (traced.status === undefined) return unknown('NO_ANSWER', `${who}: ${requestSeen(traced)}`);
  if (traced.status === 200 || traced.echo !== undefined)
    return fail('HDR_AMBIGUOUS_ACCEPTED', `${who} was accepted; ${requestSeen(traced)}`);
  if (traced.status !== 400)
    return fail('REFUSED_FOR_OTHER_REASON', `${who} should get 400; ${requestSeen(traced)}`);
  if (traced.edge?.error === undefined)
    return fail('REFUSED_ELSEWHERE', `${who} should be refused by the edge; ${requestSeen(traced)}`);
  return pass(`${traced.status}: ${traced.edge.error}; at the app ${traced.appTimes} times`);
}

function asMeant(
  traced: FramingRequest,
  { hidden, body }: { readonly hidden: 0 | 1; readonly body?: string },
  who: string,
  lab: Lab,
): Verdict {
  const { echo } = traced;
  if (echo === undefined || traced.appTimes === 0)
    return unknown('NO_ECHO', `${who} got no response from the app: ${requestSeen(traced)}`);
  // The client leaves when it has its first answer; a second request that it did not wait for tells nothing.
  const followed = Math.min(hidden, traced.hiddenAnswered);
  if (traced.hiddenTimes < followed)
    return unknown('NO_RECORD', `${who}: the app has no record of the second request`);
  const host = echo.headers['host']?.join();
  if (host !== authorityOf(lab))
    return fail('HDR_AMBIGUOUS_ACCEPTED', `${who} arrived with Host ${host ?? 'none'}`);
  if (body !== undefined && echo.body !== body)
    return fail(
      'HDR_SMUGGLED',
      `${who} arrived with the body ${JSON.stringify(echo.body)}, expected ${JSON.stringify(body)}`,
    );
  return pass(`${1 + followed} at the edge, ${1 + followed} at the app`);
}
