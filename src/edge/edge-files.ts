/** Where the edge container keeps what it is given. */
export const EDGE_FILES = {
  caddyfile: '/etc/caddy/Caddyfile',
  root: '/etc/meshdev/edge-root.crt',
  intermediate: '/etc/meshdev/edge-intermediate.crt',
  intermediateKey: '/etc/meshdev/edge-intermediate.key',
  upstreamAnchor: '/etc/meshdev/mesh-root.crt',
  client: '/etc/meshdev/edge-client.crt',
  clientKey: '/etc/meshdev/edge-client.key',
} as const;

/** A directory shared with the probe container alone, so that the admin API needs no TCP port. */
export const EDGE_ADMIN_DIR = '/run/meshdev';
export const EDGE_ADMIN_SOCKET = `${EDGE_ADMIN_DIR}/admin.sock`;
