import { edgeAdminVolume } from '../../edge/edge-container.ts';
import { EDGE_ADMIN_DIR } from '../../edge/edge-files.ts';
import { USERS } from '../../profiles.ts';
import type { Lab } from '../../topology/lab.ts';
import { type ContainerPlan, RESTART } from '../../engine/container-plan.ts';

const IDP_CONFIG = '/etc/meshdev/idp.json';
/** Sessions and refresh tokens: in the container itself, so that they go with it. */
const IDP_STATE_DIR = '/var/lib/meshdev-idp';

/** The provider needs no rights at all. */
const IDP_USER = USERS.nobody;

/** The identity provider: outside the mesh, published nowhere, in a network that only the edge shares. */
export function idpContainer(lab: Lab, image: string, configJson: string): ContainerPlan {
  return {
    role: 'idp',
    spec: {
      name: lab.containers.idp,
      image,
      network: lab.idpNetwork,
      command: ['/opt/meshdev/guest/idp/main.js', IDP_CONFIG, `${IDP_STATE_DIR}/store.json`],
      user: `${IDP_USER}:${IDP_USER}`,
      restart: RESTART,
      capDrop: ['ALL'],
      noNewPrivileges: true,
    },
    files: [
      { path: IDP_CONFIG, mode: 0o600, uid: IDP_USER, gid: IDP_USER, content: configJson },
      { path: IDP_STATE_DIR, mode: 0o700, uid: IDP_USER, gid: IDP_USER },
    ],
  };
}

/** A place on the lab's network to send probes from; it idles until `exec` hands it jobs. */
export function probeContainer(lab: Lab, image: string): ContainerPlan {
  return {
    role: 'probe',
    spec: {
      name: lab.containers.probe,
      image,
      network: lab.network,
      // istiod resolves it, and the edge's authority may certify it: for issuers that it must not believe.
      aliases: [lab.hosts.rogueServer],
      command: ['/opt/meshdev/guest/probe/idle.js'],
      user: '0:0',
      restart: RESTART,
      capDrop: ['ALL'],
      // Caddy's admin socket is 0600 and root's; without this even root may not open another's file.
      capAdd: ['DAC_OVERRIDE'],
      noNewPrivileges: true,
      volumes: [{ name: edgeAdminVolume(lab), target: EDGE_ADMIN_DIR }],
    },
    files: [],
  };
}
