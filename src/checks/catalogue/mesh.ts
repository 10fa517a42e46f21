import { spiffeId } from '../../topology/identity.ts';
import type { Lab, WorkloadName } from '../../topology/lab.ts';
import { type AnyCheck, defineCheck, eachCase, fail, pass, seeing, unknown } from '../check.ts';
import { exchangeItem } from '../evidence-item.ts';
import { requestSeen, wireSeen } from '../describe.ts';
import type { TracedRequest } from '../../evidence/traced-request.ts';
import type { WireResult } from '../../evidence/wire-result.ts';
import type { ProxyRecord } from '../../records/proxy-record.ts';
import { peerVerdict } from '../peer.ts';
import {
  certificatesRefused,
  NOT_REVOCABLE,
  refusedWithAlert,
  refusedWithoutData,
  nothingSeen,
} from '../refusal.ts';
import { meetsFloor } from '../tls-version.ts';
import type { Verdict } from '../verdict.ts';

const FORGED_IDENTITIES = [
  'foreign-ca',
  'stranger-ca',
  'edge-ca',
  'self-signed',
  'spiffe-of-other-mesh',
  'other-trust-domain',
  'without-intermediate',
  'leaf-as-ca',
  'too-deep',
  'outside-constraint',
  'expired',
  'not-yet-valid',
  'wrong-purpose',
];

export const MESH_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-MESH-002',
    title: 'for one request the sidecar saw the gateway, the gateway the app, over the same TLS',
    impact: 'plaintext, a stranger, or someone between gateway and sidecar',
    hint: 'the code names the side',
    hop: 'gateway->sidecar',
    polarity: 'positive',
    blocking: true,
    evidence: ['walks'],
    judge: ({ walks: { 'alice-read': traced } }, { lab }) =>
      seeing(bothEnds(traced, lab), exchangeItem(traced)),
  }),
  defineCheck({
    id: 'MD-MESH-003',
    title: 'the upstream cluster used is the service’s own',
    impact: 'the request left the mesh, and mTLS with it',
    hint: '`outboundTrafficPolicy`',
    hop: 'gateway->sidecar',
    polarity: 'positive',
    blocking: false,
    evidence: ['walks'],
    judge: ({ walks }, { lab }) => {
      const cluster = walks['alice-read'].gateway?.upstream_cluster;
      const { namespace, serviceAccount } = lab.workloads.httpbin;
      if (cluster === undefined) return unknown('NO_RECORD', 'the gateway recorded no upstream cluster');
      // direction|port|subset|host
      const [direction, , , host] = cluster.split('|');
      return direction === 'outbound' && host === `${serviceAccount}.${namespace}.svc.cluster.local`
        ? pass(cluster)
        : fail(
            'MESH_PASSTHROUGH',
            `the gateway used ${cluster.replace(/;$/, '')}: the mesh did not route this request`,
          );
    },
  }),
  defineCheck({
    id: 'MD-MESH-005',
    title: 'plaintext from the namespace without sidecars is closed without data',
    impact: 'mutual TLS is optional',
    hint: '`meshdev kubectl get peerauthentication -A`',
    hop: 'gateway->sidecar',
    polarity: 'negative',
    refuser: 'sidecar',
    control: 'MD-MESH-015',
    blocking: false,
    evidence: ['sidecar.wire'],
    judge: ({ 'sidecar.wire': { plaintext, plaintextToLedger } }) =>
      eachCase([
        ['httpbin', plaintextRefused(plaintext, 'httpbin')],
        ['ledger', plaintextRefused(plaintextToLedger, 'ledger')],
      ]),
  }),
  defineCheck({
    id: 'MD-MESH-006',
    title: 'TLS without a client certificate is refused',
    impact: 'the client certificate is optional',
    hint: '`meshdev kubectl get peerauthentication -A`',
    hop: 'gateway->sidecar',
    polarity: 'negative',
    refuser: 'sidecar',
    control: 'MD-MESH-018',
    blocking: false,
    evidence: ['sidecar.wire'],
    judge: ({ 'sidecar.wire': { forged, uncertified } }) =>
      eachCase([
        ...certificatesRefused(forged, ['none'], 'MESH_CERTIFICATE_OPTIONAL'),
        ...Object.entries(uncertified).map(
          ([workload, wire]) =>
            [
              workload,
              refusedWithAlert(
                wire,
                ['certificate_required'],
                `a client without a certificate at ${workload}`,
                'MESH_CERTIFICATE_OPTIONAL',
              ),
            ] as const,
        ),
      ]),
  }),
  defineCheck({
    id: 'MD-MESH-008',
    title:
      'a foreign CA with the right SPIFFE id, another trust domain, broken chains, expired and early certificates are refused',
    impact: 'wrong anchors, too wide a trust domain, or clocks',
    hint: '`meshdev check MD-MESH-012`',
    hop: 'gateway->sidecar',
    polarity: 'negative',
    refuser: 'sidecar',
    control: 'MD-MESH-018',
    blocking: false,
    evidence: ['sidecar.wire'],
    judge: ({ 'sidecar.wire': { forged } }) =>
      eachCase([
        ...certificatesRefused(forged, FORGED_IDENTITIES, 'MESH_FORGED_IDENTITY_ACCEPTED'),
        NOT_REVOCABLE,
      ]),
  }),
  defineCheck({
    id: 'MD-MESH-009',
    title: 'TLS below the mesh floor is refused',
    impact: 'the floor is not set, or a proxy does not heed it',
    hint: '`meshMTLS.minProtocolVersion` in the mesh configuration',
    hop: 'gateway->sidecar',
    polarity: 'negative',
    refuser: 'sidecar',
    control: 'MD-MESH-018',
    blocking: false,
    evidence: ['sidecar.wire'],
    judge: ({ 'sidecar.wire': { tls12 } }) =>
      eachCase(
        Object.entries(tls12).map(([workload, wire]) => [
          workload,
          refusedWithAlert(
            wire,
            ['protocol_version'],
            `a workload that speaks TLS 1.2 at most to ${workload}`,
            'MESH_TLS_TOO_OLD',
          ),
        ]),
      ),
  }),
  defineCheck({
    id: 'MD-MESH-007',
    title: 'a certificate of the mesh root that is no workload’s is refused',
    impact: 'the mesh root alone opens every pod',
    hint: 'trust domain',
    hop: 'gateway->sidecar',
    polarity: 'negative',
    refuser: 'sidecar',
    control: 'MD-MESH-018',
    blocking: false,
    evidence: ['sidecar.wire'],
    judge: ({ 'sidecar.wire': { forged } }) =>
      eachCase(
        certificatesRefused(
          forged,
          ['edge-client', 'wrong-name', 'common-name-only', 'without-san'],
          'MESH_ROOT_OPENS_PODS',
        ),
      ),
  }),
  defineCheck({
    id: 'MD-MESH-018',
    title: 'an honest workload identity is admitted on the path of the negatives (their control)',
    impact: 'an honest workload is refused, so the refusals prove nothing',
    hint: 'the message',
    hop: 'gateway->sidecar',
    polarity: 'positive',
    blocking: false,
    evidence: ['sidecar.wire'],
    judge: ({ 'sidecar.wire': { control } }, { lab }) => {
      const who = "the gateway's SPIFFE ID by the mesh's own CA, with alice's token";
      const unseen = nothingSeen(control, who);
      if (unseen !== undefined) return unseen;
      if (control.status !== 200) return fail('MESH_CONTROL_REFUSED', `${who}: ${wireSeen(control)}`);
      // The app's echo repeats what its own sidecar wrote: a 200 of anybody else does not.
      const server = spiffeId(lab.workloads.httpbin);
      return control.body.includes(`By=${server};`)
        ? pass(`200, By ${server}`)
        : fail('NOT_THE_APP', `${who}: 200, but no echo that names ${server} came back`);
    },
  }),
  defineCheck({
    id: 'MD-MESH-015',
    title:
      'the non-mesh client reaches what it may: names, the edge, the pod’s port; the lab’s probe reaches the edge',
    impact: 'the negatives of that one would prove nothing',
    hint: 'the network of the one named',
    hop: 'gateway->sidecar',
    polarity: 'positive',
    blocking: false,
    evidence: ['sidecar.wire', 'bypass'],
    judge: ({ 'sidecar.wire': { reachable, plaintext }, bypass: { allowed } }) =>
      eachCase([
        [
          'pod',
          reachable && plaintext.ended !== 'refused' && plaintext.ended !== 'timeout'
            ? pass()
            : unknown('INTRUDER_CUT_OFF', `the non-mesh client cannot reach the pod: ${wireSeen(plaintext)}`),
        ],
        [
          'dns',
          allowed.dns === undefined
            ? unknown('INTRUDER_CUT_OFF', 'the non-mesh client cannot resolve the public name')
            : pass(allowed.dns),
        ],
        ['edge', reachesEdge(allowed.edge, 'the non-mesh client')],
        ['probe', reachesEdge(allowed.probe, 'the lab’s probe')],
      ]),
  }),
  defineCheck({
    id: 'MD-MESH-017',
    title: 'a workload calls another one that its SPIFFE principal is allowed to call',
    impact: 'pod-to-pod calls are locked out',
    hint: 'policy `ledger`',
    hop: 'gateway->sidecar',
    polarity: 'positive',
    blocking: false,
    evidence: ['caller.wire'],
    judge: ({ 'caller.wire': { ledger, ledgerEcho } }, { lab }) => {
      const who = "the caller's request to the ledger";
      const unseen = nothingSeen(ledger, who);
      if (unseen !== undefined) return unseen;
      if (ledger.status !== 200) return fail('MESH_PEER_REFUSED', `${who}: ${wireSeen(ledger)}`);
      if (ledgerEcho === undefined) return fail('NOT_THE_APP', `${who}: HTTP 200, but no echo of the ledger`);
      return peerVerdict(ledgerEcho, lab.workloads.caller, lab.workloads.ledger);
    },
  }),
];

/** Anybody's answer to somebody without a token; what matters is that one came. */
function reachesEdge(wire: WireResult, who: string): Verdict {
  return wire.status === undefined
    ? unknown('INTRUDER_CUT_OFF', `${who} cannot reach the edge: ${wireSeen(wire)}`)
    : pass(`HTTP ${wire.status}`);
}

/** What the client of the hop did, and what its server recorded of the same request. */
function bothEnds(traced: TracedRequest, lab: Lab): Verdict {
  const { gateway, sidecar } = traced;
  const [client, server] = [spiffeId(lab.workloads.gateway), spiffeId(lab.workloads.httpbin)];
  if (gateway === undefined)
    return unknown('NO_RECORD', `no record of the request at the gateway; ${requestSeen(traced)}`);
  // Before the sidecar is asked for its record: an app without a sidecar never has one.
  if (gateway.upstream_peer_uri_san !== server) return serverNotTheApp(gateway, server);
  if (sidecar === undefined)
    return unknown('NO_RECORD', `no record of the request at the sidecar; ${requestSeen(traced)}`);
  if (sidecar.downstream_peer_uri_san !== client)
    return fail(
      'MESH_CLIENT_NOT_THE_GATEWAY',
      `the sidecar saw ${sidecar.downstream_peer_uri_san ?? 'no client identity'}, wanted ${client}`,
    );
  const up = `${gateway.upstream_tls_version} ${gateway.upstream_tls_cipher}`;
  const down = `${sidecar.downstream_tls_version} ${sidecar.downstream_tls_cipher}`;
  if (up !== down)
    return fail(
      'MESH_SESSIONS_DIFFER',
      `the gateway spoke ${up}, the sidecar heard ${down}: someone stands between`,
    );
  return meetsFloor(sidecar.downstream_tls_version, 'TLSv1.3')
    ? pass(`${up}, ${client} -> ${server}`)
    : fail('MESH_TLS_TOO_OLD', `negotiated ${down}, wanted TLSv1.3`);
}

function plaintextRefused(wire: WireResult, workload: WorkloadName): Verdict {
  const who = `plaintext from the non-mesh client to the pod of ${workload}`;
  return refusedWithoutData(wire, who, 'MESH_NOT_STRICT');
}

function serverNotTheApp(gateway: ProxyRecord, server: string): Verdict {
  const {
    upstream_peer_uri_san: seen,
    upstream_failure: why,
    response_code_details: details = 'no details',
  } = gateway;
  // The gateway refused by itself before it chose a server: nothing is known about this hop.
  if (seen === undefined && gateway.upstream_host === undefined)
    return unknown('NO_RECORD', `the gateway sent the request to nobody: ${details}`);
  return fail(
    'MESH_SERVER_NOT_THE_APP',
    `the gateway saw ${seen ?? 'no server identity'} at ${gateway.upstream_host ?? 'no address'}, wanted ${server}; ${details}${why === undefined ? '' : ` ${why}`}`,
  );
}
