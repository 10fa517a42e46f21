import type { Walk, WireResult } from './evidence.ts';

/** What a client saw, in one phrase. */
export function wireSeen(wire: WireResult): string {
  switch (wire.ended) {
    case 'data':
      return wire.status === undefined
        ? 'the server answered with data'
        : `the server answered HTTP ${wire.status}`;
    case 'alert':
      return `refused with TLS alert ${wire.alert ?? '(unnamed)'}`;
    case 'reset':
      return 'the connection was reset';
    case 'closed':
      return 'the connection was closed without data';
    case 'refused':
      return `nobody listens (${wire.error ?? 'connection refused'})`;
    case 'timeout':
      return 'no answer before the deadline';
  }
}

/** What became of a request, with the words of the innermost party that saw it. */
export function walkSeen(walk: Walk): string {
  const status = walk.status === undefined ? `no answer (${walk.ended})` : `HTTP ${walk.status}`;
  const party = innermost(walk);
  return party === undefined ? status : `${status}; ${party}`;
}

function innermost({ sidecar, gateway, edge }: Walk): string | undefined {
  if (sidecar !== undefined) return `sidecar: ${sidecar.response_code_details ?? 'no details'}`;
  if (gateway !== undefined)
    return `gateway: ${gateway.response_code_details ?? 'no details'}${gateway.response_flags === undefined ? '' : ` ${gateway.response_flags}`}${gateway.upstream_failure === undefined ? '' : ` ${gateway.upstream_failure}`}`;
  return edge === undefined ? undefined : `edge: ${edge.error ?? `answered ${edge.status}`}`;
}
