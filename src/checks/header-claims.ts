import { APP_ID, INTERNAL_ID } from '../sample/names.ts';
import { CLAIMED, type HeaderCase } from '../cases/headers/header-case.ts';
import { HEADER_CASES } from '../cases/headers/header-cases.ts';
import { authorityOf, type Lab } from '../topology/lab.ts';
import { fail, pass, seeing, unknown } from './check.ts';
import { exchangeItem } from './evidence-item.ts';
import { requestSeen } from './describe.ts';
import type { Echo } from '../evidence/traced-request.ts';
import type { HeaderRequests, ShotRequest } from '../evidence/corpora.ts';
import { peerVerdict } from './peer.ts';
import type { ReasonCode } from './reasons.ts';
import { refusedAtEdge } from './refused-at-edge.ts';
import { RBAC_DEFAULT } from '../records/rbac-words.ts';
import { refusedBySidecar } from './refusal.ts';
import type { Verdict } from './verdict.ts';
import { FORGED } from '../cases/traced-requests.ts';

/** What it means when a claim of a client arrives, by check. */
const ARRIVED: Readonly<Record<HeaderCase['check'], ReasonCode>> = {
  'MD-HDR-001': 'HDR_CLAIM_ARRIVED',
  'MD-HDR-002': 'HDR_XFCC_SPOOFED',
  'MD-HDR-003': 'HDR_CONTROL_ARRIVED',
  'MD-HDR-004': 'HDR_SUBJECT_SPOOFED',
  'MD-HDR-005': 'HDR_ALIAS_ARRIVED',
  'MD-HDR-006': 'HDR_OVERRIDE_ARRIVED',
  'MD-HDR-010': 'HDR_IDENTITY_ARRIVED',
};

/** One verdict for each case of the corpus that belongs to a check; a case that was not sent is not proved. */
export function headerCases(
  found: HeaderRequests,
  check: HeaderCase['check'],
  lab: Lab,
): readonly (readonly [id: string, verdict: Verdict])[] {
  return HEADER_CASES.filter((each) => each.check === check).map((each) => {
    const traced = found.requests.find((one) => one.case.id === each.id);
    if (traced !== undefined) return [each.id, judgeRequest(traced, each, lab)];
    const pod = found.pods.find((one) => one.case.id === each.id);
    if (pod === undefined) return [each.id, unknown('CASE_NOT_RUN', `${each.id} was not sent`)];
    return [each.id, judgePod(pod.echo, each, lab)];
  });
}

function judgeRequest(traced: ShotRequest, each: HeaderCase, lab: Lab): Verdict {
  const code = ARRIVED[each.check];
  const who = `a request with ${each.id} (${each.why})`;
  if (each.outcome === 'refused') return refusedAtEdge(traced, 400, who, code);
  if (each.outcome === 'denied')
    return refusedBySidecar(traced, { status: 403, details: RBAC_DEFAULT, code, who });
  return seeing(notAnswered(traced, who) ?? judgeEcho(traced, each, lab), exchangeItem(traced));
}

/** The honest part of the request has to go on, and as one request. */
function notAnswered(traced: ShotRequest, who: string): Verdict | undefined {
  // One millisecond is all that a forged timeout leaves the app.
  if (traced.gateway?.response_flags?.split(',').includes('UT') === true)
    return fail('HDR_CONTROL_ARRIVED', `the gateway applied the timeout of ${who}`);
  if (traced.echo === undefined)
    return unknown('NO_ECHO', `${who} got no response from the app: ${requestSeen(traced)}`);
  const silent = traced.app === undefined ? 'app' : traced.sidecar === undefined ? 'sidecar' : undefined;
  if (silent !== undefined)
    return unknown('NO_RECORD', `${who}: the ${silent} has no record; ${requestSeen(traced)}`);
  return traced.appTimes === 1
    ? undefined
    : fail('HDR_CONTROL_ARRIVED', `${who} reached the app ${traced.appTimes} times`);
}

function judgeEcho({ echo, edge, meshdevId, sidecar }: ShotRequest, each: HeaderCase, lab: Lab): Verdict {
  if (echo === undefined) return unknown('NO_ECHO', `${each.id} got no response from the app`);
  const claims = each.outcome === 'tolerated' ? [] : claimsIn(echo, lab);
  if (claims.length > 0)
    return fail(ARRIVED[each.check], `${each.id} (${each.why}) arrived as ${claims.join(', ')}`);
  const identity =
    each.check === 'MD-HDR-002' ? peerVerdict(echo, lab.workloads.gateway, lab.workloads[APP_ID]) : pass();
  if (identity.kind !== 'pass') return identity;
  const subjects = echo.headers['x-meshdev-subject'] ?? [];
  if (each.check === 'MD-HDR-004' && subjects.join() !== (sidecar?.jwt_subject ?? 'nobody'))
    return fail(
      'HDR_SUBJECT_SPOOFED',
      `the sidecar validated ${sidecar?.jwt_subject ?? 'no subject'}, the app received the subject ${subjects.join() || '(none)'}`,
    );
  // Around the edge, its own words about the client are the probe's.
  if (each.via === 'gateway') return pass('only values of the gateway and the sidecar');
  const ids = echo.headers['x-meshdev-id']?.join();
  if (ids !== meshdevId)
    return fail(
      'HDR_ID_LOST',
      `the edge assigned the id ${meshdevId ?? 'none'}, the app received ${ids ?? 'none'}`,
    );
  const wrong = edgeDifferences(echo, edge?.clientIp, lab);
  return wrong === ''
    ? pass('only values of the edge')
    : fail('HDR_NOT_THE_EDGES', `${each.id}: at the app ${wrong}`);
}

function judgePod(echo: Echo | undefined, each: HeaderCase, lab: Lab): Verdict {
  if (echo === undefined) return unknown('NO_ECHO', `${each.id} got no response from the ${INTERNAL_ID}`);
  // The edge's rule says nothing about requests between pods; trust in a client does not reach here either.
  const claims = claimsIn(echo, { trustedHeaders: [] });
  return claims.length > 0
    ? fail(ARRIVED[each.check], `${each.id} (${each.why}) arrived as ${claims.join(', ')}`)
    : peerVerdict(echo, lab.workloads.caller, lab.workloads[INTERNAL_ID]);
}

/** Parts of values that only the corpus writes. */
const MARKS = [CLAIMED, FORGED.address, '198.51.100.7', '2001:db8::66'] as const;

/** What a service trusts its client with is no claim of somebody else's. */
function claimsIn({ headers }: Echo, { trustedHeaders }: Pick<Lab, 'trustedHeaders'>): readonly string[] {
  const trusted = new Set(trustedHeaders.map((name) => name.toLowerCase()));
  const untrusted = Object.entries(headers).filter(([name]) => !trusted.has(name));
  return untrusted.flatMap(([name, values]) =>
    values
      .filter((value) => MARKS.some((mark) => value.toLowerCase().includes(mark)))
      .map((value) => `${name}: ${value.slice(0, 80)}`),
  );
}

function edgeDifferences({ headers }: Echo, clientIp: string | undefined, lab: Lab): string {
  const received: Readonly<Record<string, string | undefined>> = {
    'x-forwarded-for': headers['x-forwarded-for']?.join(',').split(',')[0]?.trim(),
    'x-forwarded-proto': headers['x-forwarded-proto']?.join(','),
    'x-forwarded-host': headers['x-forwarded-host']?.join(','),
  };
  const wanted = {
    'x-forwarded-for': clientIp ?? 'the client address at the edge',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': authorityOf(lab),
  };
  return Object.entries(wanted)
    .filter(([name, value]) => received[name] !== value)
    .map(([name, value]) => `${name} is ${received[name] ?? 'absent'}, expected ${value}`)
    .join(' · ');
}

/** One verdict for each header that has to arrive as it was sent. */
export function passingCases({
  passing: { sent, traced },
}: HeaderRequests): readonly (readonly [id: string, verdict: Verdict])[] {
  return sent.map(([name, value]) => [
    name.toLowerCase(),
    seeing(arrivedAs(traced, name, value), exchangeItem(traced)),
  ]);
}

function arrivedAs(traced: ShotRequest, name: string, value: string): Verdict {
  if (traced.echo === undefined)
    return unknown('NO_ECHO', `the app did not answer the request with ${name}: ${requestSeen(traced)}`);
  const received = traced.echo.headers[name.toLowerCase()];
  return received?.length === 1 && received[0] === value
    ? pass('once and unchanged')
    : fail(
        'HDR_HONEST_LOST',
        `${name} was sent once as ${JSON.stringify(value)}, the app received ${JSON.stringify(received) ?? 'none'}`,
      );
}
