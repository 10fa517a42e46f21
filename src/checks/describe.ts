import type { ProxyRecord } from '../records/proxy-record.ts';
import type { Walk } from '../evidence/walk.ts';
import type { WireResult } from '../evidence/wire-result.ts';
import { explainHeard, type Heard, signalOf } from './signals.ts';

/** What a client saw, in one phrase. */
export function wireSeen(wire: WireResult): string {
  switch (wire.ended) {
    case 'data':
      return wire.status === undefined
        ? 'the server answered with data'
        : `the server answered HTTP ${wire.status}`;
    case 'alert':
      return `refused with TLS alert ${alertSeen(wire.alert)}`;
    case 'reset':
      return 'the connection was reset';
    case 'closed':
      return 'the connection was closed without data';
    case 'refused':
      return `nobody listens (${wire.error ?? 'connection refused'})`;
    case 'unreachable':
      return `no connection came about (${wire.error ?? 'no way there'})`;
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

function alertSeen(alert: string | undefined): string {
  if (alert === undefined) return '(unnamed)';
  const meaning = signalOf({ source: 'tls alert', text: alert });
  return meaning === undefined ? `${alert} (UNEXPLAINED)` : `${alert} (${meaning.reason})`;
}

/** Several parties may have said something: the innermost one that was reached and refused is right. */
function innermost({ sidecar, gateway, edge }: Walk): string | undefined {
  if (sidecar !== undefined) return proxySaid('sidecar', 'gateway->sidecar', sidecar);
  if (gateway !== undefined) return proxySaid('gateway', 'edge->gateway', gateway);
  if (edge === undefined) return undefined;
  if (edge.error !== undefined)
    return `edge: ${edge.error} (${explainHeard('edge->gateway', [{ source: 'edge error', text: edge.error }])})`;
  const meaning = signalOf({ source: 'edge status', text: String(edge.status) });
  return `edge: answered ${edge.status}${meaning === undefined ? '' : ` (client->edge: ${meaning.reason}; ${meaning.remedy})`}`;
}

/** What the next party answered is no signal of this one. */
function proxySaid(party: string, hop: string, record: ProxyRecord): string {
  const { response_code_details: details, response_flags: flags, upstream_failure: failure } = record;
  const words = [details ?? 'no details', flags, failure].filter((word) => word !== undefined);
  const said = `${party}: ${words.join(' ')}`;
  const heard = heardFrom(record);
  if (heard.length === 0) return said;
  return `${said} (${explainHeard(failure === undefined ? hop : nextHop(party), heard)})`;
}

function heardFrom({
  response_code_details: details,
  response_flags: flags,
  upstream_failure: failure,
}: ProxyRecord): readonly Heard[] {
  return [
    ...(failure === undefined ? [] : [{ source: 'envoy transport failure', text: failure } as const]),
    ...(details === undefined || details === 'via_upstream'
      ? []
      : [
          // The cause of a reset stands in its details where no reason of its own was recorded.
          ...(details.startsWith('upstream_reset')
            ? [{ source: 'envoy transport failure', text: details } as const]
            : []),
          { source: 'envoy details', text: details } as const,
        ]),
    ...(flags === undefined ? [] : [{ source: 'envoy flag', text: flags } as const]),
  ];
}

/** A transport failure towards upstream is about the hop after the party that recorded it. */
function nextHop(party: string): string {
  return party === 'gateway' ? 'gateway->sidecar' : 'sidecar->app';
}
