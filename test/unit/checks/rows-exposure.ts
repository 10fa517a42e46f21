import { bypassCases, type BypassCase } from '../../../src/cases/bypass-cases.ts';
import type { WireResult } from '../../../src/evidence/wire-result.ts';
import type { ReasonCode } from '../../../src/checks/reasons.ts';
import type { Lab } from '../../../src/topology/lab.ts';
import type { Break } from '../../support/break-evidence.ts';
import { bypass, container, proxy, pods, wayAround } from '../../support/break-parts.ts';
import { data, ended, unreachable } from '../../support/wires.ts';
import { row, type Row, uncontrolled } from './expected.ts';

const OPEN: Readonly<Record<BypassCase['check'], ReasonCode>> = {
  'MD-EXPO-002': 'EXPO_GATEWAY_OPEN',
  'MD-EXPO-003': 'EXPO_ADMIN_OPEN',
  'MD-EXPO-004': 'EXPO_ISTIOD_OPEN',
  'MD-EXPO-005': 'EXPO_PROXY_OPEN',
  'MD-EXPO-006': 'EXPO_CLUSTER_OPEN',
  'MD-EXPO-007': 'EXPO_IDP_PUBLISHED',
  'MD-MESH-014': 'MESH_PORT_AROUND',
};

export function exposureRows(lab: Lab): readonly Row[] {
  return [
    ...bypassCases(lab).map(({ check, id }) =>
      row(
        `${check}: ${id} gives something away`,
        wayAround(check, id, data({ status: 200, body: '{"configs": []}' })),
        {
          [check]: `fail ${OPEN[check]}`,
        },
      ),
    ),
    ...aroundRows(),
    ...unreachedRows(),
    ...idpRows(),
    ...proxyRows(),
    ...secretRows(lab),
  ];
}

function aroundRows(): readonly Row[] {
  const cutOff = { 'MD-MESH-015': 'unknown INTRUDER_CUT_OFF', ...uncontrolled('MD-MESH-015') } as const;
  return [
    row(
      'istiod closes where nobody should listen',
      wayAround('MD-EXPO-004', 'xds-plaintext', ended('closed')),
      {
        'MD-EXPO-004': 'fail REFUSED_FOR_OTHER_REASON',
      },
    ),
    row('istiod does not answer', wayAround('MD-EXPO-004', 'metrics', ended('timeout')), {
      'MD-EXPO-004': 'unknown TIMED_OUT',
    }),
    row(
      'nobody listens where istiod should refuse',
      wayAround('MD-EXPO-004', 'debug-configz', ended('refused')),
      {
        'MD-EXPO-004': 'unknown NOT_REACHED',
      },
    ),
    row(
      'nobody listens on Caddy’s admin socket: it is on TCP',
      bypass((state) => ({ adminSocket: { ...state.adminSocket, own: ended('refused') } })),
      { 'MD-EXPO-003': 'fail EXPO_ADMIN_OPEN' },
    ),
    row(
      'anybody may write to Caddy’s admin socket',
      bypass(({ adminSocket }) => ({
        adminSocket: {
          ...adminSocket,
          own: { ...adminSocket.own, body: adminSocket.own.body.replace('0600', '0666') },
        },
      })),
      { 'MD-EXPO-003': 'fail EXPO_ADMIN_OPEN' },
    ),
    row(
      'a web page may ask the admin API',
      bypass((state) => ({ adminSocket: { ...state.adminSocket, crossOrigin: data({ status: 200 }) } })),
      { 'MD-EXPO-003': 'fail EXPO_ADMIN_OPEN' },
    ),
    row(
      'a port of a pod is excluded from the mesh',
      bypass(({ ports }) => ({
        ports: [...ports, { workload: 'httpbin', port: 9999, wire: data({ status: 200 }) }],
      })),
      { 'MD-MESH-014': 'fail MESH_PORT_AROUND' },
    ),
    row(
      'the sockets of a pod could not be listed',
      bypass(({ ports }) => ({
        ports: ports.filter(({ workload }) => workload !== 'caller'),
        unlisted: [{ workload: 'caller', because: 'container not found' }],
      })),
      { 'MD-MESH-014': 'unknown NO_PROXIES' },
    ),
    row(
      'a pod is on the network of its node',
      pods((state) => ({
        pods: state.pods.map((pod) => (pod.workload === 'ledger' ? { ...pod, hostNetwork: true } : pod)),
      })),
      { 'MD-MESH-014': 'fail MESH_PORT_AROUND' },
    ),
    row(
      'the app was called around its sidecar',
      bypass(({ appPeer }) => ({ appPeer: { ...appPeer, address: '10.244.0.8' } })),
      { 'MD-WRK-004': 'fail WRK_AROUND_SIDECAR' },
    ),
    row(
      'the app does not say who its peer was',
      bypass(({ appPeer: { wire } }) => ({ appPeer: { wire, address: undefined } })),
      {
        'MD-WRK-004': 'unknown NO_ECHO',
      },
    ),
    row(
      'the intruder has no names',
      bypass(({ allowed }) => ({ allowed: { ...allowed, dns: undefined } })),
      cutOff,
    ),
    row(
      'the intruder has no network',
      bypass(({ allowed }) => ({ allowed: { ...allowed, edge: ended('timeout') } })),
      cutOff,
    ),
    row(
      'the lab’s probe has no network',
      bypass(({ allowed }) => ({ allowed: { ...allowed, probe: unreachable('ENOTFOUND') } })),
      cutOff,
    ),
    row(
      'a request crossed the pod network in cleartext',
      (all) => ({
        ...all,
        capture:
          all.capture.kind === 'captured'
            ? { ...all.capture, clear: { ...all.capture.clear, nonce: 2 } }
            : all.capture,
      }),
      { 'MD-MESH-016': 'fail MESH_CLEARTEXT_SEEN' },
    ),
    row(
      'the capture saw nothing at all',
      (all) => ({
        ...all,
        capture:
          all.capture.kind === 'captured'
            ? { ...all.capture, clear: { before: 0, nonce: 0, after: 0 } }
            : all.capture,
      }),
      { 'MD-MESH-016': 'unknown CONTROL_NOT_GREEN' },
    ),
  ];
}

/** No connection came about, and nobody refused one: that proves nothing of who listens. */
function unreachedRows(): readonly Row[] {
  return [
    row(
      'there is no route to where nobody should listen',
      wayAround('MD-EXPO-004', 'xds-plaintext', unreachable('EHOSTUNREACH')),
      { 'MD-EXPO-004': 'unknown NOT_REACHED' },
    ),
    row(
      'there is no route to what is open on purpose',
      wayAround('MD-EXPO-005', 'sidecar-health', unreachable('ENETUNREACH')),
      { 'MD-EXPO-005': 'unknown NOT_REACHED' },
    ),
    row(
      'there is no route to a port of a pod',
      bypass(({ ports }) => ({ ports: ports.map((one) => ({ ...one, wire: unreachable('EHOSTUNREACH') })) })),
      { 'MD-MESH-014': 'unknown NOT_REACHED' },
    ),
    row(
      'the probe may not open Caddy’s admin socket',
      bypass((state) => ({ adminSocket: { ...state.adminSocket, own: unreachable('EACCES') } })),
      { 'MD-EXPO-003': 'unknown NOT_REACHED' },
    ),
    row(
      'a component that should be asked is not there',
      bypass(({ tried }) => ({ tried: tried.filter(({ id }) => id !== 'xds-plaintext') })),
      { 'MD-EXPO-004': 'unknown CASE_NOT_RUN' },
    ),
  ];
}

function idpRows(): readonly Row[] {
  const address = (wire: WireResult): Break => wayAround('MD-EXPO-007', 'lab-network-address', wire);
  const name = (wire: WireResult): Break => wayAround('MD-EXPO-007', 'lab-network-name', wire);
  const published = { 'MD-EXPO-007': 'fail EXPO_IDP_PUBLISHED' } as const;
  return [
    ...(['timeout', 'alert', 'reset', 'closed'] as const).map((how) =>
      row(
        `a connection to the IdP came about: ${how}`,
        address({ ...ended(how), connected: true }),
        published,
      ),
    ),
    row(
      'whoever asks for the IdP by its name connects',
      name({ ...ended('timeout'), connected: true }),
      published,
    ),
    row('there is no route to the IdP', address(unreachable('EHOSTUNREACH')), {}),
    row('the IdP’s address was not dialled', address(unreachable('EMFILE')), {
      'MD-EXPO-007': 'unknown NOT_REACHED',
    }),
    row('the IdP’s address is taken for a name that nobody knows', address(unreachable('ENOTFOUND')), {
      'MD-EXPO-007': 'unknown NOT_REACHED',
    }),
    row('the IdP’s name leads to an address without a route', name(unreachable('ENETUNREACH')), {}),
    row(
      'the machine is offline: the engine cannot ask others for the IdP’s name',
      name(unreachable('EAI_AGAIN')),
      {},
    ),
    row('the IdP’s name is asked for in vain', name({ ...ended('timeout'), connected: false }), {}),
    row('the IdP’s name was not asked for', name(unreachable('EMFILE')), {
      'MD-EXPO-007': 'unknown NOT_REACHED',
    }),
  ];
}

function proxyRows(): readonly Row[] {
  const plaintext = { kind: 'plaintext' } as const;
  return [
    row(
      'a sidecar takes plaintext on one port',
      proxy('ledger', ({ listeners }) => ({
        listeners: listeners.map((listener) => ({
          ...listener,
          chains: [
            ...listener.chains,
            {
              name: 'open',
              isDefault: false,
              match: { destinationPort: 9090, serverNames: [], applicationProtocols: [] },
              socket: plaintext,
              filters: ['envoy.filters.network.tcp_proxy'],
              http: undefined,
            },
          ],
        })),
      })),
      { 'MD-MESH-004': 'fail MESH_NOT_STRICT' },
    ),
    row(
      'a policy asks for less and is not in force yet',
      pods(() => ({ peerRules: [{ name: 'apps/open', level: 'namespace apps', asks: 'PERMISSIVE' }] })),
      { 'MD-MESH-004': 'fail MESH_NOT_STRICT' },
    ),
    row(
      'a client speaks plaintext to a service of the mesh',
      proxy('caller', ({ clusters }) => ({
        clusters: clusters.map((cluster) => ({
          ...cluster,
          sockets: [{ tlsMode: 'any', socket: plaintext }],
        })),
      })),
      { 'MD-MESH-013': 'fail MESH_CLIENT_WEAKENED', 'MD-GW-009': 'fail MESH_NO_COMMON_TLS' },
    ),
    row(
      'a DestinationRule accepts more identities of a service than its own',
      proxy('gateway', ({ clusters }) => ({
        clusters: clusters.map((cluster) => ({
          ...cluster,
          rule: 'DestinationRule apps/wide',
          sockets: cluster.sockets.flatMap(({ socket }) =>
            socket.kind === 'tls'
              ? [
                  {
                    tlsMode: 'any',
                    socket: { ...socket, peerNames: [...socket.peerNames, 'exact spiffe://other'] },
                  },
                ]
              : [],
          ),
        })),
      })),
      // TLS is agreed on all the same: who is taken for the service is another question.
      { 'MD-MESH-013': 'fail MESH_CLIENT_WEAKENED' },
    ),
    row(
      'a client accepts any server of the mesh',
      proxy('gateway', ({ clusters }) => ({
        clusters: clusters.map((cluster) => ({
          ...cluster,
          sockets: cluster.sockets.map((one) =>
            one.socket.kind === 'tls' ? { ...one, socket: { ...one.socket, peerNames: [] } } : one,
          ),
        })),
      })),
      { 'MD-MESH-013': 'fail MESH_CLIENT_WEAKENED' },
    ),
    row(
      'the app’s port is treated as TCP',
      proxy('httpbin', ({ listeners }) => ({
        listeners: listeners.map((listener) => ({
          ...listener,
          chains: listener.chains.map((chain) => ({
            ...chain,
            http: undefined,
            filters: ['envoy.filters.network.tcp_proxy'],
          })),
        })),
      })),
      { 'MD-GW-009': 'fail MESH_NO_COMMON_TLS', 'MD-WRK-003': 'fail WRK_NOT_HTTP' },
    ),
  ];
}

function secretRows(lab: Lab): readonly Row[] {
  const socket = {
    kind: 'bind',
    source: '/var/run/docker.sock',
    target: '/var/run/docker.sock',
    readOnly: false,
  };
  return [
    row(
      'others may read a key',
      (all) => ({
        ...all,
        'private.files': {
          uid: 1000,
          entries: [{ path: '/state/keys/mesh-root.pem', kind: 'file', mode: 0o644, uid: 1000 }],
        },
      }),
      { 'MD-EXPO-008': 'fail EXPO_KEY_READABLE' },
    ),
    row(
      'a key belongs to somebody else',
      (all) => ({
        ...all,
        'private.files': {
          uid: 1000,
          entries: [{ path: '/state/keys/mesh-root.pem', kind: 'file', mode: 0o600, uid: 0 }],
        },
      }),
      { 'MD-EXPO-008': 'fail EXPO_KEY_READABLE' },
    ),
    row(
      'a copy of the mesh root is in a secret',
      (all) => ({
        ...all,
        'key.copies': {
          ...all['key.copies'],
          found: [
            ...all['key.copies'].found,
            {
              fingerprint: all['key.copies'].authorities['mesh-root'] ?? '',
              where: 'secret apps/backup root.pem',
            },
          ],
        },
      }),
      { 'MD-EXPO-009': 'fail EXPO_CA_KEY_COPIED' },
    ),
    row(
      'the search for keys found none at all',
      (all) => ({ ...all, 'key.copies': { ...all['key.copies'], found: [] } }),
      { 'MD-EXPO-009': 'unknown EVIDENCE_MISSING' },
    ),
    row(
      'a container that may hold keys does not run',
      (all) => ({
        ...all,
        'key.copies': {
          ...all['key.copies'],
          searched: [...all['key.copies'].searched, 'only a part of the lab: container x is exited'],
        },
      }),
      { 'MD-EXPO-009': 'unknown EVIDENCE_MISSING' },
    ),
    row(
      'a password is in a log',
      (all) => ({
        ...all,
        leaks: { ...all.leaks, found: [{ where: 'log of edge', what: 'password of alice' }] },
      }),
      { 'MD-EXPO-010': 'fail EXPO_SECRET_LEAKED' },
    ),
    row(
      'the hosts file knows a name of the lab',
      (all) => ({
        ...all,
        machine: {
          ...all.machine,
          now: [{ path: '/etc/hosts', digest: 'bb', mentions: ['the name httpbin'] }],
        },
      }),
      { 'MD-EXPO-011': 'fail EXPO_MACHINE_CHANGED' },
    ),
    row('a container mounts the engine’s socket', container(lab.containers.probe, { mounts: [socket] }), {
      'MD-EXPO-012': 'fail EXPO_HOST_MOUNTED',
    }),
    row('the IdP is in the network of the node', container(lab.containers.idp, { networks: [lab.network] }), {
      'MD-EXPO-007': 'fail EXPO_IDP_PUBLISHED',
    }),
  ];
}
