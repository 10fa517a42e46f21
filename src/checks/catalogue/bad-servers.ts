import { CLIENT_SAYS } from '../../cases/certificates/client-says.ts';
import { FLAWS } from '../../cases/certificates/flaws.ts';
import { EDGE_SERVERS, GATEWAY_SERVERS, SIDECAR_SERVERS } from '../../cases/certificates/verifiers.ts';
import { type AnyCheck, defineCheck, eachCase, fail, pass, seeing, skip, unknown } from '../check.ts';
import { wireSeen } from '../describe.ts';
import { handshakeItem } from '../evidence-item.ts';
import type {
  ClientOpinion,
  EdgeDecoys,
  ServerControl,
  ServerProbe,
  UpstreamDecoys,
} from '../../evidence/bad-certificates.ts';
import { blindTo } from '../unlike-own-judge.ts';
import type { ReasonCode } from '../reasons.ts';
import { nothingSeen } from '../refusal.ts';
import type { Verdict } from '../verdict.ts';

/** The one cell that has a check of its own: it is what the name constraints are for. */
const OUTSIDE = 'outside-constraint';

type Named = readonly [id: string, verdict: Verdict];

export const EDGE_DECOY_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-EDGE-016',
    title: 'the clients of this machine speak to an honest server in the edge’s place (their control)',
    impact: 'a client refuses everybody, so its refusals prove nothing',
    hint: 'the client’s own words in the message',
    hop: 'client->edge',
    polarity: 'positive',
    mode: 'twin',
    blocking: false,
    evidence: ['edge.twins'],
    judge: ({ 'edge.twins': { control, absent } }) =>
      eachCase([
        ...control.map(({ client, accepted, said }): Named => [
          client,
          accepted
            ? pass(said)
            : fail(
                'EDGE_GOOD_SERVER_REFUSED',
                `${client} refuses an honest server in the edge's place: ${said}`,
              ),
        ]),
        ...absent.map(notHere),
      ]),
  }),
  defineCheck({
    id: 'MD-EDGE-006',
    title: 'a leaf of our CA for a foreign name is refused',
    impact: 'the name constraints of the edge’s CA have no effect: in a trust store it could sign any site',
    hint: '`meshdev check MD-EDGE-005`; the verifier named',
    hop: 'client->edge',
    polarity: 'negative',
    refuser: 'client',
    control: 'MD-EDGE-016',
    mode: 'twin',
    blocking: false,
    evidence: ['edge.twins'],
    judge: ({ 'edge.twins': decoys }) => {
      const probe = decoys.probes.find((each) => each.case.id === OUTSIDE);
      if (probe === undefined) return unknown('CASE_NOT_RUN', `no server showed ${OUTSIDE}`);
      return eachCase([
        ['own-judge', blindTo(probe) ?? pass(probe.case.reason)],
        ...probe.opinions.map((opinion): Named => [opinion.client, clientRefused(probe, opinion)]),
        ...decoys.absent.map(notHere),
      ]);
    },
  }),
  defineCheck({
    id: 'MD-EDGE-015',
    title: 'the clients of this machine refuse a server in the edge’s place with any other bad certificate',
    impact: 'whoever takes the edge’s port or name is believed',
    hint: 'the client named: what it trusts, and its environment',
    hop: 'client->edge',
    polarity: 'negative',
    refuser: 'client',
    control: 'MD-EDGE-016',
    mode: 'twin',
    blocking: false,
    evidence: ['edge.twins'],
    judge: ({ 'edge.twins': decoys }) =>
      eachCase(
        EDGE_SERVERS.filter(({ id, tolerable }) => id !== OUTSIDE && !tolerable).map(({ id }): Named => [
          id,
          allRefused(id, decoys),
        ]),
      ),
  }),
];

function notHere(client: string): Named {
  return [client, skip(`${client} is not on this machine, or too old to say what it refused`)];
}

function allRefused(id: string, { probes }: EdgeDecoys): Verdict {
  const probe = probes.find((each) => each.case.id === id);
  if (probe === undefined) return unknown('CASE_NOT_RUN', `no server showed ${id}`);
  const verdicts = probe.opinions.map((opinion) => clientRefused(probe, opinion));
  const red = blindTo(probe) ?? verdicts.find(({ kind }) => kind !== 'pass');
  if (red !== undefined) return red;
  return verdicts.length === 0
    ? unknown('CASE_NOT_RUN', `no client saw a server with ${id}`)
    : pass(probe.opinions.map(({ client, said }) => `${client}: ${said}`).join(' · '));
}

function clientRefused(
  { case: each }: EdgeDecoys['probes'][number],
  { client, accepted, said }: ClientOpinion,
): Verdict {
  if (accepted)
    return fail(
      'EDGE_BAD_SERVER_ACCEPTED',
      `${client} speaks to a server in the edge's place that shows ${each.id} (${each.why})`,
      [],
    );
  const wanted = wantedOf(each.id, client);
  return wanted.test(said)
    ? pass(`${client}: ${said}`)
    : fail(
        'REFUSED_FOR_OTHER_REASON',
        `${client} should refuse ${each.id} (${each.why}) with /${wanted.source}/; it said: ${said}`,
      );
}

/** curl's TLS library may be any; its exit codes are its own: 60 the certificate, 35 the handshake with it. */
function wantedOf(id: string, client: string): RegExp {
  const flaw = FLAWS.find((each) => each.id === id);
  if (flaw === undefined || client === 'curl') return /^(60|35) /;
  const { node, openssl } = CLIENT_SAYS[flaw.id];
  return client === 'node' ? new RegExp(`^${node}$`) : new RegExp(`^${openssl} `);
}

export const UPSTREAM_DECOY_CHECKS: readonly AnyCheck[] = [
  ...upstreamChecks({
    control: 'MD-EGW-014',
    controlTitle: 'the edge speaks to an honest server in the gateway’s place (control of the bad ones)',
    id: 'MD-EGW-013',
    title:
      'a gateway certificate of another CA, another name, out of time, or bad in any other way is refused by the edge',
    impact: 'the edge gives tokens to anyone who takes the gateway’s address',
    hint: '`meshdev check MD-EGW-002`',
    hop: 'edge->gateway',
    refuser: 'edge',
    evidence: 'gateway.twins',
    cases: GATEWAY_SERVERS.filter(({ tolerable }) => !tolerable).map(({ id }) => id),
    accepted: 'EGW_BAD_GATEWAY_ACCEPTED',
    refused: 'EGW_GOOD_GATEWAY_REFUSED',
  }),
  ...upstreamChecks({
    control: 'MD-MESH-019',
    controlTitle: 'the gateway speaks to an honest server in the app’s place (control of the bad ones)',
    id: 'MD-MESH-010',
    title: 'a server without the expected SPIFFE id, or with a bad certificate, is refused by the gateway',
    impact: 'the gateway gives requests to anyone who takes a pod’s address',
    hint: 'DestinationRules: `meshdev check MD-MESH-013`',
    hop: 'gateway->sidecar',
    refuser: 'gateway',
    evidence: 'sidecar.twins',
    cases: SIDECAR_SERVERS.filter(({ tolerable }) => !tolerable).map(({ id }) => id),
    accepted: 'MESH_BAD_SERVER_ACCEPTED',
    refused: 'MESH_GOOD_SERVER_REFUSED',
  }),
];

interface Upstream extends Pick<AnyCheck, 'id' | 'title' | 'impact' | 'hint' | 'hop'> {
  readonly control: AnyCheck['id'];
  readonly controlTitle: string;
  readonly refuser: 'edge' | 'gateway';
  readonly evidence: 'gateway.twins' | 'sidecar.twins';
  readonly cases: readonly string[];
  readonly accepted: ReasonCode;
  readonly refused: ReasonCode;
}

function upstreamChecks(upstream: Upstream): readonly AnyCheck[] {
  const { id, title, impact, hint, hop, refuser, control, evidence, cases, accepted, refused } = upstream;
  const common = { hop, mode: 'twin', blocking: false, evidence: [evidence] } as const;
  return [
    defineCheck({
      ...common,
      id: control,
      title: upstream.controlTitle,
      impact: 'it refuses everybody on that way, so its refusals prove nothing',
      hint,
      polarity: 'positive',
      judge: (found) => honestAccepted(found[evidence].control, refuser, refused),
    }),
    defineCheck({
      ...common,
      id,
      title,
      impact,
      hint,
      polarity: 'negative',
      refuser,
      control,
      judge: (found) =>
        eachCase(cases.map((each): Named => [each, serverRefused(found[evidence], each, refuser, accepted)])),
    }),
  ];
}

function honestAccepted({ answer, seen, record }: ServerControl, who: string, code: ReasonCode): Verdict {
  const verdict =
    nothingSeen(answer, `the ${who} before an honest server`) ??
    neverCame({ answer, seen }, who) ??
    (answer.status === 200 && (seen?.requests ?? 0) > 0
      ? pass('200 from the server itself')
      : fail(
          code,
          `the ${who} before an honest server: ${wireSeen(answer)}; ${record ?? 'no words of its own'}`,
        ));
  return seeing(verdict, handshakeItem(answer));
}

/** Who was not led to the server says nothing about it: istiod may not have told the gateway of it yet. */
function neverCame(
  { answer, seen }: Pick<ServerControl, 'answer' | 'seen'>,
  who: string,
): Verdict | undefined {
  if (seen?.connections !== 0 || answer.status === 200) return undefined;
  const why =
    who === 'gateway' && answer.status === 404 ? ': it has no route there yet, istiod sends it' : '';
  return unknown('NOT_REACHED', `the ${who} never came to an honest server${why}; ${wireSeen(answer)}`);
}

/** The bad server saw the client come and no request of it; the client itself says why. */
function serverRefused({ probes }: UpstreamDecoys, id: string, who: string, code: ReasonCode): Verdict {
  const probe = probes.find((each) => each.case.id === id);
  if (probe === undefined) return unknown('CASE_NOT_RUN', `no server showed ${id}`);
  return seeing(judgeServer(probe, who, code), handshakeItem(probe.answer), {
    kind: 'fact',
    what: `what the server with ${id} saw`,
    seen: `${probe.seen?.connections ?? 'unknown'} connections, ${probe.seen?.requests ?? 'unknown'} requests`,
  });
}

function judgeServer(
  { case: each, answer, seen, record }: ServerProbe,
  who: string,
  code: ReasonCode,
): Verdict {
  const what = `a server that showed ${each.id} (${each.why})`;
  if ((seen?.requests ?? 0) > 0 || answer.status === 200)
    return fail(code, `the ${who} gave a request to ${what}: ${wireSeen(answer)}`);
  if (seen === undefined || seen.error !== undefined)
    return unknown('NO_RECORD', `${what} could not listen: ${seen?.error ?? 'it said nothing'}`);
  const unseen = nothingSeen(answer, what);
  if (unseen !== undefined) return unseen;
  if (seen.connections === 0)
    return unknown('NOT_REACHED', `the ${who} never came to ${what}; ${wireSeen(answer)}`);
  if (record === undefined)
    return unknown(
      'NO_RECORD',
      `${what} got no request, but the ${who} did not say why: ${wireSeen(answer)}`,
    );
  return record.includes(each.says)
    ? pass(each.says)
    : fail(
        'REFUSED_FOR_OTHER_REASON',
        `${what} should be refused because of "${each.says}"; the ${who} says: ${record}`,
      );
}
