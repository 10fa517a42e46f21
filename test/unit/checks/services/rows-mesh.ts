import { data, ended, unreachable } from '../../../support/wires.ts';
import { atChain, atPod, atProxy, atWire, type Row } from './broken.ts';

export const MESH_ROWS: readonly Row[] = [
  [
    'plaintext is answered at one pod',
    atWire(() => ({ plaintext: data({ status: 200 }) })),
    { 'MD-MESH-005': 'fail MESH_NOT_STRICT' },
    'pod orders-5b8c-bbbbb: ',
  ],
  [
    'the pod is out of reach',
    atWire(() => ({ plaintext: unreachable('EHOSTUNREACH') })),
    { 'MD-MESH-005': 'unknown NOT_REACHED' },
  ],
  [
    'nobody listens for plaintext',
    atWire(() => ({ plaintext: ended('refused') })),
    { 'MD-MESH-005': 'unknown NOT_REACHED' },
  ],
  [
    'a certificate is not asked for',
    atWire(({ forged }) => ({
      forged: forged.map((one) => (one.case.id === 'none' ? { ...one, wire: data({ status: 403 }) } : one)),
    })),
    { 'MD-MESH-006[none]': 'fail MESH_CERTIFICATE_OPTIONAL' },
  ],
  [
    'the edge’s certificate opens the pod',
    atWire(({ forged }) => ({
      forged: forged.map((one) =>
        one.case.id === 'edge-client' ? { ...one, wire: data({ status: 403 }) } : one,
      ),
    })),
    { 'MD-MESH-007[edge-client]': 'fail MESH_ROOT_OPENS_PODS' },
  ],
  [
    'a foreign certificate was refused, but this pod wrote nothing of it',
    atWire(({ forged }) => ({
      forged: forged.map((one) => (one.case.id === 'foreign-ca' ? { ...one, record: undefined } : one)),
    })),
    { 'MD-MESH-008[foreign-ca]': 'unknown NO_RECORD' },
  ],
  [
    'a certificate was not shown',
    atWire(({ forged }) => ({ forged: forged.filter((one) => one.case.id !== 'expired') })),
    { 'MD-MESH-008[expired]': 'unknown CASE_NOT_RUN' },
  ],
  [
    'TLS 1.2 is taken',
    atWire(() => ({ tls12: data({ status: 403 }) })),
    { 'MD-MESH-009': 'fail MESH_TLS_TOO_OLD' },
  ],
  [
    'the honest identity is refused',
    atWire(({ honest }) => ({
      honest: { ...honest, wire: ended('alert', 'unknown_ca'), record: undefined },
    })),
    { 'MD-MESH-018': 'fail MESH_CONTROL_REFUSED' },
  ],
  [
    'somebody without a sidecar answers in its place',
    atWire(({ honest }) => ({ honest: { ...honest, record: undefined } })),
    { 'MD-MESH-018': 'unknown NO_RECORD' },
  ],
  [
    'the sidecar recorded another client',
    atWire(({ honest }) => ({ honest: { ...honest, record: { downstream_peer_uri_san: 'spiffe://else' } } })),
    { 'MD-MESH-018': 'fail NOT_THE_APP' },
  ],
  [
    'a port beside the sidecar answers plaintext',
    atWire(({ ports }) => ({ ports: [...ports, { port: 9090, wire: data({ status: 200 }) }] })),
    { 'MD-MESH-014': 'fail MESH_PORT_AROUND' },
    'port 9090',
  ],
  ['no port of a pod was found', atWire(() => ({ ports: [] })), { 'MD-MESH-014': 'unknown NO_PROXIES' }],
  [
    'the pod is on the node’s network',
    atPod((pod) => ({ ...pod, hostNetwork: true })),
    { 'MD-MESH-014': 'fail MESH_PORT_AROUND' },
  ],
  [
    'a chain takes plaintext',
    atChain(() => ({ socket: { kind: 'plaintext' } })),
    { 'MD-MESH-004': 'fail MESH_NOT_STRICT' },
  ],
  [
    'a certificate of another service account',
    atProxy(({ secrets }) => ({
      secrets: secrets.map((one) => (one.name === 'default' ? { name: one.name, state: 'active' } : one)),
    })),
    {
      'MD-MESH-011': 'unknown NO_WORKLOAD_CERTIFICATE',
      'MD-MESH-012': 'unknown NO_WORKLOAD_CERTIFICATE',
      'MD-CERT-003': 'unknown NO_CERTIFICATE',
    },
  ],
  [
    'one proxy could not be asked',
    (found) => ({
      ...found,
      'service.proxies': {
        ...found['service.proxies'],
        unseen: [{ workload: undefined, pod: 'apps/orders-x', because: 'TIMED_OUT' }],
      },
    }),
    Object.fromEntries(
      ['MD-MESH-004', 'MD-MESH-011', 'MD-MESH-012', 'MD-CERT-003'].map((id) => [id, 'unknown NO_PROXIES']),
    ),
  ],
  [
    'a DestinationRule makes a client send plaintext',
    atProxy(({ clusters }) => ({
      clusters: clusters.map((one) => ({
        ...one,
        rule: 'DestinationRule apps/open',
        sockets: [{ tlsMode: 'any', socket: { kind: 'plaintext' } }],
      })),
    })),
    { 'MD-MESH-013': 'fail MESH_CLIENT_WEAKENED' },
    'DestinationRule apps/open',
  ],
  [
    'no pod at all',
    (found) => ({ ...found, 'service.wire': [] }),
    Object.fromEntries(
      [
        'MD-MESH-005',
        'MD-MESH-006[none]',
        'MD-MESH-007[edge-client]',
        'MD-MESH-007[wrong-name]',
        ...[
          'foreign-ca',
          'stranger-ca',
          'self-signed',
          'spiffe-of-other-mesh',
          'other-trust-domain',
          'expired',
        ].map((id) => `MD-MESH-008[${id}]`),
        'MD-MESH-009',
        'MD-MESH-014',
        'MD-MESH-018',
        'MD-RBAC-003',
        'MD-RBAC-008',
      ].map((id) => [id, 'unknown NOT_REACHED']),
    ),
  ],
];
