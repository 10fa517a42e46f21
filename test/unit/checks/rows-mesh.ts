import type { CallerWire, SidecarWire } from '../../../src/evidence/wires.ts';
import type { Echo } from '../../../src/evidence/traced-request.ts';
import { spiffeId } from '../../../src/topology/identity.ts';
import type { Lab } from '../../../src/topology/lab.ts';
import {
  gatewayRecord,
  meshState,
  proxySecrets,
  sidecarMet,
  sidecarRecord,
  sidecarWire,
  traced,
  without,
} from '../../support/break-evidence.ts';
import { type Material, makeMaterial, makeWorkload } from '../../support/healthy-material.ts';
import { data, ended } from '../../support/wires.ts';
import { row, type Red, type Row, uncontrolled } from './expected.ts';

const FORGED: readonly [string, Red] = ['MD-MESH-008', 'fail MESH_FORGED_IDENTITY_ACCEPTED'];
const NO_WORKLOAD: readonly [string, Red] = ['MD-MESH-007', 'fail MESH_ROOT_OPENS_PODS'];

/** Which check speaks for a forged workload certificate, and what an acceptance means. */
const SPEAKS: Readonly<Record<string, readonly [string, Red]>> = {
  none: ['MD-MESH-006', 'fail MESH_CERTIFICATE_OPTIONAL'],
  'edge-client': NO_WORKLOAD,
  'wrong-name': NO_WORKLOAD,
  'common-name-only': NO_WORKLOAD,
  'without-san': NO_WORKLOAD,
  'foreign-ca': FORGED,
  'stranger-ca': FORGED,
  'self-signed': FORGED,
  'spiffe-of-other-mesh': FORGED,
  'other-trust-domain': FORGED,
  'without-intermediate': FORGED,
  'leaf-as-ca': FORGED,
  'too-deep': FORGED,
  'outside-constraint': FORGED,
  expired: FORGED,
  'not-yet-valid': FORGED,
  'wrong-purpose': FORGED,
};

export async function meshRows(lab: Lab, material: Material): Promise<readonly Row[]> {
  return [
    ...sessionRows(lab),
    ...nonMeshClientRows(lab),
    ...peerRows(lab),
    ...(await secretRows(lab, material)),
  ];
}

function sessionRows(lab: Lab): readonly Row[] {
  const like = (workload: keyof Lab['workloads']): string => `${spiffeId(lab.workloads[workload])}-2`;
  return [
    row(
      'the sidecar saw another workload than the gateway',
      sidecarRecord('alice-read', { downstream_peer_uri_san: like('gateway') }),
      { 'MD-MESH-002': 'fail MESH_CLIENT_NOT_THE_GATEWAY' },
    ),
    row(
      'the sidecar saw nobody: plaintext',
      traced('alice-read', (one) => ({ ...one, sidecar: without(one.sidecar, 'downstream_peer_uri_san') })),
      { 'MD-MESH-002': 'fail MESH_CLIENT_NOT_THE_GATEWAY' },
    ),
    row(
      'the gateway saw another workload than the app',
      gatewayRecord('alice-read', { upstream_peer_uri_san: like('httpbin') }),
      { 'MD-MESH-002': 'fail MESH_SERVER_NOT_THE_APP' },
    ),
    row(
      'the app has no sidecar: plaintext, and nobody to record it',
      traced('alice-read', (one) => ({
        ...one,
        sidecar: undefined,
        gateway: without(one.gateway, 'upstream_peer_uri_san'),
      })),
      {
        'MD-MESH-002': 'fail MESH_SERVER_NOT_THE_APP',
        'MD-CONT-001': 'fail CONT_BROKEN',
        ...uncontrolled('MD-CONT-001'),
      },
    ),
    row(
      'the gateway does not recognise the app and gives up',
      traced('alice-read', (one) => ({
        ...one,
        status: 503,
        echo: undefined,
        sidecar: undefined,
        gateway: {
          ...without(one.gateway, 'upstream_peer_uri_san'),
          status: '503',
          response_flags: 'UF',
          response_code_details: 'upstream_reset_before_response_started{connection_failure}',
          upstream_failure: 'TLS_error:CERTIFICATE_VERIFY_FAILED',
        },
      })),
      {
        'MD-MESH-002': 'fail MESH_SERVER_NOT_THE_APP',
        'MD-WRK-001': 'fail WRK_CHAIN_BROKEN',
        'MD-CONT-002': 'unknown NO_RECORD',
        ...uncontrolled('MD-CONT-001', 'MD-CONT-003'),
      },
    ),
    row(
      'gateway and sidecar speak of different sessions',
      sidecarRecord('alice-read', { downstream_tls_cipher: 'TLS_AES_256_GCM_SHA384' }),
      { 'MD-MESH-002': 'fail MESH_SESSIONS_DIFFER' },
    ),
    row(
      'gateway and sidecar agree on TLS 1.2',
      (all) =>
        sidecarRecord('alice-read', { downstream_tls_version: 'TLSv1.2' })(
          gatewayRecord('alice-read', { upstream_tls_version: 'TLSv1.2' })(all),
        ),
      { 'MD-MESH-002': 'fail MESH_TLS_TOO_OLD' },
    ),
    row(
      'the gateway passes the request through',
      gatewayRecord('alice-read', { upstream_cluster: 'PassthroughCluster' }),
      { 'MD-MESH-003': 'fail MESH_PASSTHROUGH', 'MD-GW-004': 'fail GW_OTHER_BACKEND' },
    ),
    row(
      'the gateway routes to a service with a name like the app’s',
      gatewayRecord('alice-read', { upstream_cluster: 'outbound|8000||my-httpbin.apps.svc.cluster.local' }),
      { 'MD-MESH-003': 'fail MESH_PASSTHROUGH', 'MD-GW-004': 'fail GW_OTHER_BACKEND' },
    ),
    row(
      'the gateway recorded no cluster',
      traced('alice-read', (one) => ({ ...one, gateway: without(one.gateway, 'upstream_cluster') })),
      { 'MD-MESH-003': 'unknown NO_RECORD', 'MD-GW-004': 'fail GW_OTHER_BACKEND' },
    ),
  ];
}

function nonMeshClientRows(lab: Lab): readonly Row[] {
  const accepted = Object.entries(SPEAKS).map(([id, [check, red]]) =>
    row(`the sidecar accepts ${id}`, sidecarMet(id, data({ status: 200 })), { [check]: red }),
  );
  const odd = Object.entries(SPEAKS).map(([id, [check]]) =>
    row(`the sidecar refuses ${id} for another reason`, sidecarMet(id, ended('alert', 'internal_error')), {
      [check]: 'fail REFUSED_FOR_OTHER_REASON',
    }),
  );
  const denied = (status: number, body: string) => data({ status, body });
  const old = ended('alert', 'protocol_version');
  const uncertified = ended('alert', 'certificate_required');
  const floor = { httpbin: old, ledger: old, caller: old };
  return [
    ...accepted,
    ...odd,
    row(
      'the caller’s sidecar speaks TLS 1.2',
      sidecarWire({ tls12: { ...floor, caller: data({ protocol: 'TLSv1.2', status: 403 }) } }),
      { 'MD-MESH-009': 'fail MESH_TLS_TOO_OLD' },
    ),
    row(
      'TLS 1.2 is refused for another reason',
      sidecarWire({ tls12: { ...floor, httpbin: ended('alert', 'unknown_ca') } }),
      { 'MD-MESH-009': 'fail REFUSED_FOR_OTHER_REASON' },
    ),
    row(
      'the try with TLS 1.2 reaches no ledger',
      sidecarWire({ tls12: { ...floor, ledger: ended('refused') } }),
      { 'MD-MESH-009': 'unknown NOT_REACHED' },
    ),
    row(
      'the ledger serves a client without a certificate',
      sidecarWire({ uncertified: { ledger: data({ status: 403 }), caller: uncertified } }),
      { 'MD-MESH-006': 'fail MESH_CERTIFICATE_OPTIONAL' },
    ),
    row(
      'the caller refuses a client without a certificate for another reason',
      sidecarWire({ uncertified: { ledger: uncertified, caller: ended('alert', 'unknown_ca') } }),
      { 'MD-MESH-006': 'fail REFUSED_FOR_OTHER_REASON' },
    ),
    row('the app answers plaintext', sidecarWire({ plaintext: data({ status: 200 }) }), {
      'MD-MESH-005': 'fail MESH_NOT_STRICT',
    }),
    row('the ledger answers plaintext', sidecarWire({ plaintextToInternal: data({ status: 403 }) }), {
      'MD-MESH-005': 'fail MESH_NOT_STRICT',
    }),
    row('plaintext to the ledger times out', sidecarWire({ plaintextToInternal: ended('timeout') }), {
      'MD-MESH-005': 'unknown TIMED_OUT',
    }),
    row('nothing listens at the ledger', sidecarWire({ plaintextToInternal: ended('refused') }), {
      'MD-MESH-005': 'unknown NOT_REACHED',
    }),
    row('the intruder is cut off', sidecarWire({ reachable: false }), {
      'MD-MESH-015': 'unknown INTRUDER_CUT_OFF',
      ...uncontrolled('MD-MESH-015'),
    }),
    row('the intruder’s own request does not get there', sidecarWire({ plaintext: ended('timeout') }), {
      ...uncontrolled('MD-MESH-015'),
      'MD-MESH-005': 'unknown TIMED_OUT',
      'MD-MESH-015': 'unknown INTRUDER_CUT_OFF',
    }),
    row('no forged certificate was shown to the sidecar', sidecarWire({ forged: [] }), {
      'MD-MESH-006': 'unknown CASE_NOT_RUN',
      'MD-MESH-007': 'unknown CASE_NOT_RUN',
      'MD-MESH-008': 'unknown CASE_NOT_RUN',
    }),
    row('an honest workload is refused', sidecarWire({ control: denied(403, 'RBAC: access denied') }), {
      'MD-MESH-018': 'fail MESH_CONTROL_REFUSED',
      ...uncontrolled('MD-MESH-018'),
    }),
    row('an honest workload gets an empty 200', sidecarWire({ control: denied(200, '') }), {
      'MD-MESH-018': 'fail NOT_THE_APP',
      ...uncontrolled('MD-MESH-018'),
    }),
    row('an honest workload is not answered in time', sidecarWire({ control: ended('timeout') }), {
      'MD-MESH-018': 'unknown TIMED_OUT',
      ...uncontrolled('MD-MESH-018'),
    }),
    row('any workload may use alice’s token', sidecarWire({ otherWorkload: denied(200, '{}') }), {
      'MD-RBAC-003': 'fail RBAC_SOURCE_NOT_CHECKED',
    }),
    row('the app itself says 403 to another workload', sidecarWire({ otherWorkload: denied(403, 'no') }), {
      'MD-RBAC-003': 'fail REFUSED_FOR_OTHER_REASON',
    }),
    row('another workload is not answered in time', sidecarWire({ otherWorkload: ended('timeout') }), {
      'MD-RBAC-003': 'unknown TIMED_OUT',
    }),
    row('a workload that no policy names accepts requests', sidecarWire({ unlisted: denied(200, '{}') }), {
      'MD-RBAC-008': 'fail RBAC_DEFAULT_OPEN',
    }),
    row('a workload that no policy names answers otherwise', sidecarWire({ unlisted: denied(404, '') }), {
      'MD-RBAC-008': 'fail REFUSED_FOR_OTHER_REASON',
    }),
    row('a request is let through to where nobody listens', sidecarWire({ unlisted: denied(503, '') }), {
      'MD-RBAC-008': 'fail RBAC_DEFAULT_OPEN',
    }),
    row('nobody listens at the workload that no policy names', sidecarWire({ unlisted: ended('refused') }), {
      'MD-RBAC-008': 'unknown NOT_REACHED',
    }),
    row(
      'every signal of the intruder is lost',
      (all) => ({ ...all, 'sidecar.wire': silentWires(all['sidecar.wire'].forged) }),
      {
        ...uncontrolled('MD-MESH-015'),
        'MD-MESH-005': 'unknown TIMED_OUT',
        'MD-MESH-006': 'unknown TIMED_OUT',
        'MD-MESH-007': 'unknown TIMED_OUT',
        'MD-MESH-008': 'unknown TIMED_OUT',
        'MD-MESH-009': 'unknown TIMED_OUT',
        'MD-MESH-015': 'unknown INTRUDER_CUT_OFF',
        'MD-MESH-018': 'unknown TIMED_OUT',
        'MD-RBAC-003': 'unknown TIMED_OUT',
        'MD-RBAC-008': 'unknown TIMED_OUT',
      },
    ),
    row(
      'objects in the cluster were changed',
      meshState({ drift: [`PeerAuthentication istio-system/default of lab ${lab.name}: spec.mtls.mode`] }),
      { 'MD-DRIFT-001': 'fail DRIFT_OBJECTS' },
    ),
  ];
}

function silentWires(forged: SidecarWire['forged']): SidecarWire {
  const lost = ended('timeout');
  return {
    reachable: false,
    plaintext: lost,
    plaintextToInternal: lost,
    control: lost,
    otherWorkload: lost,
    unlisted: lost,
    uncertified: { ledger: lost, caller: lost },
    tls12: { httpbin: lost, ledger: lost, caller: lost },
    forged: forged.map((probe) => ({ ...probe, wire: lost })),
  };
}

function peerRows(lab: Lab): readonly Row[] {
  const by = spiffeId(lab.workloads.ledger);
  const xfccOf = (uri: string) => ({ 'x-forwarded-client-cert': [`By=${by};Hash=cc;Subject="";URI=${uri}`] });
  const caller = (status: number, headers?: Echo['headers']): CallerWire => ({
    ledger: data({ status }),
    internalEcho: headers === undefined ? undefined : { headers },
  });
  return [
    row('the ledger refuses the caller', (all) => ({ ...all, 'caller.wire': caller(403) }), {
      'MD-MESH-017': 'fail MESH_PEER_REFUSED',
    }),
    row(
      'the caller’s request times out',
      (all) => ({ ...all, 'caller.wire': { ledger: ended('timeout'), internalEcho: undefined } }),
      { 'MD-MESH-017': 'unknown TIMED_OUT' },
    ),
    row('somebody answers 200 for the ledger', (all) => ({ ...all, 'caller.wire': caller(200) }), {
      'MD-MESH-017': 'fail NOT_THE_APP',
    }),
    row('the ledger saw no client', (all) => ({ ...all, 'caller.wire': caller(200, {}) }), {
      'MD-MESH-017': 'fail CONT_NO_XFCC',
    }),
    row(
      'the ledger saw somebody like the caller',
      (all) => ({ ...all, 'caller.wire': caller(200, xfccOf(`${spiffeId(lab.workloads.caller)}-2`)) }),
      { 'MD-MESH-017': 'fail CONT_OTHER_PEER' },
    ),
  ];
}

async function secretRows(lab: Lab, material: Material): Promise<readonly Row[]> {
  const { istiodCa, meshRoot } = material;
  const other = await makeMaterial(lab);
  const [shared, doubled, stranger] = await Promise.all([
    makeWorkload('spiffe://cluster.local/ns/apps/sa/default', istiodCa),
    makeWorkload(spiffeId(lab.workloads.httpbin), istiodCa, ['spiffe://cluster.local/ns/apps/sa/admin']),
    makeWorkload(spiffeId({ ...lab.workloads.caller, trustDomain: 'forged.local' }), istiodCa),
  ]);
  const chain = (leaf: { readonly certificatePem: string }) =>
    `${leaf.certificatePem}${istiodCa.certificatePem}`;
  return [
    row('the app runs as the default account', proxySecrets('httpbin', { chainPem: chain(shared) }), {
      'MD-MESH-011': 'fail CERT_NAME_MISMATCH',
    }),
    row('a workload has two identities', proxySecrets('httpbin', { chainPem: chain(doubled) }), {
      'MD-MESH-011': 'fail CERT_SAN_MALFORMED',
    }),
    row(
      'a workload has the identity of another trust domain',
      proxySecrets('caller', { chainPem: chain(stranger) }),
      { 'MD-MESH-011': 'fail CERT_TRUST_DOMAIN' },
    ),
    row(
      'a proxy of an older mesh is still there',
      proxySecrets('ledger', {
        chainPem: `${other.workloads.ledger.certificatePem}${other.istiodCa.certificatePem}`,
      }),
      { 'MD-MESH-012': 'fail CERT_BAD_SIGNATURE' },
    ),
    row('a proxy trusts another root', proxySecrets('gateway', { rootPem: other.meshRoot.certificatePem }), {
      'MD-MESH-012': 'fail MESH_SPLIT_TRUST',
    }),
    row(
      'a proxy trusts one root more',
      proxySecrets('httpbin', { rootPem: `${meshRoot.certificatePem}${other.meshRoot.certificatePem}` }),
      { 'MD-MESH-012': 'fail MESH_SPLIT_TRUST' },
    ),
    row('a proxy has no anchors', proxySecrets('caller', { rootPem: undefined }), {
      'MD-MESH-012': 'unknown NO_WORKLOAD_CERTIFICATE',
    }),
    row('a proxy has no certificate', proxySecrets('caller', { chainPem: undefined }), {
      'MD-GW-002': 'unknown NO_WORKLOAD_CERTIFICATE',
      'MD-MESH-011': 'unknown NO_WORKLOAD_CERTIFICATE',
      'MD-MESH-012': 'unknown NO_WORKLOAD_CERTIFICATE',
    }),
    row('no proxy was asked', meshState({ secrets: [] }), {
      'MD-GW-002': 'unknown NO_PROXIES',
      'MD-MESH-011': 'unknown NO_PROXIES',
      'MD-MESH-012': 'unknown NO_PROXIES',
    }),
    row(
      'the gateway’s credential never came',
      proxySecrets('gateway', { warming: ['kubernetes://public-tls'] }),
      { 'MD-GW-002': 'fail GW_SECRET_WARMING' },
    ),
  ];
}
