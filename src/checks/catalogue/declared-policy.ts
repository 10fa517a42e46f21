import { APP_ID, INTERNAL_ID } from '../../sample/names.ts';
import type { PolicyRule } from '../../config/policy.ts';
import type { WorkloadName } from '../../topology/lab.ts';
import { type Certificate, parseCertificates } from '../../trust/certificate.ts';
import { type AnyCheck, type Cases, defineCheck, eachCase, fail, pass, skip, unknown } from '../check.ts';
import type { EvidenceMap } from '../../evidence/evidence-map.ts';
import type { WireResult } from '../../evidence/wire-result.ts';
import { meetsFloor } from '../tls-version.ts';
import type { Verdict } from '../verdict.ts';

/** Workloads that have a proxy, and so a certificate. */
const PROXIED = ['gateway', APP_ID, 'caller', INTERNAL_ID] as const satisfies readonly WorkloadName[];

const EVIDENCE = [
  'policy',
  'edge.wire',
  'gateway.wire',
  'walks',
  'mesh.state',
  'anchors',
  'listeners',
] as const;
type Seen = Pick<EvidenceMap, (typeof EVIDENCE)[number]>;

export const POLICY_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-DRIFT-005',
    title: 'the lab meets the policy of meshdev.yaml',
    impact: 'the lab differs from the declared production policy',
    hint: 'the line of `meshdev.yaml` that the message names',
    hop: 'lab',
    polarity: 'positive',
    blocking: false,
    evidence: EVIDENCE,
    judge: (seen, { at }) => judgePolicy(seen, at),
  }),
];

function judgePolicy(seen: Seen, at: number): Verdict | Cases {
  const { rules } = seen.policy;
  if (rules === undefined)
    return skip('meshdev.yaml declares no policy (meshdev docs configuration, Policy)');
  if (rules.length === 0) return skip('the policy of meshdev.yaml has no rule');
  return eachCase(rules.map((rule) => [caseId(rule), judgeRule(rule, seen, at)]));
}

function caseId(rule: PolicyRule): string {
  return rule.kind === 'min-tls' ? `min-tls-${rule.hop.replace('->', '-')}` : rule.kind;
}

function judgeRule(rule: PolicyRule, seen: Seen, now: number): Verdict {
  switch (rule.kind) {
    case 'min-tls':
      return minTls(rule, seen);
    case 'certificate-age':
      return ofEachCertificate(rule, seen, ({ facts }) => {
        const age = now - facts.notBefore;
        return age <= rule.maxMs ? undefined : `is ${ageText(age)} old, the maximum is ${rule.text}`;
      });
    case 'key-types':
      return ofEachCertificate(rule, seen, ({ facts: { key } }) => {
        const type = keyType(key);
        return rule.allowed.includes(type)
          ? undefined
          : `has a ${type} key, allowed types are ${rule.allowed.join(', ')}`;
      });
    case 'alpn':
      return alpn(rule, seen);
    case 'listeners':
      return listeners(rule, seen);
  }
}

/** The remedy is the user's: either the lab or the line is wrong. */
function violated({ at }: PolicyRule, seen: string): Verdict {
  return fail('DRIFT_POLICY', `${at}: ${seen}`, ['meshdev up', 'meshdev explain MD-DRIFT-005']);
}

/** What was negotiated, and that a client which offers less is turned away. */
function minTls(rule: Extract<PolicyRule, { kind: 'min-tls' }>, seen: Seen): Verdict {
  const versions = negotiated(rule.hop, seen);
  if (versions.length === 0)
    return unknown('NO_RECORD', `${rule.at}: no component recorded a TLS version on ${rule.hop}`);
  const low = versions.filter((version) => !meetsFloor(version, rule.floor));
  if (low.length > 0)
    return violated(rule, `${rule.hop} negotiated ${[...new Set(low)].join(', ')}, expected ${rule.floor}`);
  const older = offeredLess(rule.hop, seen);
  if (rule.floor === 'TLSv1.3' && older?.ended === 'data')
    return violated(rule, `${rule.hop} serves a client that offers TLSv1.2, expected ${rule.floor}`);
  return pass(`${rule.at}: ${[...new Set(versions)].join(', ')}`);
}

function negotiated(
  hop: string,
  { 'edge.wire': edge, 'gateway.wire': gateway, walks }: Seen,
): readonly string[] {
  const all = Object.values(walks);
  const versions = {
    'client->edge': [edge[APP_ID].protocol, edge.auth.protocol],
    'edge->gateway': [
      gateway.control.protocol,
      ...all.map((traced) => traced.gateway?.downstream_tls_version),
    ],
    'gateway->sidecar': all.map((traced) => traced.sidecar?.downstream_tls_version),
  }[hop];
  return (versions ?? []).filter((version) => version !== undefined);
}

function offeredLess(hop: string, seen: Seen): WireResult | undefined {
  if (hop === 'client->edge') return seen['edge.wire'].tls12;
  return hop === 'edge->gateway' ? seen['gateway.wire'].tls12 : undefined;
}

interface Held {
  readonly who: string;
  readonly certificate: Certificate | undefined;
}

/** Leaves only: authorities live longer, and are not what a peer shows. */
function ofEachCertificate(
  rule: PolicyRule,
  seen: Seen,
  fault: (certificate: Certificate) => string | undefined,
): Verdict {
  const held = leaves(seen);
  const unseen = held.filter(({ certificate }) => certificate === undefined).map(({ who }) => who);
  const faults = held.flatMap(({ who, certificate }) => {
    const found = certificate === undefined ? undefined : fault(certificate);
    return found === undefined ? [] : [`the certificate of ${who} ${found}`];
  });
  if (faults.length > 0) return violated(rule, faults.join(' · '));
  if (unseen.length > 0)
    return unknown('NO_CERTIFICATE', `${rule.at}: no certificate of ${unseen.join(', ')} was observed`);
  return pass(`${rule.at}: ${held.map(({ who }) => who).join(', ')}`);
}

function leaves({
  'edge.wire': edge,
  'gateway.wire': gateway,
  'mesh.state': mesh,
  anchors,
}: Seen): readonly Held[] {
  const shown: readonly (readonly [string, string | undefined])[] = [
    ['the edge for the app', edge[APP_ID].peerChain[0]],
    ['the edge for the IdP', edge.auth.peerChain[0]],
    ['the gateway', gateway.control.peerChain[0]],
    ['the edge as client', anchors.edgeClientPem],
    ...PROXIED.map((workload) => {
      const own = mesh.secrets.find((proxy) => proxy.workload === workload);
      return [`workload ${workload}`, own?.chainPem] as const;
    }),
  ];
  return shown.map(([who, pem]) => ({
    who,
    certificate: pem === undefined ? undefined : parseCertificates(pem)[0],
  }));
}

function keyType({ type, bits }: Certificate['facts']['key']): string {
  if (type === 'ec') return `P-${bits}`;
  if (type === 'ed25519') return 'Ed25519';
  return type === 'rsa' ? `RSA-${bits}` : type;
}

function ageText(ms: number): string {
  const hours = Math.floor(ms / 3_600_000);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}

function alpn(rule: Extract<PolicyRule, { kind: 'alpn' }>, { 'edge.wire': edge }: Seen): Verdict {
  const spoken = [edge[APP_ID].alpn, edge.http1.alpn].filter((protocol) => protocol !== undefined);
  const missing = rule.required.filter((protocol) => !spoken.includes(protocol));
  return missing.length === 0
    ? pass(`${rule.at}: ${spoken.join(', ')}`)
    : violated(
        rule,
        `the edge does not support ${missing.join(', ')}, but ${spoken.join(', ') || 'nothing'}`,
      );
}

function listeners(rule: Extract<PolicyRule, { kind: 'listeners' }>, seen: Seen): Verdict {
  if (seen.listeners.length === 0)
    return unknown('EXPO_NO_LISTENER', `${rule.at}: the engine publishes no port of this lab`);
  const extra = seen.listeners.filter(({ address, port }) => {
    const host = address.includes(':') ? `[${address}]` : address;
    return ![`${host}:${port}`, `${host}:*`].some((name) => rule.allowed.includes(name));
  });
  return extra.length === 0
    ? pass(`${rule.at}: ${seen.listeners.length} listeners`)
    : violated(
        rule,
        extra.map(({ container, address, port }) => `${container} listens on ${address}:${port}`).join(' · '),
      );
}
