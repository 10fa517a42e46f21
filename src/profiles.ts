import { APP_ID, ECHO_PROGRAM } from './sample/names.ts';
import { ENVOY_VERSION, GO_PINS, GUEST_PINS, ISTIO_VERSION, OFFICIAL_PINS } from './versions.ts';

/**
 * Whose images a lab is made of. `official`: what the projects publish. `stock`: what the source `packages`
 * builds, also where a registry or a bundle carries it.
 */
export const PROFILE_NAMES = ['official', 'stock'] as const;

export type ProfileName = (typeof PROFILE_NAMES)[number];

/** Whose Envoy runs in the proxies: Istio's own build with its extensions, or upstream's without them. */
export type EnvoyBuild = 'istio' | 'upstream';

/** `kindnet`: as kind installs it. `static`: the node image carries its own configuration. */
export type NodeNetwork = 'kindnet' | 'static';

/** What the image source `registry` pulls. */
export type RegistryImageId = 'node' | 'pilot' | 'proxyv2' | typeof APP_ID | 'edge' | 'guestBase';

export interface RegistryPin {
  readonly name: string;
  /** Unset: recorded in the lock file at the first pull. */
  readonly digest?: string;
  /** Packed, roughly; what the registry says counts as soon as it was asked. */
  readonly aboutBytes: number;
}

/** Versions as the programs themselves say them. */
export interface ProfileVersions {
  readonly kubernetes: string;
  /** Of istiod, of the proxies and of istioctl. */
  readonly istio: string;
  /** Undefined: whichever the release of Istio carries. */
  readonly envoy: string | undefined;
  readonly caddy: string;
}

/**
 * What the images of a profile bring. Sources, manifests, checks, bundles, `meshdev version` and the
 * documentation read it here, when they need it, and keep no copy.
 */
export interface Profile {
  readonly name: ProfileName;
  readonly versions: ProfileVersions;
  readonly envoy: EnvoyBuild;
  readonly cni: NodeNetwork;
  /** The user that proxies run as; traffic of another one is captured. */
  readonly proxyUser: number;
  readonly images: Readonly<Record<RegistryImageId, RegistryPin>>;
}

/** Users of the images, by number. */
export const USERS = { proxy: 1337, nobody: 65_532 } as const;

const COMMON_IMAGES = {
  [APP_ID]: {
    name: `ghcr.io/mccutchen/${ECHO_PROGRAM}:${GO_PINS[APP_ID].version.slice(1)}`,
    aboutBytes: 12e6,
  },
  edge: { name: `docker.io/library/caddy:${GO_PINS.caddy.version.slice(1)}`, aboutBytes: 25e6 },
  guestBase: { name: `docker.io/library/node:${GUEST_PINS.node}-bookworm-slim`, aboutBytes: 85e6 },
} as const;

const nodeName = (version: string): string => `docker.io/kindest/node:${version}`;
const istioName = (part: 'pilot' | 'proxyv2', version: string): string =>
  `docker.io/istio/${part}:${version}`;

export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  official: {
    name: 'official',
    versions: {
      kubernetes: OFFICIAL_PINS.node.version,
      istio: OFFICIAL_PINS.istio,
      envoy: undefined,
      caddy: GO_PINS.caddy.version,
    },
    envoy: 'istio',
    cni: 'kindnet',
    proxyUser: USERS.proxy,
    images: {
      node: {
        name: nodeName(OFFICIAL_PINS.node.version),
        digest: OFFICIAL_PINS.node.digest,
        aboutBytes: 400e6,
      },
      pilot: { name: istioName('pilot', OFFICIAL_PINS.istio), aboutBytes: 85e6 },
      proxyv2: { name: istioName('proxyv2', OFFICIAL_PINS.istio), aboutBytes: 110e6 },
      ...COMMON_IMAGES,
    },
  },
  // Under the names of the projects; their digests are the affair of whoever put them into a registry.
  stock: {
    name: 'stock',
    versions: {
      kubernetes: GO_PINS.kubernetes.version,
      istio: ISTIO_VERSION,
      envoy: ENVOY_VERSION,
      caddy: GO_PINS.caddy.version,
    },
    envoy: 'upstream',
    cni: 'static',
    proxyUser: USERS.proxy,
    images: {
      node: { name: nodeName(GO_PINS.kubernetes.version), aboutBytes: 1200e6 },
      pilot: { name: istioName('pilot', ISTIO_VERSION), aboutBytes: 110e6 },
      proxyv2: { name: istioName('proxyv2', ISTIO_VERSION), aboutBytes: 130e6 },
      ...COMMON_IMAGES,
    },
  },
};
