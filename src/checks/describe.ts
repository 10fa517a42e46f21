import type { ProxyRecord } from '../records/proxy-record.ts';
import type { TracedRequest } from '../evidence/traced-request.ts';
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
      return `no process listens (${wire.error ?? 'connection refused'})`;
    case 'unreachable':
      return `no connection was established (${wire.error ?? 'no route'})`;
    case 'timeout':
      return 'no answer before the deadline';
  }
}

/** What became of a request, with the words of the innermost component that saw it. */
export function requestSeen(traced: TracedRequest): string {
  const status = traced.status === undefined ? `no answer (${traced.ended})` : `HTTP ${traced.status}`;
  const component = innermost(traced);
  return component === undefined ? status : `${status}; ${component}`;
}

function alertSeen(alert: string | undefined): string {
  if (alert === undefined) return '(unnamed)';
  const meaning = signalOf({ source: 'tls alert', text: alert });
  return meaning === undefined ? `${alert} (UNEXPLAINED)` : `${alert} (${meaning.reason})`;
}

/** Several components may have said something: the innermost one that was reached and refused is right. */
function innermost({ sidecar, gateway, edge }: TracedRequest): string | undefined {
  if (sidecar !== undefined) return proxySaid('sidecar', 'gateway->sidecar', sidecar);
  if (gateway !== undefined) return proxySaid('gateway', 'edge->gateway', gateway);
  if (edge === undefined) return undefined;
  if (edge.error !== undefined)
    return `edge: ${edge.error} (${explainHeard('edge->gateway', [{ source: 'edge error', text: edge.error }])})`;
  const meaning = signalOf({ source: 'edge status', text: String(edge.status) });
  return `edge: answered ${edge.status}${meaning === undefined ? '' : ` (client->edge: ${meaning.reason}; ${meaning.remedy})`}`;
}

/** What the next component answered is no signal of this one. */
function proxySaid(component: string, hop: string, record: ProxyRecord): string {
  const { response_code_details: details, response_flags: flags, upstream_failure: failure } = record;
  const words = [details ?? 'no details', flags, failure].filter((word) => word !== undefined);
  const said = `${component}: ${words.join(' ')}`;
  const heard = heardFrom(record);
  if (heard.length === 0) return said;
  return `${said} (${explainHeard(failure === undefined ? hop : nextHop(component), heard)})`;
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

/** A transport failure towards upstream is about the hop after the component that recorded it. */
function nextHop(component: string): string {
  return component === 'gateway' ? 'gateway->sidecar' : 'sidecar->app';
}
