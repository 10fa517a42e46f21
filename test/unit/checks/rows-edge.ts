import { authorityOf, type Lab } from '../../../src/topology/lab.ts';
import { FORGED } from '../../../src/cases/traced-requests.ts';
import {
  echoHeader,
  edgeRunning,
  edgeWire,
  edgeWires,
  gatewayRecord,
  silent,
  upstream,
  traced,
} from '../../support/break-evidence.ts';
import { days, makeServer } from '../../support/certificates.ts';
import { type Material, makeMaterial } from '../../support/healthy-material.ts';
import { data, ended } from '../../support/wires.ts';
import { xfcc } from '../../support/healthy-requests.ts';
import { row, type Row, uncontrolled } from './expected.ts';

export async function edgeRows(lab: Lab, material: Material): Promise<readonly Row[]> {
  return [
    ...(await handshakeRows(lab, material)),
    ...refusalRows(lab),
    ...headerRows(lab),
    ...configRows(lab),
  ];
}

async function handshakeRows(lab: Lab, material: Material): Promise<readonly Row[]> {
  const { edgeIntermediate, leaves } = material;
  const older = await makeMaterial(lab);
  const expired = await makeServer(lab.hosts.httpbin, edgeIntermediate, {}, days(-9, -1));
  const foreign = await makeServer('example.com', edgeIntermediate);
  const chain = (...certificates: readonly { readonly certificatePem: string }[]) =>
    edgeWire((wires) => ({
      ...wires,
      httpbin: { ...wires.httpbin, peerChain: certificates.map((one) => one.certificatePem) },
    }));
  return [
    row('nobody listens on the port of the edge', edgeWires({ httpbin: ended('refused') }), {
      'MD-EDGE-001': 'fail EDGE_NOT_SERVING',
      'MD-EDGE-007': 'fail EDGE_ALPN',
    }),
    row('the edge does not answer in time', edgeWires({ auth: ended('timeout') }), {
      'MD-EDGE-001': 'unknown TIMED_OUT',
      'MD-EDGE-002': 'unknown NO_CERTIFICATE',
      'MD-EDGE-003': 'unknown NO_CERTIFICATE',
      'MD-EDGE-012': 'unknown NO_CERTIFICATE',
      'MD-EDGE-019': 'unknown NO_ANSWER',
      'MD-CERT-001': 'unknown NO_CERTIFICATE',
      'MD-CERT-005': 'unknown NO_CERTIFICATE',
      'MD-CERT-006': 'unknown NO_CERTIFICATE',
      'MD-NAME-006': 'unknown NO_CERTIFICATE',
      ...uncontrolled('MD-EDGE-001'),
    }),
    row(
      'the edge negotiates TLS 1.2',
      edgeWire((wires) => ({ ...wires, auth: { ...wires.auth, protocol: 'TLSv1.2' } })),
      { 'MD-EDGE-001': 'fail EDGE_NOT_SERVING' },
    ),
    row(
      'an older lab of the same name answers on the port',
      chain(older.leaves.httpbin, older.edgeIntermediate),
      { 'MD-EDGE-002': 'fail CERT_BAD_SIGNATURE', 'MD-EDGE-012': 'fail EDGE_STALE_CERTIFICATE' },
    ),
    row(
      'a stranger brings its own root along',
      chain(older.leaves.httpbin, older.edgeIntermediate, older.edgeRoot),
      { 'MD-EDGE-002': 'fail CERT_BAD_SIGNATURE', 'MD-EDGE-012': 'fail EDGE_STALE_CERTIFICATE' },
    ),
    row('the intermediate is not sent', chain(leaves.httpbin), { 'MD-EDGE-002': 'fail CERT_UNKNOWN_ISSUER' }),
    row('a certificate too many is sent', chain(leaves.httpbin, leaves.auth, edgeIntermediate), {
      'MD-EDGE-002': 'fail CERT_CHAIN_UNTIDY',
    }),
    row('the leaf is past its end', chain(expired, edgeIntermediate), {
      'MD-EDGE-002': 'fail CERT_EXPIRED',
      'MD-EDGE-012': 'fail EDGE_STALE_CERTIFICATE',
      'MD-CERT-001': 'fail CERT_EXPIRED',
      'MD-CERT-005': 'fail CERT_EXPIRED',
    }),
    row('the leaf of the other host is served', chain(leaves.auth, edgeIntermediate), {
      'MD-EDGE-003': 'fail CERT_NAME_MISMATCH',
      'MD-EDGE-012': 'fail EDGE_STALE_CERTIFICATE',
    }),
    row('our own CA certifies a foreign name', chain(foreign, edgeIntermediate), {
      'MD-EDGE-002': 'fail CERT_NAME_CONSTRAINT',
      'MD-EDGE-003': 'fail CERT_NAME_MISMATCH',
      'MD-EDGE-012': 'fail EDGE_STALE_CERTIFICATE',
      'MD-CERT-006': 'fail CERT_LIVES_TOO_LONG',
    }),
    row(
      'what is served is no certificate',
      edgeWire((wires) => ({
        ...wires,
        httpbin: {
          ...wires.httpbin,
          peerChain: ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
        },
      })),
      unreadable(
        'MD-EDGE-002',
        'MD-EDGE-003',
        'MD-EDGE-004',
        'MD-EDGE-005',
        'MD-EDGE-012',
        'MD-CERT-001',
        'MD-CERT-005',
        'MD-CERT-006',
        'MD-CERT-007',
      ),
    ),
    row(
      'the edge gives up h2',
      edgeWire((wires) => ({ ...wires, httpbin: { ...wires.httpbin, alpn: 'http/1.1' } })),
      { 'MD-EDGE-007': 'fail EDGE_ALPN' },
    ),
    row(
      'the edge offers h3',
      edgeWire((wires) => ({ ...wires, auth: { ...wires.auth, headers: { 'alt-svc': 'h3=":443"; ma=1' } } })),
      { 'MD-EDGE-007': 'fail EDGE_H3_OFFERED' },
    ),
    row('the client for http/1.1 waits in vain', edgeWires({ http1: ended('timeout') }), {
      'MD-EDGE-007': 'unknown TIMED_OUT',
    }),
  ];
}

function refusalRows(lab: Lab): readonly Row[] {
  return [
    row('TLS 1.2 is accepted', edgeWires({ tls12: data({ protocol: 'TLSv1.2', status: 403 }) }), {
      'MD-EDGE-008': 'fail EDGE_TLS_TOO_OLD',
    }),
    row(
      'TLS 1.2 is refused for the client’s ciphers',
      edgeWires({ tls12: ended('alert', 'handshake_failure') }),
      {
        'MD-EDGE-008': 'fail REFUSED_FOR_OTHER_REASON',
      },
    ),
    row('the try with TLS 1.2 times out', edgeWires({ tls12: ended('timeout') }), {
      'MD-EDGE-008': 'unknown TIMED_OUT',
    }),
    row('the try with TLS 1.2 reaches nobody', edgeWires({ tls12: ended('refused') }), {
      'MD-EDGE-008': 'unknown NOT_REACHED',
    }),
    row('a catch-all certificate exists', edgeWires({ unknownSni: data({ status: 421 }) }), {
      'MD-EDGE-009': 'fail EDGE_CATCH_ALL_CERTIFICATE',
    }),
    row('clients that name nobody are served', edgeWires({ noSni: data({ status: 421 }) }), {
      'MD-EDGE-009': 'fail EDGE_CATCH_ALL_CERTIFICATE',
    }),
    row('the connection without a name is reset', edgeWires({ noSni: ended('reset') }), {
      'MD-EDGE-009': 'fail REFUSED_FOR_OTHER_REASON',
    }),
    row('Host of another site is served', edgeWires({ crossed: data({ status: 200 }) }), {
      'MD-EDGE-010': 'fail EDGE_NOT_MISDIRECTED',
    }),
    row('an unknown Host gets an empty 200', edgeWires({ unknownHost: data({ status: 200 }) }), {
      'MD-EDGE-010': 'fail EDGE_NOT_MISDIRECTED',
    }),
    row(
      'the 421 comes from behind the edge',
      edgeWires({ crossed: data({ status: 421, headers: { via: '1.1 Caddy' } }) }),
      { 'MD-EDGE-010': 'fail REFUSED_ELSEWHERE' },
    ),
    row('an unknown Host is not answered', edgeWires({ unknownHost: ended('closed') }), {
      'MD-EDGE-010': 'unknown NO_ANSWER',
    }),
    row(
      'strict SNI is off',
      edgeRunning((running) => ({ ...running, strictSni: false })),
      {
        'MD-EDGE-010': 'fail EDGE_SNI_NOT_STRICT',
      },
    ),
    row('only the spoofed request times out', traced('spoofed', silent), {
      'MD-HDR-001': 'unknown NO_ECHO',
      'MD-HDR-002': 'unknown NO_ECHO',
      'MD-HDR-003': 'unknown NO_RECORD',
    }),
    row(
      'Caddy runs another configuration',
      edgeRunning((running) => ({ ...running, drift: 'it also listens on :81' })),
      {
        'MD-DRIFT-001': 'fail DRIFT_EDGE',
      },
    ),
    row(
      'a port is published on every address',
      (all) => ({ ...all, listeners: [{ container: lab.containers.edge, address: '0.0.0.0', port: 443 }] }),
      { 'MD-EXPO-001': 'fail EXPO_NOT_LOOPBACK' },
    ),
    row(
      'a port is published on every IPv6 address',
      (all) => ({ ...all, listeners: [...all.listeners, { container: 'x', address: '::', port: 443 }] }),
      { 'MD-EXPO-001': 'fail EXPO_NOT_LOOPBACK' },
    ),
    row(
      'a port is published without an address',
      (all) => ({ ...all, listeners: [...all.listeners, { container: 'x', address: '', port: 443 }] }),
      { 'MD-EXPO-001': 'fail EXPO_NOT_LOOPBACK' },
    ),
    row(
      'a port is published on a name that looks like loopback',
      (all) => ({
        ...all,
        listeners: [...all.listeners, { container: 'x', address: '127.0.0.1.example', port: 443 }],
      }),
      { 'MD-EXPO-001': 'fail EXPO_NOT_LOOPBACK' },
    ),
    row('no port was seen', (all) => ({ ...all, listeners: [] }), {
      'MD-EXPO-001': 'unknown EXPO_NO_LISTENER',
      'MD-EXPO-007': 'unknown EXPO_NO_LISTENER',
    }),
    row(
      'the IdP is published',
      (all) => ({
        ...all,
        listeners: [...all.listeners, { container: lab.containers.idp, address: '127.0.0.1', port: 9400 }],
      }),
      { 'MD-EXPO-007': 'fail EXPO_IDP_PUBLISHED' },
    ),
  ];
}

function headerRows(lab: Lab): readonly Row[] {
  const authority = authorityOf(lab);
  return [
    row(
      'the address that the client made up arrives',
      echoHeader('spoofed', 'x-forwarded-for', `${FORGED.address},172.30.0.1`),
      { 'MD-HDR-001': 'fail HDR_CLAIM_ARRIVED' },
    ),
    row('the forged Forwarded header arrives', echoHeader('spoofed', 'forwarded', `host=${FORGED.host}`), {
      'MD-HDR-001': 'fail HDR_CLAIM_ARRIVED',
    }),
    row('the app hears another client address', echoHeader('spoofed', 'x-forwarded-for', '172.30.0.3'), {
      'MD-HDR-001': 'fail HDR_NOT_THE_EDGES',
    }),
    row('the app hears no client address', echoHeader('spoofed', 'x-forwarded-for', undefined), {
      'MD-HDR-001': 'fail HDR_NOT_THE_EDGES',
    }),
    row('the app believes in plaintext', echoHeader('spoofed', 'x-forwarded-proto', 'http'), {
      'MD-HDR-001': 'fail HDR_NOT_THE_EDGES',
    }),
    row('the app hears another host', echoHeader('spoofed', 'x-forwarded-host', `${authority}:1`), {
      'MD-HDR-001': 'fail HDR_NOT_THE_EDGES',
    }),
    row(
      'the edge has no record of the spoofed request',
      traced('spoofed', (one) => ({ ...one, edge: undefined })),
      { 'MD-HDR-001': 'unknown NO_RECORD' },
    ),
    row(
      'the client’s XFCC arrives before the proxies’',
      echoHeader('spoofed', 'x-forwarded-client-cert', `By=x;URI=${FORGED.spiffe},${xfcc(lab)}`),
      { 'MD-HDR-002': 'fail HDR_XFCC_SPOOFED' },
    ),
    row(
      'the last XFCC element names somebody like the gateway',
      echoHeader(
        'spoofed',
        'x-forwarded-client-cert',
        xfcc(lab, 'spiffe://cluster.local/ns/istio-ingress/sa/gateway-2'),
      ),
      { 'MD-HDR-002': 'fail CONT_OTHER_PEER' },
    ),
    row(
      'no XFCC arrives with the spoofed request',
      echoHeader('spoofed', 'x-forwarded-client-cert', undefined),
      { 'MD-HDR-002': 'fail CONT_NO_XFCC' },
    ),
    row('the gateway takes the client’s id', gatewayRecord('spoofed', { meshdev_id: FORGED.id }), {
      'MD-HDR-003': 'fail HDR_ID_SPOOFED',
    }),
    row(
      'the client’s id arrives, so that no record is found',
      (all) =>
        traced('spoofed', (one) => ({ ...one, gateway: undefined, sidecar: undefined }))(
          echoHeader('spoofed', 'x-meshdev-id', FORGED.id)(all),
        ),
      { 'MD-HDR-003': 'fail HDR_ID_SPOOFED' },
    ),
    row(
      'the gateway takes the client’s original path',
      gatewayRecord('spoofed', { path: '/anything/admin' }),
      {
        'MD-HDR-003': 'fail HDR_CONTROL_ARRIVED',
      },
    ),
    row(
      'the gateway obeys the client’s timeout',
      traced('spoofed', (one) => ({
        ...one,
        status: 504,
        echo: undefined,
        gateway: { ...one.gateway, response_flags: 'UT', response_code_details: 'upstream_response_timeout' },
      })),
      {
        'MD-HDR-001': 'unknown NO_ECHO',
        'MD-HDR-002': 'unknown NO_ECHO',
        'MD-HDR-003': 'fail HDR_CONTROL_ARRIVED',
      },
    ),
    row(
      'a control header of the client arrives',
      echoHeader('spoofed', 'x-envoy-upstream-rq-timeout-ms', '1'),
      { 'MD-HDR-003': 'fail HDR_CONTROL_ARRIVED' },
    ),
  ];
}

function configRows(lab: Lab): readonly Row[] {
  const mesh = lab.hosts.httpbin;
  return [
    row('the edge sends plaintext to the gateway', upstream(mesh, { tls: false }), {
      'MD-EGW-002': 'fail EGW_PLAINTEXT',
    }),
    row('the edge verifies nobody', upstream(mesh, { skipVerify: true }), {
      'MD-EGW-002': 'fail EGW_SKIP_VERIFY',
    }),
    row('the edge trusts the CAs of the machine', upstream(mesh, { anchors: false }), {
      'MD-EGW-002': 'fail EGW_NO_ANCHOR',
    }),
    row('the edge verifies a placeholder name', upstream(mesh, { serverName: '{http.request.host}' }), {
      'MD-EGW-002': 'fail EGW_SERVER_NAME',
    }),
    row('the edge verifies the name of the node', upstream(mesh, { serverName: undefined }), {
      'MD-EGW-002': 'fail EGW_SERVER_NAME',
    }),
    row('the edge presents no client certificate', upstream(mesh, { clientCertificate: false }), {
      'MD-EGW-002': 'fail EGW_NO_CLIENT_CERTIFICATE',
    }),
    row(
      'no site leads to the mesh',
      edgeRunning((running) => ({ ...running, upstreams: [] })),
      {
        'MD-EGW-002': 'fail EGW_NO_UPSTREAM',
      },
    ),
    row(
      'a second site leads to the gateway unverified',
      edgeRunning((running) => ({
        ...running,
        upstreams: running.upstreams.flatMap((one) =>
          one.host === mesh ? [one, { ...one, host: '*', skipVerify: true }] : [one],
        ),
      })),
      { 'MD-EGW-002': 'fail EGW_SKIP_VERIFY' },
    ),
  ];
}

function unreadable(...ids: readonly string[]): Row['reds'] {
  return Object.fromEntries(ids.map((id) => [id, 'unknown EVIDENCE_UNREADABLE' as const]));
}
