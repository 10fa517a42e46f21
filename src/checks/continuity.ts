import { spiffeId } from '../topology/identity.ts';
import type { Lab } from '../topology/lab.ts';
import { fingerprintsOf } from '../trust/fingerprints.ts';
import { parseXfcc, xfccValues } from '../trust/xfcc.ts';
import { fail, pass, seeing, unknown, warn } from './check.ts';
import { requestSeen } from './describe.ts';
import type { Anchors } from '../evidence/certificates.ts';
import type { TracedRequest } from '../evidence/traced-request.ts';
import type { Continuity, ShotRequest, Turn } from '../evidence/corpora.ts';
import { exchangeItem } from './evidence-item.ts';
import { RBAC_DEFAULT } from '../records/rbac-words.ts';
import { refusedBySidecar } from './refusal.ts';
import type { Verdict } from './verdict.ts';

/** SHA-256 of the edge's client certificate as its owner, the gateway and the app know it. */
export function oneCertificate(traced: TracedRequest, { edgeClientPem }: Anchors): Verdict {
  if (traced.gateway === undefined || traced.echo === undefined)
    return unknown('NO_RECORD', `no record at the gateway or no echo of the app; ${requestSeen(traced)}`);
  const xfcc = parseXfcc(traced.echo.headers['x-forwarded-client-cert']?.join(',') ?? '');
  const first = xfcc.kind === 'elements' ? xfcc.elements[0] : undefined;
  const digests = {
    'the edge’s own': fingerprintsOf(edgeClientPem)[0],
    'at the gateway': traced.gateway.downstream_peer_fingerprint,
    'in the first XFCC element': first === undefined ? undefined : xfccValues(first, 'Hash').join(),
  };
  if (new Set(Object.values(digests)).size === 1 && digests['the edge’s own'] !== undefined)
    return pass(`sha256:${digests['the edge’s own']}`);
  const told = Object.entries(digests).map(([where, digest]) => `${where} ${digest ?? 'none'}`);
  return fail('CONT_OTHER_CERTIFICATE', `the client certificate of the edge: ${told.join(' · ')}`);
}

/** Each came back from the app itself, under its own id, and the app wrote of it once. */
export function onceEach(nonces: Continuity['nonces']): Verdict {
  const silent = nonces.find(({ traced }) => traced.status === undefined);
  if (silent !== undefined)
    return unknown('NO_ANSWER', `nonce ${silent.nonce}: ${requestSeen(silent.traced)}`);
  const broken = nonces.find(({ traced }) => traced.status !== 200);
  if (broken !== undefined)
    return unknown('PATH_BROKEN', `nonce ${broken.nonce}: ${requestSeen(broken.traced)}`);
  const strange = nonces.find(
    ({ nonce, traced }) =>
      traced.echo?.url?.endsWith(`?nonce=${nonce}`) !== true || idAtApp(traced) !== traced.meshdevId,
  );
  if (strange !== undefined)
    return seeing(
      fail(
        'CONT_NOT_ONCE',
        `nonce ${strange.nonce} was returned as ${strange.traced.echo?.url ?? 'no echo'}`,
      ),
      exchangeItem(strange.traced),
    );
  const ids = new Set(nonces.map(({ traced }) => traced.meshdevId));
  const times = nonces.reduce((sum, { traced }) => sum + traced.appTimes, 0);
  const repeated = nonces.find(({ traced }) => traced.appTimes > 1);
  if (repeated === undefined && times < nonces.length)
    return unknown('NO_RECORD', `${nonces.length} nonces, but the app logged ${times}`);
  return repeated === undefined && ids.size === nonces.length
    ? pass(`${nonces.length} nonces, ${ids.size} ids, ${times} times at the app`)
    : fail('CONT_NOT_ONCE', `${nonces.length} nonces, ${ids.size} ids, ${times} times at the app`);
}

function idAtApp({ echo }: TracedRequest): string | undefined {
  return echo?.headers['x-meshdev-id']?.join();
}

/** Every turn came back with its own user's subject, and they did share a connection. */
export function neverMixed(turns: readonly Turn[]): Verdict {
  const mixed = turns.find(({ user, traced }) => {
    const seen = [traced.echo?.subject, traced.sidecar?.jwt_subject].filter((each) => each !== undefined);
    return seen.some((each) => each !== user);
  });
  if (mixed !== undefined)
    return seeing(
      fail(
        'CONT_USERS_MIXED',
        `a request of ${mixed.user} was validated as ${mixed.traced.sidecar?.jwt_subject ?? 'no subject'} and arrived as ${mixed.traced.echo?.subject ?? 'no subject'}`,
      ),
      exchangeItem(mixed.traced),
    );
  const lost = turns.find(({ traced }) => traced.echo?.subject === undefined);
  if (lost !== undefined)
    return unknown(
      'NO_ECHO',
      `the app did not answer a request of ${lost.user}: ${requestSeen(lost.traced)}`,
    );
  const connections = new Set(turns.map(({ traced }) => traced.connection));
  return connections.size === 1 && turns.length > 1
    ? pass(`${turns.length} requests over one connection`)
    : unknown(
        'NO_RECORD',
        `${turns.length} requests went over ${connections.size} connections, not over one`,
      );
}

/** The app's answer came through the socket; the sidecar's record says who was on both its sides. */
export function throughUpgrade(
  { webSocket: traced, webSocketText }: Continuity,
  subject: string,
  lab: Lab,
): Verdict {
  if (traced.status === undefined) return unknown('NO_ANSWER', `the WebSocket: ${requestSeen(traced)}`);
  if (traced.status !== 101)
    return traced.sidecar === undefined
      ? unknown('PATH_BROKEN', `the WebSocket: ${requestSeen(traced)}`)
      : fail('CONT_UPGRADE_BROKEN', `the WebSocket was not opened: ${requestSeen(traced)}`);
  if (!traced.body.includes(webSocketText))
    return fail('CONT_UPGRADE_BROKEN', 'the WebSocket opened, but the sent text was not returned');
  if (traced.sidecar === undefined) return unknown('NO_RECORD', 'the sidecar has no record of the WebSocket');
  const seen = [traced.sidecar.downstream_peer_uri_san, traced.sidecar.jwt_subject];
  return seen.join() === [spiffeId(lab.workloads.gateway), subject].join()
    ? seeing(pass(`evidence: log; ${seen.join(' for ')}`), exchangeItem(traced))
    : fail(
        'CONT_OTHER_PEER',
        `the sidecar recorded ${seen.map((each) => each ?? 'none').join(' for ')} on the WebSocket`,
      );
}

export function upgradeRefused({ webSocket, webSocketWithoutToken: traced }: Continuity): Verdict {
  const who = 'a WebSocket without a token';
  if (traced.status === 101) return fail('CONT_UPGRADE_OPEN', `${who} was opened`);
  if (webSocket.status !== 101 && traced.sidecar === undefined)
    return unknown(
      'CONTROL_NOT_GREEN',
      `${who}: one with a token is not opened either; ${requestSeen(traced)}`,
    );
  return refusedBySidecar(traced, { status: 403, details: RBAC_DEFAULT, code: 'CONT_UPGRADE_OPEN', who });
}

/** Proxies write whole milliseconds, and each rounds for itself. */
const ROUNDING_MS = 3;

/** From the outside to the inside no component can have been longer at it than the one before it. */
export function addsUp(requests: readonly ShotRequest[]): Verdict {
  const split = requests.flatMap((traced) => {
    const { edge, gateway, sidecar, durationMs } = traced;
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
    .map(([component, ms]) => `${component} ${ms.toFixed(1)}`)
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
