import type { ProxyCluster, ProxySeen, Socket, TlsSocket } from '../evidence/proxies.ts';
import { fail, pass, unknown } from './check.ts';
import { removalOf } from './removal.ts';
import type { Verdict } from './verdict.ts';

/** SDS names of a workload's own certificate and of the mesh's anchors. */
const [OWN, MESH_ANCHORS] = ['default', 'ROOTCA'];

/**
 * How a proxy speaks to pods of a service that have a sidecar. Where nobody made a rule Istio chooses by the
 * label of the pod; a DestinationRule that says how is one socket for all of them.
 */
export function socketToSidecars({ sockets }: Pick<ProxyCluster, 'sockets'>): Socket | undefined {
  return (sockets.find(({ tlsMode }) => tlsMode === 'istio') ?? sockets[0])?.socket;
}

/** A service whose pods have sidecars: its name inside the cluster, and its SPIFFE ID. */
export interface MeshServer {
  readonly host: string;
  readonly identity: string;
}

/** Toward these services the proxy uses mesh TLS, its own certificate, and accepts each service's identity alone. */
export function clientVerdict(proxy: ProxySeen, servers: readonly MeshServer[], who: string): Verdict {
  const clusters = servers.flatMap(({ host, identity }) =>
    proxy.clusters
      .filter(({ name }) => name.startsWith('outbound|') && name.endsWith(`|${host}`))
      .map((cluster) => ({ cluster, identity })),
  );
  if (clusters.length === 0) return unknown('NO_PROXIES', `${who} has no service of the mesh`);
  const weak = clusters.flatMap(({ cluster, identity }) => {
    const words = clientWeakness(cluster, identity);
    return words === undefined ? [] : [{ words, rule: cluster.rule }];
  });
  if (weak.length === 0) return pass(clusters.map(({ cluster }) => cluster.name).join(', '));
  const removals = new Set(weak.flatMap(({ rule }) => (rule === undefined ? [] : [removalOf(rule)])));
  return fail(
    'MESH_CLIENT_WEAKENED',
    `${who}: ${weak.map(({ words }) => words).join(' · ')}`,
    removals.size === 0 ? ['meshdev up'] : [...removals],
  );
}

/** What is less than mesh TLS with the service's own identity, and by which object; undefined where nothing is. */
export function clientWeakness(cluster: ProxyCluster, identity: string): string | undefined {
  const { name, type, rule } = cluster;
  const by = rule === undefined ? '' : `, by ${rule}`;
  if (type !== 'EDS')
    return `${name} is ${type ?? 'of no type'}, its endpoints are not those of the service${by}`;
  const weak = socketWeakness(socketToSidecars(cluster), identity);
  return weak === undefined ? undefined : `${name} ${weak}${by}`;
}

function socketWeakness(socket: Socket | undefined, identity: string): string | undefined {
  if (socket?.kind !== 'tls') return 'sends plaintext';
  return certificateWeakness(socket) ?? verificationWeakness(socket, identity);
}

function certificateWeakness({ certificates }: TlsSocket): string | undefined {
  if (certificates.length === 0) return 'uses TLS without a certificate of its own';
  return certificates.every((each) => each === OWN)
    ? undefined
    : `presents ${certificates.join(', ')} instead of the certificate of the workload`;
}

function verificationWeakness({ anchors, peerNames }: TlsSocket, identity: string): string | undefined {
  if (anchors === undefined) return 'does not verify the server';
  if (anchors !== MESH_ANCHORS) return `trusts ${anchors} instead of the mesh root`;
  const names = peerNames.join(', ');
  if (names === `exact ${identity}`) return undefined;
  return `accepts ${names === '' ? 'any name' : names}, expected ${identity}`;
}
