import type { Collect } from '../../evidence/collect.ts';
import type {
  ServiceEdge,
  ServiceNames,
  ServiceProxies,
  ServiceRoutes,
} from '../../evidence/services/service-views.ts';
import { proxyOf } from '../../evidence/proxies.ts';
import type { ServicePods } from '../../evidence/services/service-pods.ts';
import { runHere } from '../../agent/patient-jobs.ts';
import { authorityOf, originOf } from '../../topology/lab.ts';
import type { Service } from '../../topology/service.ts';
import { wireOf } from '../requests/wire.ts';
import type { Needs } from '../probe-context.ts';

const TIMEOUT_MS = 5_000;

/** Of what the whole lab is asked anyway, the part that is about one service. */
export async function viewProxies(
  collect: Collect,
  { identity: { namespace } }: Service,
  { pods }: ServicePods,
): Promise<ServiceProxies> {
  const [{ proxies, unseen }, { meshRootPem }] = await Promise.all([collect('proxies'), collect('anchors')]);
  const names = new Set(pods.map(({ name }) => name));
  return {
    own: proxies.filter((proxy) => proxy.namespace === namespace && names.has(proxy.pod)),
    unseen: unseen.filter(({ pod }) => pods.some(({ name }) => pod === `${namespace}/${name}`)),
    all: proxies,
    meshRootPem,
  };
}

export async function viewRoutes(collect: Collect): Promise<ServiceRoutes> {
  const [proxies, { virtualServices }] = await Promise.all([collect('proxies'), collect('cluster.state')]);
  return { virtualServices, gateway: proxyOf(proxies, 'gateway') };
}

export async function viewNames(collect: Collect, { host = '' }: Service): Promise<ServiceNames> {
  const { host: hosts, inside, edgeAddresses } = await collect('names');
  return { host: hosts[host], inside: inside.filter(({ name }) => name === host), edgeAddresses };
}

/** One handshake with the SNI of the service, and what Caddy runs for it. */
export async function viewEdge(
  { context: { lab }, keys, signal }: Needs<'context' | 'keys' | 'signal'>,
  collect: Collect,
  { host = '' }: Service,
): Promise<ServiceEdge> {
  const id = `edge-${host}`;
  const [{ upstreams }, { control }, results] = await Promise.all([
    collect('edge.running'),
    collect('gateway.wire'),
    runHere(
      [
        {
          kind: 'tls',
          id,
          host: '127.0.0.1',
          port: lab.httpsPort,
          servername: host,
          alpn: ['h2', 'http/1.1'],
          ca: keys.edge.rootPem,
          timeoutMs: TIMEOUT_MS,
          readFirstMs: 0,
          // No path of anybody: the edge hands it on, and the policies refuse it.
          request: {
            method: 'HEAD',
            path: '/meshdev-unlisted',
            headers: [['Host', authorityOf({ audience: originOf(host, lab.httpsPort) })]],
          },
        },
      ],
      signal,
    ),
  ]);
  return {
    handshake: { ...wireOf(results, id), body: '' },
    upstreams: upstreams.filter((upstream) => upstream.host === host),
    edgeRootPem: keys.edge.rootPem,
    gatewayChain: control.peerChain,
  };
}
