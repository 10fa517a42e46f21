/** What runs, in its own words. */
export interface VersionsSeen {
  readonly caddy: string | undefined;
  readonly kubernetes: string | undefined;
  readonly istiod: string | undefined;
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
