import { describe, expect, it } from 'vitest';
import { clientWeakness } from '../../../src/checks/mesh-client.ts';
import type { ProxyCluster, Socket, TlsSocket } from '../../../src/evidence/proxies.ts';

const IDENTITY = 'spiffe://cluster.local/ns/apps/sa/httpbin';
const MESH: TlsSocket = {
  kind: 'tls',
  ciphers: [],
  groups: [],
  alpn: ['istio'],
  certificates: ['default'],
  anchors: 'ROOTCA',
  peerNames: [`exact ${IDENTITY}`],
  requiresClientCertificate: false,
};
const PLAIN: Socket = { kind: 'plaintext' };
const CLUSTER: ProxyCluster = {
  name: 'outbound|8000||httpbin',
  type: 'EDS',
  sockets: [
    { tlsMode: 'istio', socket: MESH },
    { tlsMode: 'any', socket: PLAIN },
  ],
};

/** As istiod writes it where a DestinationRule says how: one socket for all pods. */
function ruled(socket: Socket): ProxyCluster {
  return { ...CLUSTER, rule: 'DestinationRule apps/theirs', sockets: [{ tlsMode: 'any', socket }] };
}

/** As it does for `SIMPLE`: TLS as a web browser speaks it. */
function without({ anchors: _anchors, ...rest }: TlsSocket): TlsSocket {
  return { ...rest, anchors: undefined, certificates: [] };
}

const WIDE = [`exact ${IDENTITY}`, 'exact spiffe://cluster.local/ns/apps/sa/other'];

describe('what a client-side rule makes of mesh TLS', () => {
  it.each([
    ['no rule', CLUSTER],
    ['ISTIO_MUTUAL', ruled(MESH)],
  ])('%s: nothing less', (_what, cluster) => {
    expect(clientWeakness(cluster, IDENTITY)).toBeUndefined();
  });

  it.each([
    ['DISABLE', ruled(PLAIN), 'sends plaintext, by DestinationRule apps/theirs'],
    [
      'SIMPLE',
      ruled(without(MESH)),
      'uses TLS without a certificate of its own, by DestinationRule apps/theirs',
    ],
    [
      'ISTIO_MUTUAL with subjectAltNames',
      ruled({ ...MESH, peerNames: WIDE }),
      `accepts ${WIDE.join(', ')}, expected ${IDENTITY}, by DestinationRule apps/theirs`,
    ],
    [
      'MUTUAL with a credentialName',
      ruled({ ...MESH, certificates: ['kubernetes://theirs'], anchors: 'kubernetes://theirs-cacert' }),
      'presents kubernetes://theirs instead of the certificate of the workload, by DestinationRule apps/theirs',
    ],
    [
      'another root',
      ruled({ ...MESH, anchors: 'file-root:/etc/theirs.pem' }),
      'trusts file-root:/etc/theirs.pem instead of the mesh root, by DestinationRule apps/theirs',
    ],
    [
      'no root',
      ruled({ ...MESH, anchors: undefined }),
      'does not verify the server, by DestinationRule apps/theirs',
    ],
    [
      'any name',
      { ...CLUSTER, sockets: [{ tlsMode: 'istio', socket: { ...MESH, peerNames: [] } }] },
      `accepts any name, expected ${IDENTITY}`,
    ],
    [
      'endpoints of their own',
      { ...ruled(MESH), type: 'STATIC' },
      'is STATIC, its endpoints are not those of the service, by DestinationRule apps/theirs',
    ],
  ] satisfies [string, ProxyCluster, string][])('%s: says what it is', (_what, cluster, words) => {
    expect(clientWeakness(cluster, IDENTITY)).toBe(`outbound|8000||httpbin ${words}`);
  });
});
