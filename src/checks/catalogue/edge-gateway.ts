import { APP_ID } from '../../sample/names.ts';
import { WALK } from '../../sample/walks.ts';
import { type AnyCheck, defineCheck, eachCase, fail, pass, unknown } from '../check.ts';
import type { CertificateReason } from '../../trust/certificate-reason.ts';
import { chainVerdict, namesVerdict } from '../certificates.ts';
import { fingerprintsOf } from '../../trust/fingerprints.ts';
import { requestSeen, wireSeen } from '../describe.ts';
import type { GatewayWire } from '../../evidence/wires.ts';
import type { ReasonCode } from '../reasons.ts';
import { upstreamProblem } from '../edge-upstream.ts';
import { certificatesRefused, NOT_REVOCABLE, refusedWithoutData, nothingSeen } from '../refusal.ts';
import type { Verdict } from '../verdict.ts';
import { authorityOf } from '../../topology/lab.ts';

export const EDGE_GATEWAY_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-EGW-002',
    title:
      'the running configuration of Caddy verifies the gateway: https, a CA in the trust pool, one static server name per host, no skip-verify',
    impact: 'the hop is encrypted, but the edge accepts any server',
    hint: '`transport http` of the site in the Caddyfile',
    hop: 'edge->gateway',
    polarity: 'positive',
    blocking: false,
    evidence: ['edge.running'],
    judge: ({ 'edge.running': { upstreams } }, { lab }) => {
      // All but the IdP's, which is outside the mesh: a second way in counts as much as the first.
      const toMesh = upstreams.filter((upstream) => upstream.host !== lab.hosts.auth);
      if (!toMesh.some((upstream) => upstream.host === lab.hosts[APP_ID]))
        return fail(
          'EGW_NO_UPSTREAM',
          `the running configuration of Caddy has no upstream for ${lab.hosts[APP_ID]}`,
        );
      for (const upstream of toMesh) {
        const wrong = upstreamProblem(upstream);
        if (wrong !== undefined) return wrong;
      }
      return pass(`${toMesh.length} upstream(s) verified`);
    },
  }),
  defineCheck({
    id: 'MD-EGW-004',
    title: 'the leaf certificate of the gateway has its own name and chains to the mesh root',
    impact: 'the gateway uses a wrong secret',
    hint: 'secret `gateway-credential`',
    hop: 'edge->gateway',
    polarity: 'positive',
    blocking: false,
    evidence: ['gateway.wire', 'anchors'],
    judge: ({ 'gateway.wire': { control }, anchors }, { lab, at }) => {
      const chain = chainVerdict(
        { presented: control.peerChain, anchors: [anchors.meshRootPem], at, purpose: 'serverAuth' },
        'the gateway',
      );
      if (chain.kind !== 'pass') return chain;
      const name = namesVerdict(control.peerChain, lab.hosts.gateway);
      return name.kind === 'pass' ? namesVerdict(control.peerChain, lab.hosts[APP_ID]) : name;
    },
  }),
  defineCheck({
    id: 'MD-EGW-005',
    title: 'the gateway received the client certificate of Caddy',
    impact: 'another component terminates TLS between edge and gateway',
    hint: 'the fingerprint in the message',
    hop: 'edge->gateway',
    polarity: 'positive',
    blocking: false,
    evidence: ['walks', 'anchors'],
    judge: ({ walks, anchors }, { lab }) => {
      const { gateway } = walks[WALK.adminRead];
      if (gateway === undefined)
        return unknown(
          'NO_RECORD',
          `the gateway has no record of the request: ${requestSeen(walks[WALK.adminRead])}`,
        );
      const [wanted] = fingerprintsOf(anchors.edgeClientPem);
      if (wanted === undefined)
        return unknown(
          'NO_CERTIFICATE',
          'the client certificate of the edge is missing: meshdev cannot compare it',
        );
      const seen = (gateway.downstream_peer_fingerprint ?? '').toLowerCase();
      if (seen !== wanted)
        return fail(
          'EGW_OTHER_CLIENT',
          `the gateway received a client certificate with SHA-256 ${seen === '' ? 'none' : seen}, that of Caddy is ${wanted}`,
        );
      return gateway.downstream_peer_dns_san === lab.hosts.edge
        ? pass(`${gateway.downstream_peer_dns_san}, sha256 ${wanted.slice(0, 16)}`)
        : fail(
            'EGW_OTHER_CLIENT',
            `the gateway received DNS SAN ${gateway.downstream_peer_dns_san ?? 'none'}, expected ${lab.hosts.edge}`,
          );
    },
  }),
  defineCheck({
    id: 'MD-EGW-007',
    title: 'the gateway receives the SNI of the requested host and the public Host',
    impact: 'a pooled connection has the SNI of another host, or a component rewrites Host',
    hint: '`tls_server_name`, `header_up Host`',
    hop: 'edge->gateway',
    polarity: 'positive',
    blocking: false,
    evidence: ['walks'],
    judge: ({ walks }, { lab }) => {
      const records = Object.values(walks).flatMap(({ gateway }) => (gateway === undefined ? [] : [gateway]));
      if (records.length === 0) return unknown('NO_RECORD', 'the gateway has no record of any request');
      const authority = authorityOf(lab);
      const changed = records.find(
        (record) => record.sni !== lab.hosts[APP_ID] || record.authority !== authority,
      );
      return changed === undefined
        ? pass(`SNI ${lab.hosts[APP_ID]}, Host ${authority}, ${records.length} requests`)
        : fail(
            'EGW_NAME_CHANGED',
            `the gateway received SNI ${changed.sni ?? 'none'} and Host ${changed.authority ?? 'none'}, expected ${lab.hosts[APP_ID]} and ${authority}`,
          );
    },
  }),
  defineCheck({
    id: 'MD-EGW-003',
    title:
      'the gateway accepts the client certificate of the edge on the path of the negative checks (their control)',
    impact: 'the gateway refuses the edge itself, so the refusals below are not evidence',
    hint: '`meshdev check MD-EGW-005`',
    hop: 'edge->gateway',
    polarity: 'positive',
    blocking: true,
    evidence: ['gateway.wire'],
    judge: ({ 'gateway.wire': { control } }) => {
      const who = 'a client with the identity of the edge';
      const unseen = nothingSeen(control, who);
      if (unseen !== undefined) return unseen;
      return control.ended === 'data'
        ? pass(wireSeen(control))
        : fail('EGW_EDGE_REFUSED', `${who}: ${wireSeen(control)}`);
    },
  }),
  forgedCheck({
    id: 'MD-EGW-008',
    title: 'the gateway refuses a client without a certificate',
    impact: 'the client certificate is optional',
    hint: 'Gateway mode `MUTUAL`',
    cases: ['none'],
    code: 'EGW_CERTIFICATE_OPTIONAL',
  }),
  forgedCheck({
    id: 'MD-EGW-009',
    title: 'the gateway refuses a client certificate of another CA',
    impact: 'the gateway trusts too many client CAs',
    hint: 'secret `gateway-credential`',
    cases: [
      'foreign-ca',
      'stranger-ca',
      'edge-ca',
      'self-signed',
      'without-intermediate',
      'leaf-as-ca',
      'too-deep',
      'outside-constraint',
      'spiffe-of-other-mesh',
    ],
    code: 'EGW_CA_TOO_WIDE',
  }),
  forgedCheck({
    id: 'MD-EGW-010',
    title: 'the gateway refuses a client certificate that is expired, not yet valid or for servers only',
    impact: 'the gateway does not enforce validity period or purpose',
    hint: '`meshdev check MD-CERT-007`, then secret `gateway-credential`',
    cases: ['expired', 'not-yet-valid', 'wrong-purpose'],
    notJudged: [NOT_REVOCABLE],
    code: 'EGW_VALIDITY_NOT_CHECKED',
  }),
  forgedCheck({
    id: 'MD-EGW-011',
    title: 'the gateway refuses the certificates of mesh workloads, and its own',
    impact: 'any pod can impersonate the edge',
    hint: '`subjectAltNames` of the Gateway',
    cases: [
      'workload',
      'gateway-itself',
      'wrong-name',
      'common-name-only',
      'without-san',
      'other-trust-domain',
    ],
    code: 'EGW_IDENTITY_NOT_CHECKED',
  }),
  defineCheck({
    id: 'MD-EGW-012',
    title: 'the gateway refuses plaintext on its TLS port',
    impact: 'a client can connect without TLS',
    hint: 'the servers of the Gateway object',
    hop: 'edge->gateway',
    polarity: 'negative',
    refuser: 'gateway',
    control: 'MD-EGW-003',
    blocking: false,
    evidence: ['gateway.wire'],
    judge: ({ 'gateway.wire': { plaintext } }) =>
      refusedWithoutData(plaintext, 'plaintext HTTP on the gateway’s TLS port', 'EGW_PLAINTEXT_SERVED'),
  }),
];

interface ForgedCheck extends Pick<AnyCheck, 'id' | 'title' | 'impact' | 'hint'> {
  readonly cases: readonly string[];
  readonly notJudged?: readonly (readonly [id: string, verdict: Verdict])[];
  readonly code: ReasonCode;
}

function forgedCheck({ cases, notJudged = [], code, ...words }: ForgedCheck): AnyCheck {
  return defineCheck({
    ...words,
    hop: 'edge->gateway',
    polarity: 'negative',
    refuser: 'gateway',
    control: 'MD-EGW-003',
    blocking: false,
    evidence: ['gateway.wire'],
    judge: ({ 'gateway.wire': wire }) =>
      eachCase([
        ...certificatesRefused(wire.forged, cases, code),
        ...notJudged,
        ['counters', countersRose(wire, cases)],
      ]),
  });
}

const OTHER_IDENTITY: ReadonlySet<CertificateReason> = new Set(['CERT_NAME_MISMATCH', 'CERT_TRUST_DOMAIN']);

/** Which counter of the gateway's listener an Envoy raises when it refuses a certificate for a reason. */
function counterOf(reason: CertificateReason): string {
  if (reason === 'CERT_MISSING') return 'fail_verify_no_cert';
  return OTHER_IDENTITY.has(reason) ? 'fail_verify_san' : 'fail_verify_error';
}

/** The gateway's own word: its counters rose by at least as many refusals as were tried. */
function countersRose({ forged, counters }: GatewayWire, cases: readonly string[]): Verdict {
  const own = forged.filter((probe) => cases.some((id) => id === probe.case.id));
  const names = [...new Set(own.map((probe) => counterOf(probe.case.reason)))];
  const rises = names.map((name) => ({
    name,
    tries: forged.filter(({ case: each, wire }) => wire.ended === 'alert' && counterOf(each.reason) === name)
      .length,
    rose: counters[name],
  }));
  for (const { name, tries, rose } of rises) {
    if (rose === undefined)
      return unknown(
        'NO_RECORD',
        `refused, but the gateway has no counter ssl.${name} (proxyStatsMatcher of its pod)`,
      );
    if (rose < tries)
      return fail(
        'REFUSED_ELSEWHERE',
        `refused, but ssl.${name} of the gateway increased by ${rose} in ${tries} attempts: another component refused`,
      );
  }
  if (rises.length === 0)
    return unknown('CASE_NOT_RUN', 'no certificate was presented that the counter counts');
  return pass(rises.map(({ name, rose }) => `ssl.${name} +${rose}`).join(', '));
}
