import { FRAMING_CASES } from '../cases/framing/framing-cases.ts';
import { authorityOf, type Lab } from '../topology/lab.ts';
import { fail, pass, seeing, unknown } from './check.ts';
import { exchangeItem } from './evidence-item.ts';
import { walkSeen } from './describe.ts';
import type { FramingWalk } from '../evidence/corpora.ts';
import { refusedAtEdge } from './refused-at-edge.ts';
import type { Verdict } from './verdict.ts';

/** One verdict for each request that two servers may read differently. */
export function framingCases(
  walks: readonly FramingWalk[],
  lab: Lab,
): readonly (readonly [id: string, verdict: Verdict])[] {
  return FRAMING_CASES.map(({ id }) => {
    const walk = walks.find((one) => one.case.id === id);
    return [id, walk === undefined ? unknown('CASE_NOT_RUN', `nobody sent ${id}`) : judged(walk, lab)];
  });
}

function judged(walk: FramingWalk, lab: Lab): Verdict {
  const who = `a request with ${walk.case.id} (${walk.case.why})`;
  return seeing(smuggled(walk, who) ?? judge(walk, who, lab), exchangeItem(walk));
}

/** What the app saw has to be what the edge saw, and as often. */
function smuggled(
  { hiddenTimes, hiddenAtEdge, appTimes, case: each }: FramingWalk,
  who: string,
): Verdict | undefined {
  const meant = each.outcome.kind === 'judged' ? each.outcome.hidden : 0;
  if (hiddenTimes > meant || hiddenTimes > hiddenAtEdge)
    return fail(
      'HDR_SMUGGLED',
      `the request hidden in ${who} reached the app ${hiddenTimes} times; the edge knows of ${hiddenAtEdge}, meant were ${meant}`,
    );
  return appTimes > 1 ? fail('HDR_SMUGGLED', `${who} reached the app ${appTimes} times`) : undefined;
}

function judge(walk: FramingWalk, who: string, lab: Lab): Verdict {
  const { outcome } = walk.case;
  switch (outcome.kind) {
    case 'refused':
      return refusedAtEdge(walk, outcome.status, who, 'HDR_AMBIGUOUS_ACCEPTED');
    case 'reset':
      return reset(walk, outcome.begun === true, who);
    case 'cut':
      return cut(walk, who);
    case 'judged':
      return asMeant(walk, outcome, who, lab);
  }
}

function reset(walk: FramingWalk, isBegun: boolean, who: string): Verdict {
  const reached = walk.app !== undefined && !isBegun;
  if (reached || walk.echo !== undefined || walk.status !== undefined)
    return fail('HDR_AMBIGUOUS_ACCEPTED', `the edge should end the stream of ${who}; ${walkSeen(walk)}`);
  if (walk.ended === 'timeout' || walk.ended === 'refused' || walk.ended === 'unreachable')
    return unknown('NO_ANSWER', `${who}: ${walkSeen(walk)}`);
  return pass(`the edge ended the stream (${walk.ended})`);
}

/** The edge noticed in the middle: it says so, and the app had no whole request. */
function cut(walk: FramingWalk, who: string): Verdict {
  if (walk.status === undefined) return unknown('NO_ANSWER', `${who}: ${walkSeen(walk)}`);
  if (walk.status === 200 || walk.echo !== undefined)
    return fail('HDR_AMBIGUOUS_ACCEPTED', `${who} was accepted; ${walkSeen(walk)}`);
  if (walk.status !== 400)
    return fail('REFUSED_FOR_OTHER_REASON', `${who} should get 400; ${walkSeen(walk)}`);
  if (walk.edge?.error === undefined)
    return fail('REFUSED_ELSEWHERE', `${who} should be refused by the edge; ${walkSeen(walk)}`);
  return pass(`${walk.status}: ${walk.edge.error}; at the app ${walk.appTimes} times`);
}

function asMeant(
  walk: FramingWalk,
  { hidden, body }: { readonly hidden: 0 | 1; readonly body?: string },
  who: string,
  lab: Lab,
): Verdict {
  const { echo } = walk;
  if (echo === undefined || walk.appTimes === 0)
    return unknown('NO_ECHO', `${who} did not come back: ${walkSeen(walk)}`);
  // The client leaves when it has its first answer; a second request that it did not wait for tells nothing.
  const followed = Math.min(hidden, walk.hiddenAnswered);
  if (walk.hiddenTimes < followed)
    return unknown('NO_RECORD', `${who}: the app has no record of the second request`);
  const host = echo.headers['host']?.join();
  if (host !== authorityOf(lab))
    return fail('HDR_AMBIGUOUS_ACCEPTED', `${who} arrived with Host ${host ?? 'none'}`);
  if (body !== undefined && echo.body !== body)
    return fail(
      'HDR_SMUGGLED',
      `${who} arrived with the body ${JSON.stringify(echo.body)}, meant was ${JSON.stringify(body)}`,
    );
  return pass(`${1 + followed} at the edge, ${1 + followed} at the app`);
}
