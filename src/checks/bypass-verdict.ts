import { bypassCases, type BypassCase, type BypassMust } from '../cases/bypass-cases.ts';
import { type Cases, eachCase, fail, pass, seeing, unknown } from './check.ts';
import { wireSeen } from './describe.ts';
import { handshakeItem } from './evidence-item.ts';
import type { WireResult } from '../evidence/wire-result.ts';
import type { Bypass } from '../evidence/bypass.ts';
import type { ReasonCode } from './reasons.ts';
import { refusedWithAlert, refusedWithoutData, nothingSeen } from './refusal.ts';
import type { Verdict } from './verdict.ts';

type Named = readonly [id: string, verdict: Verdict];

/** One verdict for each way around that belongs to this check; one that was not tried is not proved. */
export function bypassVerdicts(
  { tried }: Bypass,
  check: BypassCase['check'],
  { ports, open }: { readonly ports: Parameters<typeof bypassCases>[0]; readonly open: ReasonCode },
): readonly Named[] {
  return bypassCases(ports)
    .filter((one) => one.check === check)
    .map((one): Named => {
      const found = tried.find((attempt) => attempt.check === check && attempt.id === one.id);
      if (found === undefined) return [one.id, unknown('CASE_NOT_RUN', `${whoOf(one)} was not sent`)];
      return [one.id, seeing(judge(found.wire, one, open), handshakeItem(found.wire))];
    });
}

export function bypassCheck(...parameters: Parameters<typeof bypassVerdicts>): Verdict | Cases {
  return eachCase(bypassVerdicts(...parameters));
}

function whoOf({ from, to, port, says }: BypassCase): string {
  const asks = says.kind === 'h2c' ? 'plaintext HTTP/2' : `${says.kind} ${says.path}`;
  const who = from === 'intruder' ? 'a pod without sidecar' : "a container on the lab's network";
  return `${who} connecting to ${to}:${port} (${asks})`;
}

function judge(wire: WireResult, one: BypassCase, open: ReasonCode): Verdict {
  const who = whoOf(one);
  const { must } = one;
  switch (must.kind) {
    case 'refused':
      return wire.ended === 'refused' ? pass(wire.error) : notRefused(wire, who, open);
    case 'unreachable':
      return outOfReach(wire, who, open);
    case 'no-such-name':
      return unnamed(wire, who, open);
    case 'closed':
      return refusedWithoutData(wire, who, open);
    case 'alert':
      return refusedWithAlert(wire, [must.alert], who, open);
    case 'status':
      return withStatus(wire, must.status, who, open);
    case 'grpc-status':
      return withGrpcStatus(wire, must.status, who, open);
    case 'allowed':
      return onlyAllowed(wire, must, who, open);
  }
}

/** The way there ends before it: unlike a name that is not known, or a client that could not dial. */
const NO_ROUTE: ReadonlySet<string | undefined> = new Set(['EHOSTUNREACH', 'ENETUNREACH']);

/** Between networks packets are dropped, so silence is a pass here; who connected was let in, whatever came then. */
function outOfReach(wire: WireResult, who: string, open: ReasonCode): Verdict {
  const connected = fail(open, `${who}: a connection was established: ${wireSeen(wire)}`);
  if (wire.connected === true) return connected;
  switch (wire.ended) {
    case 'timeout':
    case 'refused':
      return pass(wire.error ?? wireSeen(wire));
    case 'unreachable':
      return NO_ROUTE.has(wire.errorCode)
        ? pass(wire.error)
        : unknown('NOT_REACHED', `${who}: ${wireSeen(wire)}`);
    case 'data':
    case 'alert':
    case 'reset':
    case 'closed':
      return connected;
  }
}

/** Said by a name service of a name that it does not know, and of one for which it could not ask others. */
const NOT_NAMED: ReadonlySet<string | undefined> = new Set(['ENOTFOUND', 'EAI_AGAIN']);

/**
 * What the engine's name service does not know it asks of others, who are silent on a machine that is offline.
 * That it lives, and would name a container it knows, is for the control to show.
 */
function unnamed(wire: WireResult, who: string, open: ReasonCode): Verdict {
  return wire.ended === 'unreachable' && NOT_NAMED.has(wire.errorCode)
    ? pass(wire.error)
    : outOfReach(wire, who, open);
}

/** Nobody was to listen there at all. One that is silent or out of reach is not known; one that closes is not who was expected. */
function notRefused(wire: WireResult, who: string, open: ReasonCode): Verdict {
  const unseen = nothingSeen(wire, who);
  if (unseen !== undefined) return unseen;
  return fail(
    wire.ended === 'data' ? open : 'REFUSED_FOR_OTHER_REASON',
    `${who}: no process should listen there, but ${wireSeen(wire)}`,
  );
}

function withStatus(wire: WireResult, status: number, who: string, open: ReasonCode): Verdict {
  const absent = unanswered(wire, who);
  if (absent !== undefined) return absent;
  if (wire.status === status) return pass(String(status));
  const served = wire.status === undefined || wire.status < 400;
  return fail(
    served ? open : 'REFUSED_FOR_OTHER_REASON',
    `${who} should get ${status}, but ${wireSeen(wire)}`,
  );
}

/** gRPC says 200 to everything; what it means stands in a trailer. */
function withGrpcStatus(wire: WireResult, status: number, who: string, open: ReasonCode): Verdict {
  const absent = unanswered(wire, who);
  if (absent !== undefined) return absent;
  const seen = wire.headers['grpc-status'];
  if (seen === String(status)) return pass(`grpc-status ${seen}`);
  return fail(
    seen === undefined || seen === '0' ? open : 'REFUSED_FOR_OTHER_REASON',
    `${who} should get grpc-status ${status}, but got ${seen ?? 'an answer without one'}`,
  );
}

function unanswered(wire: WireResult, who: string): Verdict | undefined {
  if (wire.ended === 'data') return undefined;
  const unseen = nothingSeen(wire, who);
  if (unseen !== undefined) return unseen;
  return wire.ended === 'refused'
    ? unknown('NOT_REACHED', `${who}: ${wireSeen(wire)}`)
    : fail('REFUSED_FOR_OTHER_REASON', `${who}: ${wireSeen(wire)}`);
}

/** A line of Prometheus' text format: a comment, or a name, labels and a number. */
const METRIC = /^(#.*|[a-zA-Z_:][\w:]*(\{.*\})? [-+.\dA-Za-z]+( \d+)?|)$/;

const GIVES: Readonly<Record<Extract<BypassMust, { kind: 'allowed' }>['gives'], (body: string) => boolean>> =
  {
    nothing: (body) => body.trim() === '',
    version: (body) => /^[\w.+-]{1,120}$/.test(body.trim()),
    // The last line is left out: a long answer is cut there.
    metrics: (body) =>
      body
        .split('\n')
        .slice(0, -1)
        .every((line) => METRIC.test(line)) && body.includes('# '),
  };

/** Open on purpose, but for nothing else than this. Closed would be fine too. */
function onlyAllowed(
  wire: WireResult,
  { gives }: Extract<BypassMust, { kind: 'allowed' }>,
  who: string,
  open: ReasonCode,
): Verdict {
  const unseen = nothingSeen(wire, who);
  if (unseen !== undefined) return unseen;
  if (wire.ended !== 'data' || (wire.status ?? 0) >= 400) return pass(wireSeen(wire));
  return GIVES[gives](wire.body)
    ? pass(`allowed: ${gives}`)
    : fail(open, `${who} should return only ${gives}, but returned ${wire.body.slice(0, 80)}`);
}
