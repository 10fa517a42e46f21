import { expecting, fail, pass, seeing, skip, unknown } from './check.ts';
import { exchangeItem, handshakeItem } from './evidence-item.ts';
import { requestSeen, wireSeen } from './describe.ts';
import type { TracedRequest } from '../evidence/traced-request.ts';
import type { WireResult } from '../evidence/wire-result.ts';
import type { CertificateProbe } from '../evidence/bad-certificates.ts';
import type { ReasonCode } from './reasons.ts';
import { httpStatusOf } from './grpc-status.ts';
import type { Verdict } from './verdict.ts';

export interface ExpectedRefusal {
  readonly status: number;
  /** Part of Envoy's response code details that names the reason. */
  readonly details: string;
  /** What an acceptance would mean. */
  readonly code: ReasonCode;
  readonly who: string;
  /** The same refusal is HTTP 200 with a status of gRPC where the request was a gRPC call. */
  readonly grpc?: boolean;
}

/**
 * The sidecar refused, for the expected reason, and the app never saw the request. A status alone
 * proves nothing: the same 403 could come from any component on the way.
 */
export function refusedBySidecar(traced: TracedRequest, expected: ExpectedRefusal): Verdict {
  const { status, details } = expected;
  return expecting(
    'status',
    `${status} ${details}`,
    seeing(judgeRefusal(traced, expected), exchangeItem(traced)),
  );
}

function judgeRefusal(traced: TracedRequest, expected: ExpectedRefusal): Verdict {
  const { status, sidecar } = traced;
  if (traced.echo !== undefined || reachedApp(traced)) {
    return fail(expected.code, `${expected.who} reached the app: ${requestSeen(traced)}`);
  }
  if (status === undefined) return unknown('NO_ANSWER', `${expected.who}: ${requestSeen(traced)}`);
  if (sidecar === undefined) {
    return isUntold(traced)
      ? unknown(
          'NO_RECORD',
          `${expected.who}: HTTP ${status}, but no component recorded the response; ${requestSeen(traced)}`,
        )
      : fail('REFUSED_ELSEWHERE', `${expected.who} should be refused by the sidecar; ${requestSeen(traced)}`);
  }
  if (sidecar.meshdev_id !== traced.meshdevId)
    return unknown(
      'NO_RECORD',
      `${expected.who}: the sidecar's record is of ${sidecar.meshdev_id ?? 'no id'}, not of ${traced.meshdevId ?? 'no id'}`,
    );
  const details = sidecar.response_code_details ?? '';
  const told = saysStatus(traced, expected);
  if (!told || !details.includes(expected.details)) {
    return fail(
      'REFUSED_FOR_OTHER_REASON',
      `${expected.who} should get ${expected.status} ${expected.details}; ${requestSeen(traced)} (${sidecar.status ?? 'no status'})`,
    );
  }
  return pass(`${expected.status} ${details}`);
}

/** Both client and sidecar say it. Envoy writes of a gRPC call that it refused either status. */
function saysStatus(traced: TracedRequest, { status, grpc = false }: ExpectedRefusal): boolean {
  const wanted = String(status);
  if (!grpc) return [String(traced.status), traced.sidecar?.status].every((each) => each === wanted);
  return httpStatusOf(traced) === status && [wanted, '200'].includes(traced.sidecar?.status ?? '');
}

/** Somebody further in answered than the last component whose record was found. */
function isUntold({ gateway, edge }: TracedRequest): boolean {
  if (gateway !== undefined) return gateway.response_code_details === 'via_upstream';
  return edge === undefined || (edge.upstream !== undefined && edge.error === undefined);
}

/** The app wrote of the request itself, or the sidecar that it handed it on. */
function reachedApp({ sidecar, app }: TracedRequest): boolean {
  return app !== undefined || sidecar?.response_code_details === 'via_upstream';
}

/**
 * Undefined when the app itself answered this very request: 200, its echo with the id that the edge
 * gave the request, and the sidecar's word that it handed it on. An empty 200, a cached page or
 * somebody else's app on the same port are none of that.
 */
export function notFromApp(traced: TracedRequest, who: string, code: ReasonCode): Verdict | undefined {
  const stranger = strangerOf(traced, who, code);
  return stranger === undefined ? undefined : seeing(stranger, exchangeItem(traced));
}

function strangerOf(traced: TracedRequest, who: string, code: ReasonCode): Verdict | undefined {
  if (traced.status === undefined && traced.ended === 'timeout')
    return unknown('TIMED_OUT', `${who}: ${requestSeen(traced)}`);
  if (traced.status !== 200)
    return traced.sidecar === undefined
      ? unknown('PATH_BROKEN', `${who}, but did not reach the sidecar; ${requestSeen(traced)}`)
      : fail(code, `${who}; ${requestSeen(traced)}`);
  const id = traced.echo?.headers['x-meshdev-id']?.join(',');
  if (traced.echo === undefined || traced.meshdevId === undefined || id !== traced.meshdevId) {
    const echo =
      traced.echo === undefined ? 'no echo of the app' : `an echo of request ${id ?? 'without id'}`;
    return fail(
      'NOT_THE_APP',
      `${who}: HTTP 200 for request ${traced.meshdevId ?? 'without id'}, but the response is ${echo}`,
    );
  }
  if (traced.sidecar === undefined)
    return unknown('NO_RECORD', `${who}: the sidecar has no record; ${requestSeen(traced)}`);
  return reachedApp(traced)
    ? undefined
    : fail('NOT_THE_APP', `${who}: HTTP 200, but the sidecar refused; ${requestSeen(traced)}`);
}

/**
 * Undefined unless nothing of the far end was observed at all: the time ran out, or there was no way there. A
 * refused connection is an observation.
 */
export function nothingSeen(wire: WireResult, who: string): Verdict | undefined {
  if (wire.ended === 'unreachable') return unknown('NOT_REACHED', `${who}: ${wireSeen(wire)}`);
  return wire.ended === 'timeout' ? unknown('TIMED_OUT', `${who}: ${wireSeen(wire)}`) : undefined;
}

/** The handshake (or what follows it) was refused with an alert of the expected name. */
export function refusedWithAlert(
  wire: WireResult,
  alerts: readonly string[],
  who: string,
  code: ReasonCode,
): Verdict {
  const verdict = seeing(judgeAlert(wire, alerts, who, code), handshakeItem(wire));
  return expecting('alert', alerts.join(' or '), verdict);
}

function judgeAlert(wire: WireResult, alerts: readonly string[], who: string, code: ReasonCode): Verdict {
  if (wire.ended === 'data') return fail(code, `${who} was served: ${wireSeen(wire)}`);
  if (wire.ended === 'refused') return unknown('NOT_REACHED', `${who}: ${wireSeen(wire)}`);
  const unseen = nothingSeen(wire, who);
  if (unseen !== undefined) return unseen;
  if (wire.ended === 'alert' && alerts.includes(wire.alert ?? '')) return pass(`alert ${wire.alert}`);
  return fail(
    'REFUSED_FOR_OTHER_REASON',
    `${who} should be refused with alert ${alerts.join(' or ')}; ${wireSeen(wire)}`,
  );
}

/** Refused before any byte of an answer: reset, closed or an alert, but never data. */
export function refusedWithoutData(wire: WireResult, who: string, code: ReasonCode): Verdict {
  const verdict = seeing(judgeClosed(wire, who, code), handshakeItem(wire));
  return expecting('closed', 'no data in the response', verdict);
}

function judgeClosed(wire: WireResult, who: string, code: ReasonCode): Verdict {
  switch (wire.ended) {
    case 'data':
      return fail(code, `${who} was answered: ${wireSeen(wire)}`);
    case 'timeout':
      return unknown('TIMED_OUT', `${who}: ${wireSeen(wire)}`);
    case 'refused':
    case 'unreachable':
      return unknown('NOT_REACHED', `${who}: ${wireSeen(wire)}`);
    case 'alert':
    case 'reset':
    case 'closed':
      return pass(wireSeen(wire));
  }
}

/** Each of these cases was tried and refused with its own alert, for its own reason; a case that was not tried is not proved. */
export function certificatesRefused(
  probes: readonly CertificateProbe[],
  cases: readonly string[],
  code: ReasonCode,
): readonly (readonly [id: string, verdict: Verdict])[] {
  return cases.map((id) => {
    const probe = probes.find((candidate) => candidate.case.id === id);
    return [
      id,
      probe === undefined
        ? unknown('CASE_NOT_RUN', `no client presented ${id}`)
        : certificateRefused(probe, code),
    ];
  });
}

/** The client saw the alert, and the server wrote the reason down beside this very certificate. */
function certificateRefused({ case: each, wire, record }: CertificateProbe, code: ReasonCode): Verdict {
  const who = `a client that presented ${each.id} (${each.why})`;
  const refused = refusedWithAlert(wire, each.alert === undefined ? [] : [each.alert], who, code);
  if (refused.kind !== 'pass') return refused;
  const told = (verdict: Verdict): Verdict =>
    expecting('alert', each.alert ?? '', seeing(verdict, ...(refused.evidence ?? [])));
  if (record === undefined)
    return told(
      unknown(
        'NO_RECORD',
        `${who} was refused with alert ${wire.alert ?? ''}, but the connection log of the proxy does not contain it`,
      ),
    );
  return told(
    record.includes(each.says)
      ? pass(`alert ${wire.alert ?? ''}: ${each.says}`)
      : fail(
          'REFUSED_FOR_OTHER_REASON',
          `${who} should be refused because of "${each.says}"; the proxy logged: ${record}`,
        ),
  );
}

/** Revocation has no lists anywhere in the lab. */
export const NOT_REVOCABLE: readonly [id: string, verdict: Verdict] = [
  'revoked',
  skip('no verifier of the lab has a certificate revocation list: the lab uses short lifetimes instead'),
];
