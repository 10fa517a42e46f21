import type { SIDECAR_CLIENTS } from '../../probe/certificate-cases.ts';
import { spiffeId } from '../../topology/identity.ts';
import { type AnyCheck, defineCheck, fail, pass, unknown } from '../check.ts';
import { walkSeen, wireSeen } from '../describe.ts';
import type { CertificateProbe } from '../evidence.ts';
import type { ProxyRecord } from '../../records/proxy-record.ts';
import { peerVerdict } from '../peer.ts';
import type { ReasonCode } from '../reasons.ts';
import { certificatesRefused, every, refusedWithoutData, timedOut } from '../refusal.ts';
import { meetsFloor } from '../tls-version.ts';
import type { Verdict } from '../verdict.ts';

export const MESH_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-MESH-002',
    title: 'for one request the sidecar saw the gateway, the gateway the app, over the same TLS',
    hop: 'gateway->sidecar',
    polarity: 'positive',
    blocking: true,
    evidence: ['walks'],
    judge: ({ walks }, { lab }) => {
      const walk = walks['alice-read'];
      const { gateway, sidecar } = walk;
      const [client, server] = [spiffeId(lab.workloads.gateway), spiffeId(lab.workloads.httpbin)];
      if (gateway === undefined)
        return unknown('NO_RECORD', `no record of the request at the gateway; ${walkSeen(walk)}`);
      // Before the sidecar is asked for its record: an app without a sidecar never has one.
      if (gateway.upstream_peer_uri_san !== server) return serverNotTheApp(gateway, server);
      if (sidecar === undefined)
        return unknown('NO_RECORD', `no record of the request at the sidecar; ${walkSeen(walk)}`);
      if (sidecar.downstream_peer_uri_san !== client)
        return fail(
          'MESH_CLIENT_NOT_THE_GATEWAY',
          `the sidecar saw ${sidecar.downstream_peer_uri_san ?? 'no client identity'}, wanted ${client}`,
        );
      const [up, down] = [
        `${gateway.upstream_tls_version} ${gateway.upstream_tls_cipher}`,
        `${sidecar.downstream_tls_version} ${sidecar.downstream_tls_cipher}`,
      ];
      if (up !== down)
        return fail(
          'MESH_SESSIONS_DIFFER',
          `the gateway spoke ${up}, the sidecar heard ${down}: someone stands between`,
        );
      return meetsFloor(sidecar.downstream_tls_version, 'TLSv1.3')
        ? pass(`${up}, ${client} -> ${server}`)
        : fail('MESH_TLS_TOO_OLD', `negotiated ${down}, wanted TLSv1.3`);
    },
  }),
  defineCheck({
    id: 'MD-MESH-003',
    title: 'the upstream cluster used is the service’s own',
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
        : fail('MESH_PASSTHROUGH', `the gateway used ${cluster}: the mesh did not route this request`);
    },
  }),
  defineCheck({
    id: 'MD-MESH-005',
    title: 'plaintext from the namespace without sidecars is closed without data',
    hop: 'gateway->sidecar',
    polarity: 'negative',
    refuser: 'sidecar',
    control: 'MD-MESH-015',
    blocking: false,
    evidence: ['sidecar.wire'],
    judge: ({ 'sidecar.wire': { plaintext, plaintextToLedger } }) =>
      every(
        [
          refusedWithoutData(
            plaintext,
            'plaintext from the intruder to the pod of httpbin',
            'MESH_NOT_STRICT',
          ),
          refusedWithoutData(
            plaintextToLedger,
            'plaintext from the intruder to the ledger',
            'MESH_NOT_STRICT',
          ),
        ],
        'closed without data',
      ),
  }),
  defineCheck({
    id: 'MD-MESH-006',
    title: 'TLS without a client certificate is refused',
    hop: 'gateway->sidecar',
    polarity: 'negative',
    refuser: 'sidecar',
    control: 'MD-MESH-018',
    blocking: false,
    evidence: ['sidecar.wire'],
    judge: ({ 'sidecar.wire': { forged } }) => sidecarRefused(forged, ['none'], 'MESH_CERTIFICATE_OPTIONAL'),
  }),
  defineCheck({
    id: 'MD-MESH-008',
    title:
      'a foreign CA with the right SPIFFE id, another trust domain, expired and early certificates are refused',
    hop: 'gateway->sidecar',
    polarity: 'negative',
    refuser: 'sidecar',
    control: 'MD-MESH-018',
    blocking: false,
    evidence: ['sidecar.wire'],
    judge: ({ 'sidecar.wire': { forged } }) =>
      sidecarRefused(
        forged,
        ['foreign-ca', 'self-signed', 'other-trust-domain', 'expired', 'not-yet-valid', 'server-only'],
        'MESH_FORGED_IDENTITY_ACCEPTED',
      ),
  }),
  defineCheck({
    id: 'MD-MESH-007',
    title: 'a certificate of the mesh root that is no workload’s is refused',
    hop: 'gateway->sidecar',
    polarity: 'negative',
    refuser: 'sidecar',
    control: 'MD-MESH-018',
    blocking: false,
    evidence: ['sidecar.wire'],
    judge: ({ 'sidecar.wire': { forged } }) =>
      sidecarRefused(forged, ['edge-client'], 'MESH_ROOT_OPENS_PODS'),
  }),
  defineCheck({
    id: 'MD-MESH-018',
    title: 'an honest workload identity is admitted on the path of the negatives (their control)',
    hop: 'gateway->sidecar',
    polarity: 'positive',
    blocking: false,
    evidence: ['sidecar.wire'],
    judge: ({ 'sidecar.wire': { control } }, { lab }) => {
      const who = "the gateway's SPIFFE ID by the mesh's own CA, with alice's token";
      const unseen = timedOut(control, who);
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
    title: 'the intruder reaches the pod’s port (nothing but the sidecar stands in its way)',
    hop: 'gateway->sidecar',
    polarity: 'positive',
    blocking: false,
    evidence: ['sidecar.wire'],
    judge: ({ 'sidecar.wire': { reachable, plaintext } }) =>
      reachable && plaintext.ended !== 'refused' && plaintext.ended !== 'timeout'
        ? pass()
        : unknown('INTRUDER_CUT_OFF', `the intruder cannot connect to the pod: ${wireSeen(plaintext)}`),
  }),
  defineCheck({
    id: 'MD-MESH-017',
    title: 'a workload calls another one that its SPIFFE principal is allowed to call',
    hop: 'gateway->sidecar',
    polarity: 'positive',
    blocking: false,
    evidence: ['caller.wire'],
    judge: ({ 'caller.wire': { ledger, ledgerEcho } }, { lab }) => {
      const who = "the caller's request to the ledger";
      const unseen = timedOut(ledger, who);
      if (unseen !== undefined) return unseen;
      if (ledger.status !== 200) return fail('MESH_PEER_REFUSED', `${who}: ${wireSeen(ledger)}`);
      if (ledgerEcho === undefined) return fail('NOT_THE_APP', `${who}: HTTP 200, but no echo of the ledger`);
      return peerVerdict(ledgerEcho, lab.workloads.caller, lab.workloads.ledger);
    },
  }),
];

type SidecarCaseId = (typeof SIDECAR_CLIENTS)[number]['id'];

function sidecarRefused(
  probes: readonly CertificateProbe[],
  cases: readonly SidecarCaseId[],
  code: ReasonCode,
): Verdict {
  return certificatesRefused(probes, cases, code);
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
