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
    title:
      'the clients of this machine accept a server with a valid certificate in place of the edge (control)',
    impact: 'a client refuses every server, so its refusals are not evidence',
    hint: 'the output of the client in the message',
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
                `${client} refuses a server with a valid certificate in place of the edge: ${said}`,
              ),
        ]),
        ...absent.map(notHere),
      ]),
  }),
  defineCheck({
    id: 'MD-EDGE-006',
    title: 'the clients refuse a leaf certificate of the edge CA for a name outside the zone',
    impact:
      'the name constraints of the edge CA have no effect: in a trust store, it could sign a certificate for any site',
    hint: '`meshdev check MD-EDGE-005`; the client that the message names',
    hop: 'client->edge',
    polarity: 'negative',
    refuser: 'client',
    control: 'MD-EDGE-016',
    mode: 'twin',
    blocking: false,
    evidence: ['edge.twins'],
    judge: ({ 'edge.twins': decoys }) => {
      const probe = decoys.probes.find((each) => each.case.id === OUTSIDE);
      if (probe === undefined) return unknown('CASE_NOT_RUN', `no server presented ${OUTSIDE}`);
      return eachCase([
        ['own-judge', blindTo(probe) ?? pass(probe.case.reason)],
        ...probe.opinions.map((opinion): Named => [opinion.client, clientRefused(probe, opinion)]),
        ...decoys.absent.map(notHere),
      ]);
    },
  }),
  defineCheck({
    id: 'MD-EDGE-015',
    title:
      'the clients of this machine refuse a server with any other invalid certificate in place of the edge',
    impact: 'a client trusts any server that takes over the port or the name of the edge',
    hint: 'the trust store and the environment of the client that the message names',
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
  return [client, skip(`${client} is not installed, or too old to report why it refused`)];
}

function allRefused(id: string, { probes }: EdgeDecoys): Verdict {
  const probe = probes.find((each) => each.case.id === id);
  if (probe === undefined) return unknown('CASE_NOT_RUN', `no server presented ${id}`);
  const verdicts = probe.opinions.map((opinion) => clientRefused(probe, opinion));
  const red = blindTo(probe) ?? verdicts.find(({ kind }) => kind !== 'pass');
  if (red !== undefined) return red;
  return verdicts.length === 0
    ? unknown('CASE_NOT_RUN', `no client connected to a server with ${id}`)
    : pass(probe.opinions.map(({ client, said }) => `${client}: ${said}`).join(' · '));
}

function clientRefused(
  { case: each }: EdgeDecoys['probes'][number],
  { client, accepted, said }: ClientOpinion,
): Verdict {
  if (accepted)
    return fail(
      'EDGE_BAD_SERVER_ACCEPTED',
      `${client} accepts a server in place of the edge that presents ${each.id} (${each.why})`,
      [],
    );
  const wanted = wantedOf(each.id, client);
  return wanted.test(said)
    ? pass(`${client}: ${said}`)
    : fail(
        'REFUSED_FOR_OTHER_REASON',
        `${client} should refuse ${each.id} (${each.why}) with /${wanted.source}/; its output: ${said}`,
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
    controlTitle:
      'the edge accepts a server with a valid certificate in place of the gateway (control of the invalid ones)',
    id: 'MD-EGW-013',
    title:
      'the edge refuses a gateway certificate of another CA, for another name, outside its validity period, or invalid in any other way',
    impact: 'the edge sends tokens to any server that takes over the address of the gateway',
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
    controlTitle:
      'the gateway accepts a server with a valid certificate in place of the app (control of the invalid ones)',
    id: 'MD-MESH-010',
    title: 'the gateway refuses a server without the expected SPIFFE ID, or with an invalid certificate',
    impact: 'the gateway sends requests to any server that takes over the address of a pod',
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
      impact: 'the client refuses every server on this path, so its refusals are not evidence',
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
    nothingSeen(answer, `the ${who} with a valid server`) ??
    neverCame({ answer, seen }, who) ??
    (answer.status === 200 && (seen?.requests ?? 0) > 0
      ? pass('200 from the server itself')
      : fail(code, `the ${who} with a valid server: ${wireSeen(answer)}; ${record ?? 'no log record'}`));
  return seeing(verdict, handshakeItem(answer));
}

/** Who was not led to the server says nothing about it: istiod may not have told the gateway of it yet. */
function neverCame(
  { answer, seen }: Pick<ServerControl, 'answer' | 'seen'>,
  who: string,
): Verdict | undefined {
  if (seen?.connections !== 0 || answer.status === 200) return undefined;
  const why =
    who === 'gateway' && answer.status === 404 ? ': it has no route to the server yet; istiod sends it' : '';
  return unknown('NOT_REACHED', `the ${who} did not connect to a valid server${why}; ${wireSeen(answer)}`);
}

/** The bad server saw the client come and no request of it; the client itself says why. */
function serverRefused({ probes }: UpstreamDecoys, id: string, who: string, code: ReasonCode): Verdict {
  const probe = probes.find((each) => each.case.id === id);
  if (probe === undefined) return unknown('CASE_NOT_RUN', `no server presented ${id}`);
  return seeing(judgeServer(probe, who, code), handshakeItem(probe.answer), {
    kind: 'fact',
    what: `the requests at the server with ${id}`,
    seen: `${probe.seen?.connections ?? 'unknown'} connections, ${probe.seen?.requests ?? 'unknown'} requests`,
  });
}

function judgeServer(
  { case: each, answer, seen, record }: ServerProbe,
  who: string,
  code: ReasonCode,
): Verdict {
  const what = `a server that presented ${each.id} (${each.why})`;
  if ((seen?.requests ?? 0) > 0 || answer.status === 200)
    return fail(code, `the ${who} sent a request to ${what}: ${wireSeen(answer)}`);
  if (seen === undefined || seen.error !== undefined)
    return unknown('NO_RECORD', `${what} could not listen: ${seen?.error ?? 'no error message'}`);
  const unseen = nothingSeen(answer, what);
  if (unseen !== undefined) return unseen;
  if (seen.connections === 0)
    return unknown('NOT_REACHED', `the ${who} did not connect to ${what}; ${wireSeen(answer)}`);
  if (record === undefined)
    return unknown(
      'NO_RECORD',
      `${what} got no request, but the ${who} did not log why: ${wireSeen(answer)}`,
    );
  return record.includes(each.says)
    ? pass(each.says)
    : fail(
        'REFUSED_FOR_OTHER_REASON',
        `${what} should be refused because of "${each.says}"; the ${who} logged: ${record}`,
      );
}
