import type { CertificateProbe } from '../../evidence/bad-certificates.ts';
import type { ServiceProxies } from '../../evidence/services/service-views.ts';
import type { PodAnswer, PodWire } from '../../evidence/services/service-wire.ts';
import type { ProxySeen } from '../../evidence/proxies.ts';
import { spiffeId } from '../../topology/identity.ts';
import { clusterHost, type Service } from '../../topology/service.ts';
import { parseCertificates } from '../../trust/certificate.ts';
import { fingerprintsOf } from '../../trust/fingerprints.ts';
import { valid } from '../catalogue/certificates.ts';
import { chainVerdict, spiffeVerdict } from '../certificates.ts';
import { eachCase, fail, pass, seeing, unknown } from '../check.ts';
import type { CheckId } from '../check-id.ts';
import { wireSeen } from '../describe.ts';
import { handshakeItem } from '../evidence-item.ts';
import { strictInbound } from '../inbound-chains.ts';
import { clientVerdict } from '../mesh-client.ts';
import type { ReasonCode } from '../reasons.ts';
import { certificatesRefused, nothingSeen, refusedWithAlert, refusedWithoutData } from '../refusal.ts';
import { type AnyServiceJudge, defineServiceJudge } from '../service-judge.ts';
import type { Verdict } from '../verdict.ts';
import { acrossPods, ofEachPod, type OfPod } from './across-pods.ts';

/** Identity and encryption at the pods of a service. */
export const MESH_JUDGES = {
  'MD-MESH-004': defineServiceJudge({
    scope: 'service',
    evidence: ['service.proxies', 'service.pods'],
    judge: ({ 'service.proxies': proxies, 'service.pods': { peerRules } }, { service }) =>
      ofEachProxy(service, proxies, (proxy) => strictInbound(proxy, peerRules, proxy.pod)),
  }),
  'MD-MESH-005': defineServiceJudge({
    scope: 'service',
    control: 'MD-MESH-018',
    evidence: ['service.wire'],
    judge: ({ 'service.wire': pods }, { service }) =>
      ofEachPod(service, pods, ({ plaintext, pod }) =>
        refusedWithoutData(plaintext, `plaintext from the non-mesh client to ${pod}`, 'MESH_NOT_STRICT'),
      ),
  }),
  'MD-MESH-006': forged(['none'], 'MESH_CERTIFICATE_OPTIONAL'),
  'MD-MESH-007': forged(['edge-client', 'wrong-name'], 'MESH_ROOT_OPENS_PODS'),
  'MD-MESH-008': forged(
    ['foreign-ca', 'stranger-ca', 'self-signed', 'spiffe-of-other-mesh', 'other-trust-domain', 'expired'],
    'MESH_FORGED_IDENTITY_ACCEPTED',
  ),
  'MD-MESH-009': defineServiceJudge({
    scope: 'service',
    control: 'MD-MESH-018',
    evidence: ['service.wire'],
    judge: ({ 'service.wire': pods }, { service }) =>
      ofEachPod(service, pods, ({ tls12, pod }) =>
        refusedWithAlert(
          tls12,
          ['protocol_version'],
          `a workload that supports at most TLS 1.2, to ${pod}`,
          'MESH_TLS_TOO_OLD',
        ),
      ),
  }),
  'MD-MESH-011': defineServiceJudge({
    scope: 'service',
    evidence: ['service.proxies'],
    judge: ({ 'service.proxies': proxies }, { service }) =>
      ofEachProxy(service, proxies, (proxy) => {
        const { chain } = certificatesOf(proxy);
        return chain === undefined ? noCertificate(proxy) : spiffeVerdict(chain, spiffeId(service.identity));
      }),
  }),
  'MD-MESH-012': defineServiceJudge({
    scope: 'service',
    evidence: ['service.proxies'],
    judge: ({ 'service.proxies': proxies }, { service, at }) =>
      ofEachProxy(service, proxies, (proxy) => trustsMeshRoot(proxy, proxies.meshRootPem, at)),
  }),
  'MD-MESH-013': defineServiceJudge({
    scope: 'service',
    evidence: ['service.proxies'],
    judge: ({ 'service.proxies': { all } }, { service }) => weakestClient(service, all),
  }),
  'MD-MESH-014': defineServiceJudge({
    scope: 'service',
    control: 'MD-MESH-018',
    evidence: ['service.wire', 'service.pods'],
    judge: ({ 'service.wire': wire, 'service.pods': { pods } }, { service }) => {
      const onNode = pods.find(({ hostNetwork }) => hostNetwork);
      if (onNode !== undefined)
        return fail('MESH_PORT_AROUND', `${onNode.name} uses the network of the node, where no capture runs`);
      return ofEachPod(service, wire, portsCaptured);
    },
  }),
  'MD-MESH-018': defineServiceJudge({
    scope: 'service',
    evidence: ['service.wire'],
    judge: ({ 'service.wire': pods }, { service }) =>
      ofEachPod(service, pods, ({ honest }) => identityAccepted(honest, service)),
  }),
  'MD-CERT-003': defineServiceJudge({
    scope: 'service',
    evidence: ['service.proxies'],
    judge: ({ 'service.proxies': proxies }, { service, at }) =>
      ofEachProxy(service, proxies, (proxy) => {
        const facts = parseCertificates(certificatesOf(proxy).chain ?? '')[0]?.facts;
        return valid({ name: `the certificate of ${proxy.pod}`, facts }, at);
      }),
  }),
} satisfies Partial<Record<CheckId, AnyServiceJudge>>;

/** A pod whose proxy could not be asked is not proved, whatever the others say. */
function ofEachProxy(
  service: Service,
  { own, unseen }: ServiceProxies,
  judge: (proxy: ProxySeen) => Verdict,
): Verdict {
  return acrossPods(service, [
    ...own.map((proxy): OfPod => ({ pod: proxy.pod, verdict: judge(proxy) })),
    ...unseen.map(({ pod, because }): OfPod => ({
      pod,
      verdict: unknown('NO_PROXIES', `its proxy could not be queried: ${because}`),
    })),
  ]);
}

/** One case for each certificate, over all pods. */
function forged(cases: readonly string[], code: ReasonCode): AnyServiceJudge {
  return defineServiceJudge({
    scope: 'service',
    control: 'MD-MESH-018',
    evidence: ['service.wire'],
    judge: ({ 'service.wire': pods }, { service }) =>
      eachCase(
        cases.map((id) => [id, ofEachPod(service, pods, (pod) => certificateRefused(pod.forged, id, code))]),
      ),
  });
}

function certificateRefused(probes: readonly CertificateProbe[], id: string, code: ReasonCode): Verdict {
  const [[, verdict] = []] = certificatesRefused(probes, [id], code);
  return verdict ?? unknown('CASE_NOT_RUN', `no client presented ${id}`);
}

/** SDS names of a proxy's own workload certificate and of the mesh's anchors. */
function certificatesOf({ secrets }: ProxySeen): { readonly chain?: string; readonly root?: string } {
  const find = (wanted: string) => secrets.find(({ name, state }) => name === wanted && state === 'active');
  const [chain, root] = [find('default')?.chainPem, find('ROOTCA')?.anchorsPem];
  return { ...(chain === undefined ? {} : { chain }), ...(root === undefined ? {} : { root }) };
}

function noCertificate({ pod }: ProxySeen): Verdict {
  return unknown('NO_WORKLOAD_CERTIFICATE', `${pod}: no active certificate in the running proxy`);
}

function trustsMeshRoot(proxy: ProxySeen, meshRootPem: string, at: number): Verdict {
  const { chain, root } = certificatesOf(proxy);
  if (chain === undefined || root === undefined) return noCertificate(proxy);
  const [trusted, wanted] = [fingerprintsOf(root).join(', '), fingerprintsOf(meshRootPem).join(', ')];
  if (trusted !== wanted)
    return fail(
      'MESH_SPLIT_TRUST',
      `${proxy.pod} trusts roots with SHA-256 ${trusted}, the root of the lab is ${wanted}`,
    );
  return chainVerdict({ presented: [chain], anchors: [meshRootPem], at, purpose: 'clientAuth' }, proxy.pod);
}

/** Every proxy of the mesh is a client that could be told to speak otherwise to this service. */
function weakestClient(service: Service, all: readonly ProxySeen[]): Verdict {
  const server = { host: clusterHost(service), identity: spiffeId(service.identity) };
  return acrossPods(
    service,
    all.map((proxy): OfPod => ({ pod: proxy.pod, verdict: clientVerdict(proxy, [server], proxy.pod) })),
  );
}

function portsCaptured({ pod, ports }: PodWire): Verdict {
  if (ports.length === 0)
    return unknown('NO_PROXIES', `no socket of ${pod} was found, not even that of its sidecar`);
  const judged = ports.map(({ port, wire }) => {
    const who = `plaintext from the non-mesh client to port ${port}`;
    return wire.ended === 'refused'
      ? seeing(pass(wireSeen(wire)), handshakeItem(wire))
      : refusedWithoutData(wire, who, 'MESH_PORT_AROUND');
  });
  const odd = judged.find(({ kind }) => kind === 'fail') ?? judged.find(({ kind }) => kind !== 'pass');
  return odd ?? pass(`ports ${ports.map(({ port }) => port).join(', ')}`);
}

/**
 * The sidecar itself answered after it had looked at the certificate; whether its policies admit the request is for
 * other checks. A connection of `tcp` has no answer: that it is not refused with an alert is all that is seen.
 */
function identityAccepted({ wire, record, as }: PodAnswer, { protocol }: Service): Verdict {
  return seeing(judgeAccepted({ wire, record, as }, protocol), handshakeItem(wire));
}

function judgeAccepted(
  { wire, record, as }: Pick<PodAnswer, 'wire' | 'record' | 'as'>,
  protocol: Service['protocol'],
): Verdict {
  const who = `${as}, issued by the CA of the mesh`;
  if (protocol === 'tcp') {
    if (wire.ended === 'alert' || wire.ended === 'refused')
      return fail('MESH_CONTROL_REFUSED', `${who}: ${wireSeen(wire)}`);
    return wire.protocol === undefined
      ? unknown('NOT_REACHED', `${who}: ${wireSeen(wire)}`)
      : pass(`${wire.protocol}: the handshake was not refused`);
  }
  const unseen = nothingSeen(wire, who);
  if (unseen !== undefined) return unseen;
  if (wire.status === undefined) return fail('MESH_CONTROL_REFUSED', `${who}: ${wireSeen(wire)}`);
  if (record === undefined)
    return unknown('NO_RECORD', `${who}: HTTP ${wire.status}, but the sidecar has no record of the request`);
  return record.downstream_peer_uri_san === as
    ? pass(`HTTP ${wire.status}, recorded client ${as}`)
    : fail(
        'NOT_THE_APP',
        `${who}: the sidecar recorded the client ${record.downstream_peer_uri_san ?? 'none'}`,
      );
}
