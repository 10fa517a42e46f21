import { spiffeId } from '../topology/identity.ts';
import type { Lab } from '../topology/lab.ts';
import { fingerprintsOf } from '../trust/fingerprints.ts';
import { parseXfcc, xfccValues } from '../trust/xfcc.ts';
import { fail, pass, seeing, unknown, warn } from './check.ts';
import { walkSeen } from './describe.ts';
import type { Anchors } from '../evidence/certificates.ts';
import type { Walk } from '../evidence/walk.ts';
import type { Continuity, ShotWalk, Turn } from '../evidence/corpora.ts';
import { exchangeItem } from './evidence-item.ts';
import { RBAC_DEFAULT } from '../records/rbac-words.ts';
import { refusedBySidecar } from './refusal.ts';
import type { Verdict } from './verdict.ts';

/** SHA-256 of the edge's client certificate as its owner, the gateway and the app know it. */
export function oneCertificate(walk: Walk, { edgeClientPem }: Anchors): Verdict {
  if (walk.gateway === undefined || walk.echo === undefined)
    return unknown('NO_RECORD', `no record at the gateway or no echo of the app; ${walkSeen(walk)}`);
  const xfcc = parseXfcc(walk.echo.headers['x-forwarded-client-cert']?.join(',') ?? '');
  const first = xfcc.kind === 'elements' ? xfcc.elements[0] : undefined;
  const digests = {
    'the edge’s own': fingerprintsOf(edgeClientPem)[0],
    'at the gateway': walk.gateway.downstream_peer_fingerprint,
    'in the first XFCC element': first === undefined ? undefined : xfccValues(first, 'Hash').join(),
  };
  if (new Set(Object.values(digests)).size === 1 && digests['the edge’s own'] !== undefined)
    return pass(`sha256:${digests['the edge’s own']}`);
  const told = Object.entries(digests).map(([where, digest]) => `${where} ${digest ?? 'none'}`);
  return fail('CONT_OTHER_CERTIFICATE', `the client certificate of the edge: ${told.join(' · ')}`);
}

/** Each came back from the app itself, under its own id, and the app wrote of it once. */
export function onceEach(nonces: Continuity['nonces']): Verdict {
  const silent = nonces.find(({ walk }) => walk.status === undefined);
  if (silent !== undefined) return unknown('NO_ANSWER', `nonce ${silent.nonce}: ${walkSeen(silent.walk)}`);
  const broken = nonces.find(({ walk }) => walk.status !== 200);
  if (broken !== undefined) return unknown('PATH_BROKEN', `nonce ${broken.nonce}: ${walkSeen(broken.walk)}`);
  const strange = nonces.find(
    ({ nonce, walk }) =>
      walk.echo?.url?.endsWith(`?nonce=${nonce}`) !== true || idAtApp(walk) !== walk.meshdevId,
  );
  if (strange !== undefined)
    return seeing(
      fail('CONT_NOT_ONCE', `nonce ${strange.nonce} came back as ${strange.walk.echo?.url ?? 'no echo'}`),
      exchangeItem(strange.walk),
    );
  const ids = new Set(nonces.map(({ walk }) => walk.meshdevId));
  const times = nonces.reduce((sum, { walk }) => sum + walk.appTimes, 0);
  const repeated = nonces.find(({ walk }) => walk.appTimes > 1);
  if (repeated === undefined && times < nonces.length)
    return unknown('NO_RECORD', `${nonces.length} nonces, but the app wrote of ${times}`);
  return repeated === undefined && ids.size === nonces.length
    ? pass(`${nonces.length} nonces, ${ids.size} ids, ${times} times at the app`)
    : fail('CONT_NOT_ONCE', `${nonces.length} nonces, ${ids.size} ids, ${times} times at the app`);
}

function idAtApp({ echo }: Walk): string | undefined {
  return echo?.headers['x-meshdev-id']?.join();
}

/** Every turn came back with its own user's subject, and they did share a connection. */
export function neverMixed(turns: readonly Turn[]): Verdict {
  const mixed = turns.find(({ user, walk }) => {
    const seen = [walk.echo?.subject, walk.sidecar?.jwt_subject].filter((each) => each !== undefined);
    return seen.some((each) => each !== user);
  });
  if (mixed !== undefined)
    return seeing(
      fail(
        'CONT_USERS_MIXED',
        `a request of ${mixed.user} was judged as ${mixed.walk.sidecar?.jwt_subject ?? 'nobody'} and arrived as ${mixed.walk.echo?.subject ?? 'nobody'}`,
      ),
      exchangeItem(mixed.walk),
    );
  const lost = turns.find(({ walk }) => walk.echo?.subject === undefined);
  if (lost !== undefined)
    return unknown('NO_ECHO', `a request of ${lost.user} did not come back: ${walkSeen(lost.walk)}`);
  const connections = new Set(turns.map(({ walk }) => walk.connection));
  return connections.size === 1 && turns.length > 1
    ? pass(`${turns.length} requests over one connection`)
    : unknown(
        'NO_RECORD',
        `${turns.length} requests went over ${connections.size} connections, not over one`,
      );
}

/** The app's answer came through the socket; the sidecar's record says who was on both its sides. */
export function throughUpgrade(
  { webSocket: walk, webSocketText }: Continuity,
  subject: string,
  lab: Lab,
): Verdict {
  if (walk.status === undefined) return unknown('NO_ANSWER', `the WebSocket: ${walkSeen(walk)}`);
  if (walk.status !== 101)
    return walk.sidecar === undefined
      ? unknown('PATH_BROKEN', `the WebSocket: ${walkSeen(walk)}`)
      : fail('CONT_UPGRADE_BROKEN', `the WebSocket was not opened: ${walkSeen(walk)}`);
  if (!walk.body.includes(webSocketText))
    return fail('CONT_UPGRADE_BROKEN', 'the WebSocket opened, and the text that was sent did not come back');
  if (walk.sidecar === undefined) return unknown('NO_RECORD', 'the sidecar has no record of the WebSocket');
  const seen = [walk.sidecar.downstream_peer_uri_san, walk.sidecar.jwt_subject];
  return seen.join() === [spiffeId(lab.workloads.gateway), subject].join()
    ? seeing(pass(`proof: log; ${seen.join(' for ')}`), exchangeItem(walk))
    : fail(
        'CONT_OTHER_PEER',
        `the sidecar saw ${seen.map((each) => each ?? 'nobody').join(' for ')} on the WebSocket`,
      );
}

export function upgradeRefused({ webSocket, webSocketWithoutToken: walk }: Continuity): Verdict {
  const who = 'a WebSocket without a token';
  if (walk.status === 101) return fail('CONT_UPGRADE_OPEN', `${who} was opened`);
  if (webSocket.status !== 101 && walk.sidecar === undefined)
    return unknown('CONTROL_NOT_GREEN', `${who}: one with a token is not opened either; ${walkSeen(walk)}`);
  return refusedBySidecar(walk, { status: 403, details: RBAC_DEFAULT, code: 'CONT_UPGRADE_OPEN', who });
}

/** Proxies write whole milliseconds, and each rounds for itself. */
const ROUNDING_MS = 3;

/** From the outside to the inside no party can have been longer at it than the one before it. */
export function addsUp(walks: readonly ShotWalk[]): Verdict {
  const split = walks.flatMap((walk) => {
    const { edge, gateway, sidecar, durationMs } = walk;
    if (edge === undefined || gateway?.duration_ms === undefined || sidecar?.duration_ms === undefined)
      return [];
    return [
      {
        client: durationMs,
        edge: edge.durationMs,
        gateway: Number(gateway.duration_ms),
        sidecar: Number(sidecar.duration_ms),
      },
    ];
  });
  const [one] = split.toSorted((a, b) => a.client - b.client);
  if (one === undefined) return unknown('NO_RECORD', 'no request has the times of all components');
  const told = Object.entries(one)
    .map(([party, ms]) => `${party} ${ms.toFixed(1)}`)
    .join(' ≥ ');
  const wrong = split.find(
    (each) =>
      each.edge > each.client + ROUNDING_MS ||
      each.gateway > each.edge + ROUNDING_MS ||
      each.sidecar > each.gateway + ROUNDING_MS,
  );
  return wrong === undefined
    ? pass(`ms of the quickest: ${told}`)
    : warn('CONT_LATENCY', `a component took longer than the one before it: ${JSON.stringify(wrong)} ms`, [
        'meshdev check',
      ]);
}
