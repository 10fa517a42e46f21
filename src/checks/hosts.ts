import { HOST_CASES } from '../cases/host-cases.ts';
import type { Lab } from '../topology/lab.ts';
import { fail, pass, seeing, unknown } from './check.ts';
import { exchangeItem } from './evidence-item.ts';
import { walkSeen } from './describe.ts';
import type { HostWalk } from '../evidence/corpora.ts';
import { refusedAtEdge } from './refused-at-edge.ts';
import { notFromApp } from './refusal.ts';
import type { Verdict } from './verdict.ts';

/** One verdict for each pair of SNI and Host. */
export function hostCases(
  walks: readonly HostWalk[],
  lab: Lab,
): readonly (readonly [id: string, verdict: Verdict])[] {
  return HOST_CASES.map(({ id }) => {
    const walk = walks.find((one) => one.case.id === id);
    return [id, walk === undefined ? unknown('CASE_NOT_RUN', `nobody sent ${id}`) : judgeHost(walk, lab)];
  });
}

function judgeHost(walk: HostWalk, lab: Lab): Verdict {
  const { sni, host, outcome, protocol } = walk.case;
  const who = `Host ${host} on a connection for ${sni ?? 'nobody'} (${protocol})`;
  switch (outcome) {
    case 'misdirected':
      return refusedAtEdge(walk, 421, who, 'EDGE_NOT_MISDIRECTED');
    case 'alert':
      return seeing(nameless(walk, who), exchangeItem(walk));
    case 'httpbin':
      return (
        notFromApp(walk, who, 'EDGE_NOT_MISDIRECTED') ?? pass('the host’s own app, under its own policy')
      );
    case 'auth':
      return seeing(fromIdp(walk, who, lab), exchangeItem(walk));
  }
}

function nameless(walk: HostWalk, who: string): Verdict {
  if (walk.ended === 'data')
    return fail('EDGE_CATCH_ALL_CERTIFICATE', `${who} was served: ${walkSeen(walk)}`);
  if (walk.ended !== 'alert') return unknown('NO_ANSWER', `${who}: ${walkSeen(walk)}`);
  return ['internal_error', 'unrecognized_name'].includes(walk.alert ?? '')
    ? pass(`alert ${walk.alert}`)
    : fail('REFUSED_FOR_OTHER_REASON', `${who}: alert ${walk.alert ?? '(unnamed)'}`);
}

/** The IdP knows no /headers: its own 404, and nothing in the mesh. */
function fromIdp(walk: HostWalk, who: string, lab: Lab): Verdict {
  if (walk.status === undefined || walk.edge === undefined)
    return unknown('NO_RECORD', `${who}: ${walkSeen(walk)}`);
  const idp = `${lab.containers.idp}:${lab.idpPort}`;
  const own = walk.status === 404 && walk.edge.upstream === idp && walk.gateway === undefined;
  return own
    ? pass('the host’s own component')
    : fail(
        'EDGE_NOT_MISDIRECTED',
        `${who} should be answered by ${idp}; ${walk.edge.upstream ?? 'nobody'}, ${walkSeen(walk)}`,
      );
}
