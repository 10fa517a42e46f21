import type { EdgeRunning } from '../../src/evidence/edge-state.ts';
import type { EdgeWire, GatewayWire, SidecarWire } from '../../src/evidence/wires.ts';
import type { EvidenceMap } from '../../src/evidence/evidence-map.ts';
import type { MeshState, ProxySecrets } from '../../src/evidence/mesh-state.ts';
import type { TokenFacts } from '../../src/evidence/tokens.ts';
import type { TracedRequest } from '../../src/evidence/traced-request.ts';
import type { WireResult } from '../../src/evidence/wire-result.ts';
import type { TracedRequestId } from '../../src/cases/traced-requests.ts';
import type { ProxyRecord } from '../../src/records/proxy-record.ts';

/** One broken fact, the rest as it was. */
export type Break = (evidence: EvidenceMap) => EvidenceMap;

type Change<T> = (value: T) => T;

export function edgeWire(change: Change<EdgeWire>): Break {
  return (all) => ({ ...all, 'edge.wire': change(all['edge.wire']) });
}

export function edgeWires(change: Partial<Record<keyof EdgeWire, WireResult>>): Break {
  return edgeWire((wires) => ({ ...wires, ...change }));
}

export function edgeRunning(change: Change<EdgeRunning>): Break {
  return (all) => ({ ...all, 'edge.running': change(all['edge.running']) });
}

/** Changes the upstreams of one host in Caddy's running configuration. */
export function upstream(host: string, change: Partial<EdgeRunning['upstreams'][number]>): Break {
  return edgeRunning((running) => ({
    ...running,
    upstreams: running.upstreams.map((one) => (one.host === host ? { ...one, ...change } : one)),
  }));
}

export function gatewayWire(change: Change<GatewayWire>): Break {
  return (all) => ({ ...all, 'gateway.wire': change(all['gateway.wire']) });
}

export function sidecarWire(change: Partial<SidecarWire>): Break {
  return (all) => ({ ...all, 'sidecar.wire': { ...all['sidecar.wire'], ...change } });
}

/** How the server met one forged client certificate. */
export function gatewayMet(id: string, wire: WireResult): Break {
  return gatewayWire((wires) => ({ ...wires, forged: met(wires.forged, id, wire) }));
}

export function sidecarMet(id: string, wire: WireResult): Break {
  return (all) => sidecarWire({ forged: met(all['sidecar.wire'].forged, id, wire) })(all);
}

function met(forged: GatewayWire['forged'], id: string, wire: WireResult): GatewayWire['forged'] {
  return forged.map((probe) => (probe.case.id === id ? { ...probe, wire } : probe));
}

export function traced(id: TracedRequestId, change: Change<TracedRequest>): Break {
  return (all) => ({ ...all, walks: { ...all.walks, [id]: change(all.walks[id]) } });
}

export function everyRequest(change: Change<TracedRequest>): Break {
  return (all) => ({
    ...all,
    walks: mapRequests(all.walks, change),
    'token.walks': all['token.walks'].map((one) => ({ ...one, ...change(one) })),
  });
}

function mapRequests(walks: EvidenceMap['walks'], change: Change<TracedRequest>): EvidenceMap['walks'] {
  const changed = { ...walks };
  for (const id of tracedRequestIds(walks)) changed[id] = change(walks[id]);
  return changed;
}

function tracedRequestIds(walks: EvidenceMap['walks']): readonly TracedRequestId[] {
  const isTracedRequestId = (id: string): id is TracedRequestId => id in walks;
  return Object.keys(walks).filter(isTracedRequestId);
}

export function gatewayRecord(id: TracedRequestId, change: ProxyRecord): Break {
  return traced(id, (one) => ({ ...one, gateway: { ...one.gateway, ...change } }));
}

export function sidecarRecord(id: TracedRequestId, change: ProxyRecord): Break {
  return traced(id, (one) => ({ ...one, sidecar: { ...one.sidecar, ...change } }));
}

/** Headers as the app received them; `undefined` = not received. */
export function echoHeader(id: TracedRequestId, name: string, value: string | undefined): Break {
  return traced(id, (one) => {
    const { [name]: _, ...headers } = one.echo?.headers ?? {};
    return {
      ...one,
      echo: { ...one.echo, headers: value === undefined ? headers : { ...headers, [name]: [value] } },
    };
  });
}

/** A record without one of its fields. */
export function without(record: ProxyRecord | undefined, field: keyof ProxyRecord): ProxyRecord {
  const { [field]: _, ...rest } = record ?? {};
  return rest;
}

/** The app answered a request that should have been refused. */
export const served: Change<TracedRequest> = (one) => ({
  ...one,
  status: 200,
  sidecar: { ...one.sidecar, status: '200', response_code_details: 'via_upstream' },
  echo: { headers: { 'x-meshdev-id': [one.meshdevId ?? ''] } },
});

/** The edge answered by itself: nobody behind it saw the request. */
export const gatewayDown: Change<TracedRequest> = ({ edge, ...one }) => ({
  ...one,
  status: 502,
  edge: edge === undefined ? undefined : { ...edge, status: 502, error: 'dial tcp: connection refused' },
  gateway: undefined,
  sidecar: undefined,
  echo: undefined,
});

export const silent: Change<TracedRequest> = (one) => ({
  ...one,
  status: undefined,
  ended: 'timeout',
  meshdevId: undefined,
  edge: undefined,
  gateway: undefined,
  sidecar: undefined,
  echo: undefined,
});

export function tokenRequest(id: string, change: Change<TracedRequest>): Break {
  return (all) => ({
    ...all,
    'token.walks': all['token.walks'].map((one) => (one.case.id === id ? { ...one, ...change(one) } : one)),
  });
}

export function token(holder: keyof EvidenceMap['tokens'], change: Partial<TokenFacts>): Break {
  return (all) => ({ ...all, tokens: { ...all.tokens, [holder]: { ...all.tokens[holder], ...change } } });
}

export function meshState(change: Partial<MeshState>): Break {
  return (all) => ({ ...all, 'mesh.state': { ...all['mesh.state'], ...change } });
}

export function proxySecrets(workload: string, change: Partial<ProxySecrets>): Break {
  return (all) => {
    const { secrets } = all['mesh.state'];
    return meshState({
      secrets: secrets.map((one) => (one.workload === workload ? { ...one, ...change } : one)),
    })(all);
  };
}

export function idpState(change: Partial<EvidenceMap['idp.state']>): Break {
  return (all) => ({ ...all, 'idp.state': { ...all['idp.state'], ...change } });
}

export function discovery(change: Readonly<Record<string, unknown>>): Break {
  return (all) => idpState({ discovery: { ...all['idp.state'].discovery, ...change } })(all);
}
