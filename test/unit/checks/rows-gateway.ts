import type { Lab } from '../../../src/topology/lab.ts';
import { gatewayMet, gatewayRecord, gatewayWire, traced, without } from '../../support/break-evidence.ts';
import { makeServer } from '../../support/certificates.ts';
import { type Material, makeMaterial } from '../../support/healthy-material.ts';
import { data, ended } from '../../support/wires.ts';
import { row, type Red, type Row, uncontrolled } from './expected.ts';

const [OPTIONAL, TOO_WIDE, TIME, IDENTITY]: readonly (readonly [string, Red])[] = [
  ['MD-EGW-008', 'fail EGW_CERTIFICATE_OPTIONAL'],
  ['MD-EGW-009', 'fail EGW_CA_TOO_WIDE'],
  ['MD-EGW-010', 'fail EGW_VALIDITY_NOT_CHECKED'],
  ['MD-EGW-011', 'fail EGW_IDENTITY_NOT_CHECKED'],
];

/** Which check speaks for a forged client certificate, and what an acceptance means. */
const SPEAKS: Readonly<Record<string, readonly [string, Red] | undefined>> = {
  none: OPTIONAL,
  'foreign-ca': TOO_WIDE,
  'stranger-ca': TOO_WIDE,
  'edge-ca': TOO_WIDE,
  'self-signed': TOO_WIDE,
  'without-intermediate': TOO_WIDE,
  'leaf-as-ca': TOO_WIDE,
  'too-deep': TOO_WIDE,
  'outside-constraint': TOO_WIDE,
  'spiffe-of-other-mesh': TOO_WIDE,
  expired: TIME,
  'not-yet-valid': TIME,
  'wrong-purpose': TIME,
  'gateway-itself': IDENTITY,
  'wrong-name': IDENTITY,
  'common-name-only': IDENTITY,
  'without-san': IDENTITY,
  workload: IDENTITY,
  'other-trust-domain': IDENTITY,
};

export async function gatewayRows(lab: Lab, material: Material): Promise<readonly Row[]> {
  return [...(await identityRows(lab, material)), ...forgeryRows(), ...otherRows()];
}

async function identityRows(lab: Lab, { meshRoot }: Material): Promise<readonly Row[]> {
  const other = await makeMaterial(lab);
  const misnamed = await makeServer(lab.hosts.httpbin, meshRoot);
  const shows = (pem: string) =>
    gatewayWire((wires) => ({ ...wires, control: { ...wires.control, peerChain: [pem] } }));
  return [
    row('another CA made the gateway’s certificate', shows(other.gatewayServer.certificatePem), {
      'MD-EGW-004': 'fail CERT_BAD_SIGNATURE',
      'MD-CERT-006': 'fail CERT_NOT_THE_NEWEST',
    }),
    row('the gateway’s certificate does not name the gateway', shows(misnamed.certificatePem), {
      'MD-EGW-004': 'fail CERT_NAME_MISMATCH',
      'MD-CERT-006': 'fail CERT_NOT_THE_NEWEST',
    }),
    row(
      'the gateway saw another client certificate',
      gatewayRecord('alice-read', { downstream_peer_fingerprint: 'ab'.repeat(32) }),
      { 'MD-EGW-005': 'fail EGW_OTHER_CLIENT', 'MD-CONT-002': 'fail CONT_OTHER_CERTIFICATE' },
    ),
    row(
      'the gateway saw no client certificate',
      traced('alice-read', (one) => ({
        ...one,
        gateway: without(one.gateway, 'downstream_peer_fingerprint'),
      })),
      { 'MD-EGW-005': 'fail EGW_OTHER_CLIENT', 'MD-CONT-002': 'fail CONT_OTHER_CERTIFICATE' },
    ),
    row(
      'neither side has a client certificate',
      (all) =>
        traced('alice-read', (one) => ({
          ...one,
          gateway: without(one.gateway, 'downstream_peer_fingerprint'),
        }))({
          ...all,
          anchors: { ...all.anchors, edgeClientPem: '' },
        }),
      {
        'MD-EGW-005': 'unknown NO_CERTIFICATE',
        'MD-CONT-002': 'fail CONT_OTHER_CERTIFICATE',
        'MD-CERT-002': 'unknown NO_CERTIFICATE',
        'MD-CERT-005': 'unknown NO_CERTIFICATE',
        'MD-CERT-006': 'unknown NO_CERTIFICATE',
      },
    ),
    row(
      'the gateway read another name in the edge’s certificate',
      gatewayRecord('alice-read', { downstream_peer_dns_san: 'edge.example.com' }),
      { 'MD-EGW-005': 'fail EGW_OTHER_CLIENT' },
    ),
    row(
      'edge and gateway agree on TLS 1.2',
      gatewayRecord('alice-read', { downstream_tls_version: 'TLSv1.2' }),
      { 'MD-EGW-006': 'fail EGW_TLS_TOO_OLD' },
    ),
    row(
      'edge and gateway speak plaintext',
      traced('alice-read', (one) => ({ ...one, gateway: without(one.gateway, 'downstream_tls_version') })),
      { 'MD-EGW-006': 'fail EGW_TLS_TOO_OLD' },
    ),
    row(
      'the gateway accepts TLS 1.2',
      gatewayWire((wires) => ({ ...wires, tls12: data({ protocol: 'TLSv1.2', status: 403 }) })),
      { 'MD-EGW-006': 'fail EGW_TLS_TOO_OLD' },
    ),
    row('the gateway saw the other host’s SNI', gatewayRecord('bob-read', { sni: lab.hosts.auth }), {
      'MD-EGW-007': 'fail EGW_NAME_CHANGED',
    }),
    row(
      'the edge rewrote Host to the node',
      gatewayRecord('alice-read', { authority: `${lab.cluster.node}:${lab.gatewayNodePort}` }),
      { 'MD-EGW-007': 'fail EGW_NAME_CHANGED' },
    ),
  ];
}

function forgeryRows(): readonly Row[] {
  const spoken = Object.entries(SPEAKS).flatMap(([id, speaks]) =>
    speaks === undefined ? [] : [{ id, reds: (red: Red) => ({ [speaks[0]]: red }), accepted: speaks[1] }],
  );
  const accepted = spoken.map(({ id, reds, accepted: red }) =>
    row(`the gateway accepts ${id}`, gatewayMet(id, data({ status: 403 })), reds(red)),
  );
  const unfinished = spoken.map(({ id, reds }) =>
    row(`the gateway leaves ${id} hanging`, gatewayMet(id, ended('timeout')), reds('unknown TIMED_OUT')),
  );
  return [
    ...accepted,
    ...unfinished,
    row('a workload is refused for its CA', gatewayMet('workload', ended('alert', 'unknown_ca')), {
      'MD-EGW-011': 'fail REFUSED_FOR_OTHER_REASON',
    }),
    row('no certificate is answered with a reset', gatewayMet('none', ended('reset')), {
      'MD-EGW-008': 'fail REFUSED_FOR_OTHER_REASON',
    }),
    row(
      'a case was not run',
      gatewayWire((wires) => ({
        ...wires,
        forged: wires.forged.filter((probe) => probe.case.id !== 'edge-ca'),
      })),
      { 'MD-EGW-009': 'unknown CASE_NOT_RUN' },
    ),
    row(
      'no case was run',
      gatewayWire((wires) => ({ ...wires, forged: [] })),
      {
        'MD-EGW-008': 'unknown CASE_NOT_RUN',
        'MD-EGW-009': 'unknown CASE_NOT_RUN',
        'MD-EGW-010': 'unknown CASE_NOT_RUN',
        'MD-EGW-011': 'unknown CASE_NOT_RUN',
      },
    ),
    row(
      'somebody before the gateway refused clients without a certificate',
      gatewayWire((wires) => ({ ...wires, counters: { ...wires.counters, fail_verify_no_cert: 0 } })),
      { 'MD-EGW-008': 'fail REFUSED_ELSEWHERE' },
    ),
    row(
      'somebody before the gateway refused workloads',
      gatewayWire((wires) => ({ ...wires, counters: { ...wires.counters, fail_verify_san: 4 } })),
      { 'MD-EGW-011': 'fail REFUSED_ELSEWHERE' },
    ),
    row(
      'somebody before the gateway refused foreign CAs',
      gatewayWire((wires) => ({ ...wires, counters: { ...wires.counters, fail_verify_error: 12 } })),
      {
        'MD-EGW-009': 'fail REFUSED_ELSEWHERE',
        'MD-EGW-010': 'fail REFUSED_ELSEWHERE',
        'MD-EGW-011': 'fail REFUSED_ELSEWHERE',
      },
    ),
    row(
      'the gateway keeps no counters',
      gatewayWire((wires) => ({ ...wires, counters: {} })),
      {
        'MD-EGW-008': 'unknown NO_RECORD',
        'MD-EGW-009': 'unknown NO_RECORD',
        'MD-EGW-010': 'unknown NO_RECORD',
        'MD-EGW-011': 'unknown NO_RECORD',
      },
    ),
  ];
}

function otherRows(): readonly Row[] {
  return [
    row(
      'the gateway refuses the edge',
      gatewayWire((wires) => ({
        ...wires,
        control: { ...ended('alert', 'unknown_ca'), peerChain: wires.control.peerChain },
      })),
      { 'MD-EGW-003': 'fail EGW_EDGE_REFUSED' },
    ),
    row(
      'the gateway does not answer the edge in time',
      gatewayWire((wires) => ({ ...wires, control: ended('timeout') })),
      {
        'MD-EGW-003': 'unknown TIMED_OUT',
        'MD-EGW-004': 'unknown NO_CERTIFICATE',
        'MD-CERT-002': 'unknown NO_CERTIFICATE',
        'MD-CERT-005': 'unknown NO_CERTIFICATE',
        'MD-CERT-006': 'unknown NO_CERTIFICATE',
        ...uncontrolled('MD-EGW-003'),
      },
    ),
    row(
      'the gateway answers plaintext',
      gatewayWire((wires) => ({ ...wires, plaintext: data({ status: 400 }) })),
      { 'MD-EGW-012': 'fail EGW_PLAINTEXT_SERVED' },
    ),
    row(
      'plaintext times out',
      gatewayWire((wires) => ({ ...wires, plaintext: ended('timeout') })),
      { 'MD-EGW-012': 'unknown TIMED_OUT' },
    ),
    row(
      'plaintext reaches nobody',
      gatewayWire((wires) => ({ ...wires, plaintext: ended('refused') })),
      { 'MD-EGW-012': 'unknown NOT_REACHED' },
    ),
    row(
      'the gateway serves an unknown Host',
      gatewayWire((wires) => ({ ...wires, unknownHost: data({ status: 200 }) })),
      { 'MD-GW-005': 'fail GW_CATCH_ALL' },
    ),
    row(
      'the 403 for an unknown Host is the app’s',
      gatewayWire((wires) => ({
        ...wires,
        unknownHost: data({
          status: 403,
          headers: { 'x-envoy-upstream-service-time': '2' },
          body: 'RBAC: access denied',
        }),
      })),
      { 'MD-GW-005': 'fail GW_CATCH_ALL' },
    ),
    row(
      'an unknown Host has no policy, only no route',
      gatewayWire((wires) => ({ ...wires, unknownHost: data({ status: 404 }) })),
      { 'MD-GW-005': 'fail REFUSED_FOR_OTHER_REASON' },
    ),
    row(
      'an unknown Host is not answered in time',
      gatewayWire((wires) => ({ ...wires, unknownHost: ended('timeout') })),
      { 'MD-GW-005': 'unknown TIMED_OUT' },
    ),
  ];
}
