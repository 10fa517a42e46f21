import { ended } from '../../../support/wires.ts';
import { atControl, atToken, reached, recorded, type Break, type Row } from './broken.ts';

const edge =
  (more: Partial<Parameters<Break>[0]['service.edge']['upstreams'][number]>): Break =>
  (found) => ({
    ...found,
    'service.edge': {
      ...found['service.edge'],
      upstreams: found['service.edge'].upstreams.map((one) => ({ ...one, ...more })),
    },
  });

/** What was judged of the honest request alone. */
const CONTROL = ['MD-WRK-001', 'MD-JWT-001'];
const all = (ids: readonly string[], verdict: string) => Object.fromEntries(ids.map((id) => [id, verdict]));

export const CHAIN_ROWS: readonly Row[] = [
  [
    'the edge serves no certificate',
    (found) => ({
      ...found,
      'service.edge': { ...found['service.edge'], handshake: ended('alert', 'internal_error') },
    }),
    { 'MD-EDGE-002': 'unknown NO_CERTIFICATE', 'MD-EDGE-003': 'unknown NO_CERTIFICATE' },
  ],
  [
    'Caddy verifies another name',
    edge({ serverName: 'www.mesh.localhost' }),
    { 'MD-EGW-002': 'fail EGW_SERVER_NAME' },
  ],
  ['Caddy verifies nobody', edge({ skipVerify: true }), { 'MD-EGW-002': 'fail EGW_SKIP_VERIFY' }],
  ['Caddy trusts every CA', edge({ anchors: false }), { 'MD-EGW-002': 'fail EGW_NO_ANCHOR' }],
  [
    'Caddy has no upstream',
    (found) => ({ ...found, 'service.edge': { ...found['service.edge'], upstreams: [] } }),
    { 'MD-EGW-002': 'fail EGW_NO_UPSTREAM' },
  ],
  [
    'another SNI arrives',
    atControl(recorded('gateway', { sni: 'httpbin.mesh.localhost' })),
    { 'MD-EGW-007': 'fail EGW_NAME_CHANGED' },
  ],
  [
    'another Host arrives',
    atControl(recorded('gateway', { authority: 'orders' })),
    { 'MD-EGW-007': 'fail EGW_NAME_CHANGED' },
  ],
  [
    'the gateway shows a certificate without the host',
    (found) => ({
      ...found,
      'service.edge': { ...found['service.edge'], gatewayChain: [found['service.proxies'].meshRootPem] },
    }),
    { 'MD-EGW-004': 'fail CERT_NAME_MISMATCH' },
  ],
  [
    'two VirtualServices',
    (found) => {
      const { virtualServices, gateway } = found['service.routes'];
      return {
        ...found,
        'service.routes': {
          gateway,
          virtualServices: [
            ...virtualServices,
            ...virtualServices.map((one) => ({ ...one, name: 'shop/open' })),
          ],
        },
      };
    },
    { 'MD-GW-004[owner]': 'fail GW_HOST_TWICE' },
    'apps/orders and shop/open',
  ],
  [
    'the gateway routes it elsewhere',
    (found) => {
      const { gateway, virtualServices } = found['service.routes'];
      if (gateway === undefined) return found;
      const routes = gateway.routes.map((table) => ({
        ...table,
        hosts: table.hosts.map((host) => ({
          ...host,
          routes: host.routes.map((one) => ({
            ...one,
            cluster: 'outbound|80||stock.apps.svc.cluster.local',
          })),
        })),
      }));
      return { ...found, 'service.routes': { virtualServices, gateway: { ...gateway, routes } } };
    },
    { 'MD-GW-004[route]': 'fail GW_OTHER_BACKEND' },
  ],
  [
    'the name is the pod’s own loopback in pods',
    (found) => ({
      ...found,
      'service.names': {
        ...found['service.names'],
        inside: found['service.names'].inside.map((one) => ({
          ...one,
          library: { addresses: ['127.0.0.1'] },
        })),
      },
    }),
    { 'MD-NAME-003[intruder]': 'fail NAME_NOT_THE_EDGE' },
  ],
  [
    'no pod looked the name up',
    (found) => ({ ...found, 'service.names': { ...found['service.names'], inside: [] } }),
    { 'MD-NAME-003': 'unknown NAME_NOT_SEEN' },
  ],
  [
    'the name is another machine’s here',
    (found) => {
      const { host, ...rest } = found['service.names'];
      return host === undefined
        ? found
        : { ...found, 'service.names': { ...rest, host: { ...host, system: { addresses: ['10.1.2.3'] } } } };
    },
    { 'MD-NAME-001': 'fail NAME_NOT_LOOPBACK' },
  ],
  [
    'an app in the cluster answers as the relay of a local one would',
    atControl((traced) => ({ status: 502, headers: { ...traced.headers, 'meshdev-local': 'no-tunnel' } })),
    { 'MD-WRK-001': 'fail WRK_CHAIN_BROKEN' },
  ],
  ['the app answers 500', atControl(() => ({ status: 500 })), { 'MD-WRK-001': 'fail WRK_CHAIN_BROKEN' }],
  [
    'the sidecar refuses the honest request',
    atControl((traced) => ({
      status: 403,
      ...recorded('sidecar', {
        status: '403',
        response_code_details: 'rbac_access_denied_matched_policy[none]',
      })(traced),
    })),
    { 'MD-WRK-001': 'fail WRK_CHAIN_BROKEN', 'MD-JWT-001': 'fail JWT_VALID_REFUSED' },
  ],
  [
    'another service answers in its place',
    atControl(() => ({ status: 403, sidecar: undefined })),
    {
      'MD-WRK-001': 'fail WRK_CHAIN_BROKEN',
      'MD-JWT-001': 'unknown PATH_BROKEN',
      ...all(['MD-MESH-002'], 'unknown NO_RECORD'),
    },
    'HTTP 403',
  ],
  [
    'nothing listens at the edge',
    atControl((traced) => {
      const { status: _status, ...rest } = traced;
      return { ...rest, status: undefined, ended: 'refused', gateway: undefined, sidecar: undefined };
    }),
    {
      'MD-WRK-001': 'fail WRK_CHAIN_BROKEN',
      'MD-JWT-001': 'unknown NO_ANSWER',
      ...all(['MD-EGW-007', 'MD-MESH-002', 'MD-MESH-003'], 'unknown NO_RECORD'),
    },
  ],
  [
    'an empty 200 of the edge, and no record anywhere',
    atControl(() => ({ gateway: undefined, sidecar: undefined })),
    {
      ...all(['MD-WRK-001', 'MD-JWT-001', 'MD-EGW-007', 'MD-MESH-002', 'MD-MESH-003'], 'unknown NO_RECORD'),
    },
  ],
  [
    'the record is of another request',
    atControl(recorded('sidecar', { meshdev_id: 'other' })),
    all(CONTROL, 'fail NOT_THE_APP'),
  ],
  [
    'the app validated by another subject',
    atControl(recorded('sidecar', { jwt_subject: 'bob' })),
    { 'MD-JWT-001': 'fail JWT_SUBJECT_DIFFERS' },
  ],
  [
    'the gateway met another server',
    atControl(recorded('gateway', { upstream_peer_uri_san: 'spiffe://cluster.local/ns/apps/sa/stock' })),
    { 'MD-MESH-002': 'fail MESH_SERVER_NOT_THE_APP' },
  ],
  [
    'another TLS session at the sidecar',
    atControl(recorded('sidecar', { downstream_tls_cipher: 'TLS_OTHER' })),
    { 'MD-MESH-002': 'fail MESH_SESSIONS_DIFFER' },
  ],
  [
    'the gateway passed it through',
    atControl(recorded('gateway', { upstream_cluster: 'PassthroughCluster' })),
    { 'MD-MESH-003': 'fail MESH_PASSTHROUGH' },
  ],
  [
    'an unsigned token passes',
    atToken('alg-none', reached),
    { 'MD-JWT-010[alg-none]': 'fail JWT_UNSIGNED_ACCEPTED' },
  ],
  [
    'a token for another service passes',
    atToken('other-service', reached),
    { 'MD-JWT-016[other-service]': 'fail JWT_AUDIENCE_NOT_CHECKED' },
  ],
  [
    'a token is refused by the gateway',
    atToken('expired', () => ({
      sidecar: undefined,
      gateway: { response_code_details: 'jwt_authn_access_denied{Jwt_is_expired}' },
    })),
    { 'MD-JWT-017[expired]': 'fail REFUSED_ELSEWHERE' },
  ],
  [
    'a token is refused for another reason',
    atToken(
      'wrong-issuer',
      recorded('sidecar', { response_code_details: 'jwt_authn_access_denied{Jwt_is_expired}' }),
    ),
    { 'MD-JWT-015[wrong-issuer]': 'fail REFUSED_FOR_OTHER_REASON' },
  ],
  [
    'a token was not shown',
    (found) => ({
      ...found,
      'service.tokens': found['service.tokens'].filter((one) => one.case.id !== 'id-token'),
    }),
    { 'MD-JWT-018[id-token]': 'unknown CASE_NOT_RUN' },
  ],
  [
    'a request without a token passes',
    (found) => {
      const sent = found['service.without-token'];
      return sent === undefined
        ? found
        : { ...found, 'service.without-token': { ...sent, none: { ...sent.none, ...reached(sent.none) } } };
    },
    { 'MD-JWT-002[none]': 'fail JWT_NOT_REQUIRED' },
  ],
];
