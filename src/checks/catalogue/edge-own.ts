import { APP_ID } from '../../sample/names.ts';
import { type AnyCheck, defineCheck, eachCase, fail, pass, unknown } from '../check.ts';
import type { EdgeWire } from '../../evidence/wires.ts';
import type { WireResult } from '../../evidence/wire-result.ts';
import type { OwnRequest, SessionGiven } from '../../evidence/own-answers.ts';
import { ownAnswerCases } from '../own-answers.ts';
import type { Verdict } from '../verdict.ts';

export const EDGE_OWN_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-EDGE-017',
    title:
      'the edge itself answers only the requests on its list, and logs each one unless the list gives a reason',
    impact: 'the edge answers requests before any policy applies, or does not log them',
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
    title: 'the edge issues no resumable TLS sessions: a session of one public name would be valid for all',
    impact: 'a connection for one name can use the handshake for another one, for up to seven days',
    hint: '`client_auth` in the Caddyfile: the empty block disables session tickets',
    hop: 'client->edge',
    polarity: 'positive',
    blocking: false,
    evidence: ['edge.sessions'],
    judge: ({ 'edge.sessions': seen }) =>
      eachCase(seen.map((each) => [each.host.split('.')[0] ?? each.host, noSession(each)])),
  }),
  defineCheck({
    id: 'MD-EDGE-019',
    title: 'no response of the edge or the IdP sets HSTS',
    impact: 'the browser uses HTTPS for all ports of the name, and other programs there stop working',
    hint: '`header` directives in the Caddyfile',
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
      `the edge issues a session for ${host}; it encrypts the sessions of all names with the same keys`,
    );
  return error === undefined ? pass() : unknown('NO_ANSWER', `requesting a session for ${host}: ${error}`);
}

/** Those that were answered over HTTP. */
function answersOf(
  { [APP_ID]: app, auth, crossed }: EdgeWire,
  own: readonly OwnRequest[],
): readonly (readonly [id: string, wire: WireResult])[] {
  const answered = own.filter(({ wire }) => wire.status !== undefined);
  return [
    [APP_ID, app],
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
    : fail('EDGE_PINS_HTTPS', `the response to ${id} has Strict-Transport-Security: ${pin}`);
}
