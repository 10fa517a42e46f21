import { APP_ID } from '../sample/names.ts';
import { HOST_CASES } from '../cases/host-cases.ts';
import type { Lab } from '../topology/lab.ts';
import { fail, pass, seeing, unknown } from './check.ts';
import { exchangeItem } from './evidence-item.ts';
import { requestSeen } from './describe.ts';
import type { HostRequest } from '../evidence/corpora.ts';
import { refusedAtEdge } from './refused-at-edge.ts';
import { notFromApp } from './refusal.ts';
import type { Verdict } from './verdict.ts';

/** One verdict for each pair of SNI and Host. */
export function hostCases(
  requests: readonly HostRequest[],
  lab: Lab,
): readonly (readonly [id: string, verdict: Verdict])[] {
  return HOST_CASES.map(({ id }) => {
    const traced = requests.find((one) => one.case.id === id);
    return [
      id,
      traced === undefined ? unknown('CASE_NOT_RUN', `${id} was not sent`) : judgeHost(traced, lab),
    ];
  });
}

function judgeHost(traced: HostRequest, lab: Lab): Verdict {
  const { sni, host, outcome, protocol } = traced.case;
  const who = `Host ${host} on a connection for ${sni ?? 'no SNI'} (${protocol})`;
  switch (outcome) {
    case 'misdirected':
      return refusedAtEdge(traced, 421, who, 'EDGE_NOT_MISDIRECTED');
    case 'alert':
      return seeing(nameless(traced, who), exchangeItem(traced));
    case APP_ID:
      return (
        notFromApp(traced, who, 'EDGE_NOT_MISDIRECTED') ?? pass('the host’s own app, under its own policy')
      );
    case 'auth':
      return seeing(fromIdp(traced, who, lab), exchangeItem(traced));
  }
}

function nameless(traced: HostRequest, who: string): Verdict {
  if (traced.ended === 'data')
    return fail('EDGE_CATCH_ALL_CERTIFICATE', `${who} was served: ${requestSeen(traced)}`);
  if (traced.ended !== 'alert') return unknown('NO_ANSWER', `${who}: ${requestSeen(traced)}`);
  return ['internal_error', 'unrecognized_name'].includes(traced.alert ?? '')
    ? pass(`alert ${traced.alert}`)
    : fail('REFUSED_FOR_OTHER_REASON', `${who}: alert ${traced.alert ?? '(unnamed)'}`);
}

/** The IdP knows no /headers: its own 404, and nothing in the mesh. */
function fromIdp(traced: HostRequest, who: string, lab: Lab): Verdict {
  if (traced.status === undefined || traced.edge === undefined)
    return unknown('NO_RECORD', `${who}: ${requestSeen(traced)}`);
  const idp = `${lab.containers.idp}:${lab.idpPort}`;
  const own = traced.status === 404 && traced.edge.upstream === idp && traced.gateway === undefined;
  return own
    ? pass('the host’s own component')
    : fail(
        'EDGE_NOT_MISDIRECTED',
        `${who} should be answered by ${idp}; ${traced.edge.upstream ?? 'no upstream'}, ${requestSeen(traced)}`,
      );
}
