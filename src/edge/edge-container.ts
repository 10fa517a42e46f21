import { type ContainerPlan, RESTART } from '../engine/container-plan.ts';
import { type Lab, publicHosts } from '../topology/lab.ts';
import { renderCaddyfile } from './caddyfile.ts';
import { EDGE_ADMIN_DIR, EDGE_FILES } from './edge-files.ts';

/** PEM texts that the edge needs; no root key is among them. */
export interface EdgeMaterial {
  readonly rootPem: string;
  readonly intermediatePem: string;
  readonly intermediateKeyPem: string;
  readonly meshRootPem: string;
  readonly clientPem: string;
  readonly clientKeyPem: string;
}

/** Holds the socket of Caddy's admin API; mounted into the edge and the probe, nowhere else. */
export function edgeAdminVolume(lab: Lab): string {
  return `${lab.containers.edge}-admin`;
}

export function edgeContainer(lab: Lab, image: string, material: EdgeMaterial): ContainerPlan {
  const port = lab.httpsPort;
  return {
    role: 'edge',
    alsoOn: [lab.idpNetwork],
    spec: {
      name: lab.containers.edge,
      image,
      network: lab.network,
      // Pods and istiod resolve the public names to this container: the same edge that a browser meets.
      aliases: publicHosts(lab),
      ports: [{ hostAddress: '127.0.0.1', hostPort: port, containerPort: port, protocol: 'tcp' }],
      entrypoint: ['caddy'],
      command: ['run', '--config', EDGE_FILES.caddyfile, '--adapter', 'caddyfile'],
      // The docker CLI may inject a proxy for everything; the edge must reach its upstreams directly.
      env: { HTTP_PROXY: '', HTTPS_PROXY: '', NO_PROXY: '*', http_proxy: '', https_proxy: '', no_proxy: '*' },
      restart: RESTART,
      capDrop: ['ALL'],
      capAdd: ['NET_BIND_SERVICE', 'DAC_OVERRIDE'],
      noNewPrivileges: true,
      volumes: [{ name: edgeAdminVolume(lab), target: EDGE_ADMIN_DIR }],
    },
    files: [
      { path: EDGE_FILES.caddyfile, mode: 0o644, content: renderCaddyfile(lab) },
      { path: EDGE_FILES.root, mode: 0o644, content: material.rootPem },
      { path: EDGE_FILES.intermediate, mode: 0o644, content: material.intermediatePem },
      { path: EDGE_FILES.intermediateKey, mode: 0o600, content: material.intermediateKeyPem },
      { path: EDGE_FILES.upstreamAnchor, mode: 0o644, content: material.meshRootPem },
      { path: EDGE_FILES.client, mode: 0o644, content: material.clientPem },
      { path: EDGE_FILES.clientKey, mode: 0o600, content: material.clientKeyPem },
      { path: '/data/caddy', mode: 0o700 },
    ],
  };
}
