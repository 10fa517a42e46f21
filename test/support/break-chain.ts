import type { EvidenceMap } from '../../src/evidence/evidence-map.ts';
import type { TracedRequest } from '../../src/evidence/traced-request.ts';
import type { Break } from './break-evidence.ts';

type Change = (traced: TracedRequest) => TracedRequest;

/** Every request through the chain, of whichever corpus. */
function everyWalk(change: Change): Break {
  const one = <T extends TracedRequest>(traced: T): T => ({ ...traced, ...change(traced) });
  const all = <T extends TracedRequest>(traced: readonly T[]): readonly T[] =>
    traced.map((each) => one(each));
  return (found) => ({
    ...found,
    walks: walksOf(found.walks, one),
    'token.walks': all(found['token.walks']),
    'token.deliveries': all(found['token.deliveries']),
    'framing.walks': all(found['framing.walks']),
    'path.walks': all(found['path.walks']),
    'host.walks': all(found['host.walks']),
    'rbac.matrix': all(found['rbac.matrix']),
    'header.walks': headersOf(found['header.walks'], one),
    continuity: continuityOf(found.continuity, one),
  });
}

type One = <T extends TracedRequest>(traced: T) => T;

function walksOf(walks: EvidenceMap['walks'], one: One): EvidenceMap['walks'] {
  const changed = { ...walks };
  for (const id of Object.keys(walks)) if (isTraced(id, walks)) changed[id] = one(walks[id]);
  return changed;
}

function isTraced(id: string, walks: EvidenceMap['walks']): id is keyof EvidenceMap['walks'] {
  return id in walks;
}

function headersOf(found: EvidenceMap['header.walks'], one: One): EvidenceMap['header.walks'] {
  return {
    ...found,
    requests: found.requests.map((each) => one(each)),
    authorization: { ...found.authorization, traced: one(found.authorization.traced) },
    passing: { ...found.passing, traced: one(found.passing.traced) },
  };
}

function continuityOf(found: EvidenceMap['continuity'], one: One): EvidenceMap['continuity'] {
  const turns = (of: EvidenceMap['continuity']['turns']['http1']): typeof of =>
    of.map((turn) => ({ ...turn, traced: one(turn.traced) }));
  return {
    ...found,
    nonces: found.nonces.map((each) => ({ ...each, traced: one(each.traced) })),
    turns: { http1: turns(found.turns.http1), http2: turns(found.turns.http2) },
    webSocket: one(found.webSocket),
  };
}

const DENIED = 'rbac_access_denied_matched_policy[none]';

/** What reached the app is refused by the policies of the sidecar instead, as a request without a token is. */
function refusedBySidecar(traced: TracedRequest): TracedRequest {
  if (traced.app === undefined) return traced;
  const { edge, gateway, sidecar } = traced;
  const { jwt_subject: _, ...record } = sidecar ?? {};
  return {
    ...traced,
    status: 403,
    body: 'RBAC: access denied',
    edge: edge === undefined ? undefined : { ...edge, status: 403 },
    gateway: gateway === undefined ? undefined : { ...gateway, status: '403' },
    sidecar: { ...record, status: '403', response_code_details: DENIED },
    app: undefined,
    echo: undefined,
  };
}

/** Somebody's RequestAuthentication at the gateway takes the token off every request. */
export function tokenConsumed(name: string): Break {
  const walks = everyWalk(refusedBySidecar);
  return (found) => {
    const { 'cluster.state': state } = found;
    const taker = { name, effect: 'takes tokens at the gateway', since: '2026-03-01T10:00:00Z' };
    return { ...walks(found), 'cluster.state': { ...state, foreign: [...state.foreign, taker] } };
  };
}

/** A policy of the lab is gone: what it allowed is denied. */
export function policyMissing(name: string, allowed: (uri: string) => boolean): Break {
  const walks = everyWalk((traced) => (allowed(traced.app?.uri ?? '') ? refusedBySidecar(traced) : traced));
  return (found) => {
    const { 'mesh.state': state } = found;
    return { ...walks(found), 'mesh.state': { ...state, drift: [...state.drift, `${name} is missing`] } };
  };
}
