import { type AnyCheck, defineCheck, eachCase, fail, pass, unknown } from '../check.ts';
import type { EdgeWire } from '../../evidence/wires.ts';
import type { WireResult } from '../../evidence/wire-result.ts';
import type { OwnRequest, SessionGiven } from '../../evidence/own-answers.ts';
import { ownAnswerCases } from '../own-answers.ts';
import type { Verdict } from '../verdict.ts';

export const EDGE_OWN_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-EDGE-017',
    title: 'what the edge answers by itself is on its list, and is recorded unless the list says why not',
    impact: 'requests are answered before any policy, or nobody can see that they came',
    hint: '`docker logs meshdev-demo-edge`; the list in `meshdev docs edge`',
    hop: 'client->edge',
    polarity: 'negative',
    refuser: 'edge',
    control: 'MD-EDGE-001',
    blocking: false,
    evidence: ['edge.own'],
    judge: ({ 'edge.own': walks }, { lab }) => eachCase(ownAnswerCases(walks, lab)),
  }),
  defineCheck({
    id: 'MD-EDGE-018',
    title: 'the edge gives no TLS session to be resumed: one of a public name would be good for all',
    impact: 'a connection for one name rests on a handshake with another one, for up to seven days',
    hint: '`client_auth` in the Caddyfile: the empty block turns tickets off',
    hop: 'client->edge',
    polarity: 'positive',
    blocking: false,
    evidence: ['edge.sessions'],
    judge: ({ 'edge.sessions': seen }) =>
      eachCase(seen.map((each) => [each.host.split('.')[0] ?? each.host, noSession(each)])),
  }),
  defineCheck({
    id: 'MD-EDGE-019',
    title: 'no answer of the edge or the IdP binds a browser to HTTPS (HSTS)',
    impact: 'other programs on the same name and other ports stop working in that browser',
    hint: '`header` lines of the edge',
    hop: 'client->edge',
    polarity: 'positive',
    blocking: false,
    evidence: ['edge.wire', 'edge.own'],
    judge: ({ 'edge.wire': wires, 'edge.own': own }) =>
      eachCase(answersOf(wires, own).map(([id, wire]) => [id, unpinned(id, wire)])),
  }),
];

function noSession({ host, given, error }: SessionGiven): Verdict {
  if (given)
    return fail(
      'EDGE_RESUMES_ACROSS',
      `the edge gives a session for ${host}; it seals those of all names with the same keys`,
    );
  return error === undefined ? pass() : unknown('NO_ANSWER', `whether ${host} gives a session: ${error}`);
}

/** Those that were answered over HTTP. */
function answersOf(
  { httpbin, auth, crossed }: EdgeWire,
  own: readonly OwnRequest[],
): readonly (readonly [id: string, wire: WireResult])[] {
  const answered = own.filter(({ wire }) => wire.status !== undefined);
  return [
    ['httpbin', httpbin],
    ['auth', auth],
    ['crossed', crossed],
    ...answered.map((traced) => [traced.case.id, traced.wire] as const),
  ];
}

function unpinned(id: string, { status, headers }: WireResult): Verdict {
  if (status === undefined) return unknown('NO_ANSWER', `${id} was not answered`);
  const pin = headers['strict-transport-security'];
  return pin === undefined
    ? pass()
    : fail('EDGE_PINS_HTTPS', `the answer to ${id} carries Strict-Transport-Security: ${pin}`);
}
