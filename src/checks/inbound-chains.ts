import type { PeerRule } from '../evidence/components.ts';
import type { FilterChain, ProxySeen } from '../evidence/proxies.ts';
import { fail, pass, unknown } from './check.ts';
import type { Verdict } from './verdict.ts';

/** Istio's listener for everything that comes into a pod. */
export const INBOUND = 'virtualInbound';
/** What was sent to that listener itself leads nowhere, TLS or not. */
const INBOUND_PORT = 15006;

/** No chain of a pod's inbound listener takes plaintext, or a client without a certificate of the mesh. */
export function strictInbound(proxy: ProxySeen, rules: readonly PeerRule[], who: string): Verdict {
  const inbound = proxy.listeners.find(({ name }) => name === INBOUND);
  if (inbound === undefined) return unknown('NO_PROXIES', `${who} has no listener ${INBOUND}`);
  const open = inbound.chains.filter(
    (chain) => chain.match.destinationPort !== INBOUND_PORT && !isStrict(chain),
  );
  if (open.length === 0) return pass(`${inbound.chains.length} chains`);
  const ports = [...new Set(open.map(portOf))].join(', ');
  const why = rules.map(({ name, level }) => `${name} (${level})`).join(', ');
  return fail(
    'MESH_NOT_STRICT',
    `${who} accepts plaintext or unauthenticated clients on ${ports}; set by ${why === '' ? 'no PeerAuthentication' : why}`,
  );
}

function isStrict({ socket }: FilterChain): boolean {
  return socket.kind === 'tls' && socket.requiresClientCertificate && socket.anchors !== undefined;
}

function portOf({ match: { destinationPort } }: FilterChain): string {
  return destinationPort === undefined ? 'every other port' : `port ${destinationPort}`;
}

/** The chains that a connection to this port of the pod meets. */
export function chainsOfPort({ listeners }: ProxySeen, port: number): readonly FilterChain[] {
  return listeners
    .filter(({ name }) => name === INBOUND)
    .flatMap(({ chains }) => chains.filter(({ match }) => match.destinationPort === port));
}
