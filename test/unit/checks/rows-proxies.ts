import type { EvidenceMap } from '../../../src/evidence/evidence-map.ts';
import type { FilterChain, HttpManager, ProxySeen, Socket } from '../../../src/evidence/proxies.ts';
import type { Lab } from '../../../src/topology/lab.ts';
import { type Break, gatewayRecord } from '../../support/break-evidence.ts';
import { data, ended } from '../../support/healthy-evidence.ts';
import { row, type Row } from './expected.ts';

/** Changes what the proxy of one workload runs. */
function proxy(workload: string, change: (one: ProxySeen) => ProxySeen): Break {
  return (all) => ({
    ...all,
    proxies: {
      ...all.proxies,
      proxies: all.proxies.proxies.map((one) => (one.workload === workload ? change(one) : one)),
    },
  });
}

function chains(workload: string, change: (one: FilterChain) => FilterChain): Break {
  return proxy(workload, (one) => ({
    ...one,
    listeners: one.listeners.map((listener) => ({ ...listener, chains: listener.chains.map(change) })),
  }));
}

function tls(workload: string, change: Partial<Extract<Socket, { kind: 'tls' }>>): Break {
  return chains(workload, (chain) =>
    chain.socket.kind === 'tls' ? { ...chain, socket: { ...chain.socket, ...change } } : chain,
  );
}

function manager(change: Partial<HttpManager>): Break {
  return chains('gateway', (chain) =>
    chain.http === undefined ? chain : { ...chain, http: { ...chain.http, ...change } },
  );
}

function clusterState(change: Partial<EvidenceMap['cluster.state']>): Break {
  return (all) => ({ ...all, 'cluster.state': { ...all['cluster.state'], ...change } });
}

function offers(change: Partial<EvidenceMap['tls.offers']>): Break {
  return (all) => ({ ...all, 'tls.offers': { ...all['tls.offers'], ...change } });
}

const both =
  (...breaks: readonly Break[]): Break =>
  (all) =>
    breaks.reduce((seen, each) => each(seen), all);

const unseenProxy =
  (workload: 'gateway' | 'httpbin'): Break =>
  (all) => ({
    ...all,
    proxies: {
      proxies: all.proxies.proxies.filter((one) => one.workload !== workload),
      unseen: [{ workload, pod: `${workload}-0`, because: 'it did not answer' }],
    },
  });

/** Rows of what proxies run and what istiod and the API server say of them. */
export function proxyRows(lab: Lab): readonly Row[] {
  return [...stateRows(lab), ...settingRows(), ...agreementRows(), ...routeRows(lab), ...versionRows()];
}

function stateRows(lab: Lab): readonly Row[] {
  return [
    row('the gateway has no ready endpoint', clusterState({ gatewayEndpoints: [], gatewayPods: [] }), {
      'MD-GW-001': 'fail GW_NOT_READY',
    }),
    row(
      'the gateway never got its listener',
      proxy('gateway', (one) => ({ ...one, listeners: [], routes: [] })),
      {
        'MD-GW-001': 'fail GW_NO_LISTENER',
        'MD-GW-004': 'fail GW_NO_ROUTE',
      },
    ),
    row('the gateway’s proxy cannot be asked', unseenProxy('gateway'), {
      'MD-GW-001': 'unknown NO_PROXIES',
      'MD-GW-003': 'unknown NO_PROXIES',
      'MD-GW-004': 'unknown NO_PROXIES',
      'MD-GW-007': 'unknown NO_PROXIES',
      'MD-GW-009': 'unknown NO_PROXIES',
      'MD-EGW-006': 'unknown NO_PROXIES',
      'MD-MESH-013': 'unknown NO_PROXIES',
    }),
    row(
      'a sidecar rejected a listener',
      proxy('httpbin', (one) => ({ ...one, rejected: [{ resource: 'listener x', reason: 'bad' }] })),
      { 'MD-GW-003': 'fail GW_UPDATE_REJECTED' },
    ),
    row(
      'a sidecar has not acknowledged the newest listeners',
      proxy('ledger', (one) => ({ ...one, sync: [{ type: 'Listener', sent: 'b', acked: 'a' }] })),
      { 'MD-GW-003': 'unknown GW_NOT_ACKNOWLEDGED' },
    ),
    row(
      'istiod does not know a sidecar',
      proxy('caller', (one) => ({ ...one, sync: undefined })),
      { 'MD-GW-003': 'unknown NO_SYNC_STATE' },
    ),
    row(
      'the webhook lets an invalid object through',
      clusterState({ invalidObject: { kind: 'other', told: 'it was admitted' } }),
      { 'MD-GW-008': 'fail GW_WEBHOOK_OPEN' },
    ),
    row(
      'the webhook cannot be asked',
      clusterState({ invalidObject: { kind: 'unreachable', told: 'connection refused' } }),
      { 'MD-GW-008': 'fail GW_WEBHOOK_UNREACHABLE' },
    ),
    row(
      'another server of the gateway hands on requests for the app',
      both(
        offers({ crossed: data({ status: 403, headers: { 'x-envoy-upstream-service-time': '3' } }) }),
        chains('gateway', (chain) => ({
          ...chain,
          match: { ...chain.match, serverNames: [lab.hosts.httpbin] },
        })),
      ),
      { 'MD-GW-006': 'fail GW_CROSSED' },
    ),
    row('the gateway answers names outside the zone', offers({ foreignSni: data({ status: 404 }) }), {
      'MD-GW-006': 'fail GW_SNI_CATCH_ALL',
    }),
  ];
}

function settingRows(): readonly Row[] {
  const wrong = { 'MD-GW-007': 'fail GW_LISTENER_SETTING' } as const;
  return [
    row(
      'the running gateway asks for no client certificate',
      tls('gateway', { requiresClientCertificate: false }),
      wrong,
    ),
    row('the running gateway names no client', tls('gateway', { peerNames: [] }), wrong),
    row(
      'the running gateway admits one client more',
      tls('gateway', { peerNames: ['exact edge.mesh.localhost', 'exact b'] }),
      wrong,
    ),
    row('the running gateway hands on XFCC', manager({ forwardClientCert: 'ALWAYS_FORWARD_ONLY' }), wrong),
    row('the running gateway trusts two hops', manager({ trustedHops: 2 }), wrong),
    row('the running gateway does not normalise paths', manager({ normalizePath: false }), wrong),
    row(
      'the running gateway has a second way in',
      proxy('gateway', (one) => ({
        ...one,
        listeners: [...one.listeners, ...one.listeners.map((each) => ({ ...each, port: 8080, chains: [] }))],
      })),
      wrong,
    ),
    row('the running gateway keeps escaped slashes', manager({ escapedSlashes: 'KEEP_UNCHANGED' }), wrong),
  ];
}

function agreementRows(): readonly Row[] {
  const none = { 'MD-EGW-006': 'fail EGW_NO_COMMON_TLS' } as const;
  return [
    row(
      'the gateway speaks TLS 1.2 with suites only that Go does not offer',
      tls('gateway', { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', ciphers: ['AES128-SHA'] }),
      none,
    ),
    row(
      'the gateway speaks TLS 1.1 at most',
      tls('gateway', { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' }),
      none,
    ),
    row('the gateway takes groups only that Go does not offer', tls('gateway', { groups: ['X448'] }), none),
    row('the gateway speaks no protocol that the edge does', tls('gateway', { alpn: ['istio'] }), none),
    row(
      'the gateway refuses all that Go offers',
      (all) => {
        const { gateway } = all['tls.offers'];
        return offers({ gateway: { ...gateway, asGo: ended('alert', 'handshake_failure') } })(all);
      },
      none,
    ),
    row(
      'the gateway does not answer what Go offers in time',
      (all) => {
        const { gateway } = all['tls.offers'];
        return offers({ gateway: { ...gateway, asGo: ended('timeout') } })(all);
      },
      { 'MD-EGW-006': 'unknown TIMED_OUT' },
    ),
    row(
      'the edge takes no group that Go offers',
      (all) => {
        const { edge } = all['tls.offers'];
        return offers({ edge: { ...edge, groups: { X25519: ended('alert', 'handshake_failure') } } })(all);
      },
      { 'MD-EDGE-014': 'fail EDGE_NO_COMMON_TLS' },
    ),
    row(
      'one handshake with the edge says otherwise than one by one',
      (all) => {
        const { edge } = all['tls.offers'];
        return offers({ edge: { ...edge, asGo: data({ protocol: 'TLSv1.2' }) } })(all);
      },
      { 'MD-EDGE-014': 'fail TLS_TRIES_DISAGREE' },
    ),
    row('a sidecar speaks TLS 1.1 at most', tls('httpbin', { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' }), {
      'MD-GW-009': 'fail MESH_NO_COMMON_TLS',
    }),
    row(
      'path is rewritten at the edge and behind the gateway',
      (all) => ({
        ...clusterState({
          virtualServices: all['cluster.state'].virtualServices.map((one) => ({
            ...one,
            rewrites: [{ of: 'path', to: '/v2' }],
          })),
        })(all),
        'edge.state': { ...all['edge.state'], rewrites: [{ of: 'path', to: '/v1' }] },
      }),
      { 'MD-GW-010': 'warn EGW_REWRITTEN_TWICE' },
    ),
  ];
}

function routeRows(lab: Lab): readonly Row[] {
  const second =
    (hosts: readonly string[]): Break =>
    (all) =>
      clusterState({
        virtualServices: [
          ...all['cluster.state'].virtualServices,
          { name: 'apps/second', hosts, gateways: ['istio-ingress/public'], rewrites: [] },
        ],
      })(all);
  const to = (cluster: string | undefined): Break =>
    proxy('gateway', (one) => ({
      ...one,
      routes: one.routes.map((table) => ({
        ...table,
        hosts: table.hosts.map((host) => ({
          ...host,
          routes: host.routes.map((each) => ({ ...each, cluster })),
        })),
      })),
    }));
  return [
    row('two routes own the public host', second([lab.hosts.httpbin]), { 'MD-GW-004': 'fail GW_HOST_TWICE' }),
    row('a route takes any host', second(['*']), { 'MD-GW-004': 'fail GW_WILDCARD_HOST' }),
    row('no route owns the public host', clusterState({ virtualServices: [] }), {
      'MD-GW-004': 'fail GW_NO_ROUTE',
    }),
    row('the running route leads to another service', to('outbound|8000||ledger.backend.svc.cluster.local'), {
      'MD-GW-004': 'fail GW_OTHER_BACKEND',
    }),
    row(
      'the request went to another service than the dump says',
      gatewayRecord('alice-read', { upstream_cluster: 'outbound|8000||ledger.backend.svc.cluster.local;' }),
      { 'MD-GW-004': 'fail GW_OTHER_BACKEND', 'MD-MESH-003': 'fail MESH_PASSTHROUGH' },
    ),
  ];
}

function versionRows(): readonly Row[] {
  const versions =
    (change: Partial<EvidenceMap['versions']>): Break =>
    (all) => ({
      ...all,
      versions: { ...all.versions, ...change },
    });
  return [
    row('Caddy is another version than the lock says', versions({ caddy: 'v2.11.8' }), {
      'MD-DRIFT-002': 'fail DRIFT_VERSION',
    }),
    row('Caddy is below the security floor', versions({ caddy: 'v2.11.4' }), {
      'MD-DRIFT-002': 'fail DRIFT_BELOW_FLOOR',
    }),
    row('Caddy does not report its version', versions({ caddy: undefined }), {
      'MD-DRIFT-002': 'unknown DRIFT_NO_VERSION',
    }),
    row(
      'a proxy is of another version than istiod',
      proxy('ledger', (one) => ({ ...one, istioVersion: '1.30.0' })),
      { 'MD-DRIFT-002': 'fail DRIFT_VERSION' },
    ),
    row(
      'a proxy runs another image',
      proxy('ledger', (one) => ({ ...one, image: 'elsewhere/proxyv2:latest' })),
      { 'MD-DRIFT-002': 'fail DRIFT_VERSION' },
    ),
    row(
      'a container does not run the image that its name currently refers to',
      (all) => versions({ images: all.versions.images.map((one) => ({ ...one, named: 'sha256:bb' })) })(all),
      { 'MD-DRIFT-002': 'fail DRIFT_IMAGE' },
    ),
    row(
      'the kubelet’s patch was ignored',
      versions({ kubelet: { kind: 'KubeletConfiguration', failCgroupV1: true } }),
      {
        'MD-DRIFT-003': 'fail DRIFT_NODE_PATCH',
      },
    ),
    row('kube-proxy’s configuration cannot be read', versions({ kubeProxy: {} }), {
      'MD-DRIFT-003': 'unknown DRIFT_NO_VERSION',
    }),
    row(
      'somebody’s EnvoyFilter is in the lab',
      clusterState({ foreign: [{ name: 'EnvoyFilter apps/x', effect: 'changes what proxies run' }] }),
      { 'MD-DRIFT-004': 'fail DRIFT_FOREIGN_OBJECT' },
    ),
    row(
      'somebody’s EnvoyFilter that selects nobody is in the lab',
      clusterState({ foreign: [{ name: 'EnvoyFilter apps/x' }] }),
      { 'MD-DRIFT-004': 'warn DRIFT_FOREIGN_OBJECT' },
    ),
  ];
}
