import { ADMIN } from '../sample/names.ts';
import { OWN_ANSWERS } from '../cases/own-answers/own-answers.ts';
import type { Lab } from '../topology/lab.ts';
import { fail, pass, skip, unknown } from './check.ts';
import { wireSeen } from './describe.ts';
import type { WireResult } from '../evidence/wire-result.ts';
import type { OwnRequest } from '../evidence/own-answers.ts';
import type { Verdict } from './verdict.ts';

/** One verdict for each entry of the list of what the edge answers by itself. */
export function ownAnswerCases(
  requests: readonly OwnRequest[],
  lab: Lab,
): readonly (readonly [id: string, verdict: Verdict])[] {
  return OWN_ANSWERS.map(({ id, strictOnly, begun }) => {
    const traced = requests.find((one) => one.case.id === id);
    if (traced !== undefined) return [id, judge(traced)];
    if (begun === true && requests.length > 0)
      return [id, skip(`it needs a token of ${ADMIN}, who could not sign in`)];
    if (strictOnly === true && !lab.strictPaths)
      return [
        id,
        skip(
          '`edge.strictPaths` is not set: the edge forwards such paths, and policies evaluate them (MD-HDR-009)',
        ),
      ];
    return [id, unknown('CASE_NOT_RUN', `${id} was not sent`)];
  });
}

function judge(traced: OwnRequest): Verdict {
  const { case: each, wire, edge, isBehind } = traced;
  const who = `${each.id} (${each.why})`;
  if (isBehind && each.begun !== true)
    return fail('EDGE_ANSWERS_OTHERWISE', `${who} passed the edge: ${wireSeen(wire)}`);
  if (each.begun === true && refusedBehind(wire))
    return skip(
      `a component behind the edge refused the request headers (${wire.status}) before the edge had read the body`,
    );
  const other = otherAnswer(traced, who);
  if (other !== undefined) return other;
  if (each.record === true)
    return edge === undefined
      ? fail('EDGE_UNRECORDED', `the edge answers ${who}, and its log has no record of it`)
      : pass(`${seenOf(traced)}, with a record (${edge.status})`);
  return edge === undefined
    ? pass(`${seenOf(traced)}; no record: ${each.record}`)
    : fail('EDGE_ANSWERS_OTHERWISE', `${who} now has a record (${edge.status}), but the list expects none`);
}

/** Where the way refuses the honest request too, its answer may come first. */
function refusedBehind({ status, headers }: WireResult): boolean {
  return headers['via'] !== undefined && (status === 401 || status === 403);
}

function otherAnswer({ case: { answer }, wire, first }: OwnRequest, who: string): Verdict | undefined {
  const otherwise = (wanted: string, seen: string): Verdict =>
    wire.ended === 'timeout' || wire.ended === 'refused' || wire.ended === 'unreachable'
      ? unknown('NO_ANSWER', `${who}: ${wireSeen(wire)}`)
      : fail('EDGE_ANSWERS_OTHERWISE', `${who} should get ${wanted}, got ${seen}`);
  switch (answer.kind) {
    case 'status': {
      const seen = [wire.status ?? wireSeen(wire), JSON.stringify(wire.body.slice(0, 80))];
      const isOwn = wire.status === answer.status && wire.body === answer.body;
      const via = wire.headers['via'];
      if (isOwn && via === undefined) return undefined;
      const from = via === undefined ? [] : [`via ${via}`];
      return otherwise(`${answer.status} ${JSON.stringify(answer.body)}`, [...seen, ...from].join(' '));
    }
    case 'bytes':
      return first === answer.text
        ? undefined
        : otherwise(JSON.stringify(answer.text), JSON.stringify(first.slice(0, 80)));
    case 'alert':
      return wire.ended === 'alert' && wire.alert === answer.alert
        ? undefined
        : otherwise(`the alert ${answer.alert}`, wireSeen(wire));
    case 'closed':
      return (wire.ended === 'closed' || wire.ended === 'reset') && first === ''
        ? undefined
        : otherwise('an end without data', wireSeen(wire));
    case 'stream-reset':
      return wire.status === undefined && wire.ended !== 'timeout'
        ? undefined
        : otherwise('an end of the stream', wireSeen(wire));
  }
}

function seenOf({ wire }: OwnRequest): string {
  return wire.status === undefined ? wireSeen(wire) : String(wire.status);
}
