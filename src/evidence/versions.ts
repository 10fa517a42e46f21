import type { NodeNetwork, Profile } from '../profiles.ts';

/** What runs, in its own words. */
export interface VersionsSeen {
  /** What the images bring that the lab was made of. */
  readonly profile: Omit<Profile, 'images'>;
  readonly caddy: string | undefined;
  readonly kubernetes: string | undefined;
  readonly istiod: string | undefined;
  readonly cni: NodeNetwork;
  /** Containers of the lab whose image is no longer the one of that name: `edge runs sha256:… , … is sha256:…`. */
  readonly images: readonly ImageSeen[];
  readonly kubelet: Readonly<Record<string, unknown>>;
  readonly kubeProxy: Readonly<Record<string, unknown>>;
  /** What the node’s configuration should have made of them. */
  readonly wantedKubelet: Readonly<Record<string, unknown>>;
  readonly wantedKubeProxy: Readonly<Record<string, unknown>>;
}

export interface ImageSeen {
  readonly container: string;
  readonly reference: string;
  readonly running: string;
  /** Undefined: no image has the name any more. */
  readonly named: string | undefined;
}
