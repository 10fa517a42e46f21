import { type CertificateFacts, parseCertificates } from '../../trust/certificate.ts';
import {
  type AnyCheck,
  type CaseVerdict,
  type Cases,
  defineCheck,
  eachCase,
  fail,
  pass,
  seeing,
  unknown,
  warn,
} from '../check.ts';
import type { ClockReading, Clocks } from '../../evidence/certificates.ts';
import { DAY_MS, type Entry, expiryTable, type TableEvidence, tableItem } from '../expiry-table.ts';
import type { Verdict } from '../verdict.ts';

/** Everything that the table of certificates is made of. */
const TABLE = ['edge.wire', 'gateway.wire', 'anchors', 'proxies', 'certificates'] as const;

const WORDS = { hint: 'the table in the evidence: `meshdev check cert -o json`' } as const;

export const CERTIFICATE_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    ...WORDS,
    id: 'MD-CERT-001',
    title: 'the leaf and intermediate certificates of the edge are currently valid',
    impact: 'browsers refuse the edge',
    hop: 'client->edge',
    polarity: 'positive',
    blocking: true,
    evidence: ['edge.wire'],
    judge: ({ 'edge.wire': wire }, { at }) => validNow(expiryTable({ 'edge.wire': wire }), at),
  }),
  defineCheck({
    ...WORDS,
    id: 'MD-CERT-002',
    title: 'the certificate of the gateway and the client certificate of the edge are currently valid',
    impact: 'every request gets a 502',
    hop: 'edge->gateway',
    polarity: 'positive',
    blocking: true,
    evidence: ['gateway.wire', 'anchors'],
    judge: ({ 'gateway.wire': wire, anchors }, { at }) =>
      validNow(expiryTable({ 'gateway.wire': wire, anchors }), at),
  }),
  defineCheck({
    ...WORDS,
    id: 'MD-CERT-003',
    title: 'workload certificates are currently valid',
    impact: 'mutual TLS fails inside the mesh',
    hop: 'gateway->sidecar',
    polarity: 'positive',
    blocking: true,
    evidence: ['proxies'],
    judge: ({ proxies }, { at }) => validNow(expiryTable({ proxies }), at),
  }),
  defineCheck({
    ...WORDS,
    id: 'MD-CERT-004',
    title: 'the CA of istiod, both roots and the certificates of the cluster are currently valid',
    impact: 'no certificate can be renewed',
    hop: 'lab',
    polarity: 'positive',
    blocking: false,
    evidence: ['certificates'],
    judge: ({ certificates }, { at }) => validNow(expiryTable({ certificates }), at),
  }),
  defineCheck({
    ...WORDS,
    id: 'MD-CERT-005',
    title: 'leaf certificates have more than 20 % of their lifetime left, CAs more than 30 days',
    impact: 'a renewal is overdue',
    hop: 'lab',
    polarity: 'positive',
    blocking: false,
    evidence: TABLE,
    judge: (found, { at }) => {
      const table = expiryTable(found);
      return withTable(eachCase(table.map((entry) => [entry.name, notLate(entry, at)])), table, at);
    },
  }),
  defineCheck({
    ...WORDS,
    id: 'MD-CERT-006',
    title:
      'lifetimes meet the policy, no certificate outlives its issuer, and the last issued certificate is served',
    impact: 'a certificate becomes invalid before its end date, or an old one is still in memory',
    hop: 'lab',
    polarity: 'positive',
    blocking: false,
    evidence: TABLE,
    judge: (found) => lifetimes(found),
  }),
  defineCheck({
    ...WORDS,
    hint: 'the time synchronisation of the machine that runs the engine',
    id: 'MD-CERT-007',
    title:
      'the clocks of host, engine, node, pod and IdP differ by at most 2 s, and renewals have run since the last sleep',
    impact: '`exp` and `nbf` are evaluated incorrectly, or timers were suspended',
    hop: 'lab',
    polarity: 'positive',
    blocking: false,
    evidence: ['clocks', 'edge.wire', 'proxies'],
    judge: ({ clocks, 'edge.wire': wire, proxies }, { at }) =>
      eachCase([
        ...clocks.readings.map((reading): readonly [string, Verdict] => [reading.component, agrees(reading)]),
        ['sleep', renewedSince(clocks, expiryTable({ 'edge.wire': wire, proxies }), at)],
      ]),
  }),
];

function validNow(table: readonly Entry[], at: number): Verdict | Cases {
  return withTable(eachCase(table.map((entry) => [entry.name, valid(entry, at)])), table, at);
}

export function valid({ name, facts }: Entry, at: number): Verdict {
  if (facts === undefined) return unknown('NO_CERTIFICATE', `no certificate of ${name} was observed`);
  if (at > facts.notAfter)
    return fail(
      'CERT_EXPIRED',
      `${name} expired at ${day(facts.notAfter)}: ${facts.fingerprint.slice(0, 16)}`,
    );
  return at < facts.notBefore
    ? fail('CERT_NOT_YET_VALID', `${name} is not valid before ${day(facts.notBefore)}`)
    : pass(`until ${day(facts.notAfter)}`);
}

const MIN_LEFT = 0.2;
const MIN_CA_MS = 30 * DAY_MS;

function notLate({ name, facts }: Entry, at: number): Verdict {
  if (facts === undefined) return unknown('NO_CERTIFICATE', `no certificate of ${name} was observed`);
  const left = facts.notAfter - at;
  if (left <= 0) return fail('CERT_EXPIRED', `${name} expired at ${day(facts.notAfter)}`);
  const share = left / (facts.notAfter - facts.notBefore);
  const late = facts.ca ? left < MIN_CA_MS : share < MIN_LEFT;
  return late
    ? warn(
        'CERT_RENEWAL_LATE',
        `${name} expires at ${day(facts.notAfter)}, ${Math.round(share * 100)} % of its lifetime is left`,
      )
    : pass(`${Math.round(share * 100)} % left`);
}

/** Longest life of each kind, in days. Kubernetes makes CAs for ten years and leaves for one. */
const LONGEST: readonly (readonly [name: RegExp, days: number])[] = [
  [/^kubernetes-.*ca$/, 3_655],
  [/^kubernetes-/, 367],
  [/-root$/, 731],
  [/^(?:edge-intermediate|istiod-ca)/, 181],
  [/^(?:gateway-server|edge-client)/, 91],
  [/-leaf$/, 8],
  [/^workload-/, 2],
];

function lifetimes(found: Required<TableEvidence>): Verdict | Cases {
  const table = expiryTable(found);
  const policy = table.map(({ name, facts }): readonly [string, Verdict] => {
    const days = LONGEST.find(([pattern]) => pattern.test(name))?.[1];
    if (facts === undefined || days === undefined)
      return [name, unknown('NO_CERTIFICATE', `no certificate of ${name} was observed`)];
    const lives = (facts.notAfter - facts.notBefore) / DAY_MS;
    return [
      name,
      lives > days
        ? fail(
            'CERT_LIVES_TOO_LONG',
            `${name} has a lifetime of ${Math.round(lives)} days, at most ${days} are allowed`,
          )
        : pass(`${lives.toFixed(1)} days`),
    ];
  });
  const parents = table.flatMap((child): readonly (readonly [string, Verdict])[] => {
    const issuer = issuerOf(child.facts, table);
    return issuer?.facts === undefined ? [] : [[`${child.name}-issuer`, outlived(child, issuer)]];
  });
  return eachCase([...policy, ...parents, ['gateway-served', servedIsIssued(found)]]);
}

function issuerOf(facts: CertificateFacts | undefined, table: readonly Entry[]): Entry | undefined {
  if (facts === undefined || facts.selfIssued) return undefined;
  return table.find((entry) => entry.facts?.ca === true && entry.facts.subject === facts.issuer);
}

function outlived(child: Entry, issuer: Entry): Verdict {
  const [end, last] = [child.facts?.notAfter ?? 0, issuer.facts?.notAfter ?? 0];
  return end <= last
    ? pass()
    : fail(
        'CERT_OUTLIVES_ISSUER',
        `${child.name} expires at ${day(end)}, but its issuer ${issuer.name} expires at ${day(last)}`,
      );
}

function servedIsIssued({ 'gateway.wire': { control }, certificates }: Required<TableEvidence>): Verdict {
  const served = parseCertificates(control.peerChain[0] ?? '')[0]?.facts.fingerprint;
  const issued = parseCertificates(certificates.find(({ name }) => name === 'gateway-server')?.pem ?? '')[0]
    ?.facts;
  if (served === undefined || issued === undefined)
    return unknown(
      'NO_CERTIFICATE',
      'the issued certificate of the gateway is missing: meshdev cannot compare it',
    );
  return served === issued.fingerprint
    ? pass(`sha256 ${served.slice(0, 16)}`)
    : fail(
        'CERT_NOT_THE_NEWEST',
        `the gateway serves sha256 ${served.slice(0, 16)}, the last issued certificate is ${issued.fingerprint.slice(0, 16)}`,
      );
}

const MAX_SKEW_MS = 2_000;

/** The answer was given somewhere within the round trip: no more than half of it is our own doubt. */
function agrees({ component, seen }: ClockReading): Verdict {
  if (seen.kind === 'unread') return unknown('CLOCK_UNREAD', `the clock of ${component}: ${seen.because}`);
  const { offsetMs, roundTripMs } = seen;
  const told = `${offsetMs >= 0 ? '+' : ''}${offsetMs} ms, round trip ${roundTripMs} ms`;
  return Math.abs(offsetMs) - roundTripMs / 2 > MAX_SKEW_MS
    ? fail('CLOCK_SKEW', `the clock of ${component} differs from this machine’s: ${told}`)
    : pass(told);
}

/** Caddy and istiod renew by timers, which do not run while a machine sleeps. */
function renewedSince({ sleptMs }: Clocks, table: readonly Entry[], at: number): Verdict {
  if (sleptMs === undefined) return pass('this machine does not report whether it was suspended');
  const late = table.filter(
    ({ facts }) => facts !== undefined && notLate({ name: '', facts }, at).kind !== 'pass',
  );
  return sleptMs > 60_000 && late.length > 0
    ? warn(
        'CERT_RENEWAL_LATE',
        `this machine was suspended for ${Math.round(sleptMs / 1000)} s, and ${late.map(({ name }) => name).join(', ')} were not renewed afterwards`,
      )
    : pass(`suspended for ${Math.round(sleptMs / 1000)} s since its start`);
}

function withTable(judged: Verdict | Cases, table: readonly Entry[], at: number): Verdict | Cases {
  if (judged.kind !== 'cases') return judged;
  const cases = judged.cases.map((one): CaseVerdict => {
    const entry = table.find(({ name }) => name === one.id);
    return entry === undefined ? one : { ...one, verdict: seeing(one.verdict, tableItem(entry, at)) };
  });
  return { ...judged, cases };
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 16);
}
