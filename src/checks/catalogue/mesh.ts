import { ADMIN, APP_ID, INTERNAL_ID } from '../../sample/names.ts';
import { WALK } from '../../sample/walks.ts';
import { spiffeId } from '../../topology/identity.ts';
import type { WorkloadName } from '../../topology/lab.ts';
import { type AnyCheck, defineCheck, eachCase, fail, pass, seeing, unknown } from '../check.ts';
import { exchangeItem } from '../evidence-item.ts';
import { bothEnds, routedTo } from '../both-ends.ts';
import { wireSeen } from '../describe.ts';
import type { WireResult } from '../../evidence/wire-result.ts';
import { peerVerdict } from '../peer.ts';
import {
  certificatesRefused,
  NOT_REVOCABLE,
  refusedWithAlert,
  refusedWithoutData,
  nothingSeen,
} from '../refusal.ts';
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
    title: 'gateway and sidecar recorded each other as peer of one request, with the same TLS parameters',
    impact: 'gateway and sidecar use plaintext, a wrong peer, or another component between them',
    hint: 'the reason code names the side',
    hop: 'gateway->sidecar',
    polarity: 'positive',
    blocking: true,
    evidence: ['walks'],
    judge: ({ walks: { [WALK.adminRead]: traced } }, { lab }) =>
      seeing(bothEnds(traced, lab, spiffeId(lab.workloads[APP_ID])), exchangeItem(traced)),
  }),
  defineCheck({
    id: 'MD-MESH-003',
    title: 'the gateway used the upstream cluster of the service',
    impact: 'the request left the mesh without mutual TLS',
    hint: '`outboundTrafficPolicy`',
    hop: 'gateway->sidecar',
    polarity: 'positive',
    blocking: false,
    evidence: ['walks'],
    judge: ({ walks }, { lab }) => {
      const { namespace, serviceAccount } = lab.workloads[APP_ID];
      return routedTo(walks[WALK.adminRead], `${serviceAccount}.${namespace}.svc.cluster.local`);
    },
  }),
  defineCheck({
    id: 'MD-MESH-005',
    title: 'the sidecar closes plaintext connections from the namespace without sidecars, without data',
    impact: 'mutual TLS is optional',
    hint: '`meshdev kubectl get peerauthentication -A`',
    hop: 'gateway->sidecar',
    polarity: 'negative',
    refuser: 'sidecar',
    control: 'MD-MESH-015',
    blocking: false,
    evidence: ['sidecar.wire'],
    judge: ({ 'sidecar.wire': { plaintext, plaintextToInternal } }) =>
      eachCase([
        [APP_ID, plaintextRefused(plaintext, APP_ID)],
        [INTERNAL_ID, plaintextRefused(plaintextToInternal, INTERNAL_ID)],
      ]),
  }),
  defineCheck({
    id: 'MD-MESH-006',
    title: 'the sidecar refuses TLS without a client certificate',
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
      'the sidecar refuses certificates of a foreign CA with the right SPIFFE ID, of another trust domain, with a broken chain, or outside their validity period',
    impact: 'trust anchors are wrong, the trust domain is too wide, or a clock is wrong',
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
    title: 'the sidecar refuses TLS versions below the minimum of the mesh',
    impact: 'the minimum is not set, or a proxy ignores it',
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
            `a workload that supports at most TLS 1.2, to ${workload}`,
            'MESH_TLS_TOO_OLD',
          ),
        ]),
      ),
  }),
  defineCheck({
    id: 'MD-MESH-007',
    title: 'the sidecar refuses a certificate of the mesh root that does not belong to a workload',
    impact: 'any certificate of the mesh root gives access to every pod',
    hint: 'the trust domain of the mesh configuration',
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
    title: 'the sidecar accepts a valid workload identity on the path of the negative checks (their control)',
    impact: 'the sidecar refuses a valid workload, so the refusals are not evidence',
    hint: 'the message',
    hop: 'gateway->sidecar',
    polarity: 'positive',
    blocking: false,
    evidence: ['sidecar.wire'],
    judge: ({ 'sidecar.wire': { control } }, { lab }) => {
      const who = `the SPIFFE ID of the gateway, issued by the CA of the mesh, with ${ADMIN}'s token`;
      const unseen = nothingSeen(control, who);
      if (unseen !== undefined) return unseen;
      if (control.status !== 200) return fail('MESH_CONTROL_REFUSED', `${who}: ${wireSeen(control)}`);
      // The app's echo repeats what its own sidecar wrote: a 200 of anybody else does not.
      const server = spiffeId(lab.workloads[APP_ID]);
      return control.body.includes(`By=${server};`)
        ? pass(`200, By ${server}`)
        : fail('NOT_THE_APP', `${who}: 200, but the response does not contain an echo that names ${server}`);
    },
  }),
  defineCheck({
    id: 'MD-MESH-015',
    title:
      'the non-mesh client can resolve names and connect to the edge and to the port of the pod; the probe of the lab can connect to the edge',
    impact: 'the negative checks that use this client are not evidence',
    hint: 'the network of the client that the message names',
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
    title: 'a workload can call another workload that its SPIFFE principal is allowed to call',
    impact: 'policies block allowed calls between pods',
    hint: `policy \`${INTERNAL_ID}\``,
    hop: 'gateway->sidecar',
    polarity: 'positive',
    blocking: false,
    evidence: ['caller.wire'],
    judge: ({ 'caller.wire': { [INTERNAL_ID]: internal, internalEcho } }, { lab }) => {
      const who = `the caller's request to the ${INTERNAL_ID}`;
      const unseen = nothingSeen(internal, who);
      if (unseen !== undefined) return unseen;
      if (internal.status !== 200) return fail('MESH_PEER_REFUSED', `${who}: ${wireSeen(internal)}`);
      if (internalEcho === undefined)
        return fail('NOT_THE_APP', `${who}: HTTP 200, but no echo of the ${INTERNAL_ID}`);
      return peerVerdict(internalEcho, lab.workloads.caller, lab.workloads[INTERNAL_ID]);
    },
  }),
];

/** Anybody's answer to somebody without a token; what matters is that one came. */
function reachesEdge(wire: WireResult, who: string): Verdict {
  return wire.status === undefined
    ? unknown('INTRUDER_CUT_OFF', `${who} cannot reach the edge: ${wireSeen(wire)}`)
    : pass(`HTTP ${wire.status}`);
}

function plaintextRefused(wire: WireResult, workload: WorkloadName): Verdict {
  const who = `plaintext from the non-mesh client to the pod of ${workload}`;
  return refusedWithoutData(wire, who, 'MESH_NOT_STRICT');
}
