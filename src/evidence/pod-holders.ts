/** A program of a pod beside the others. */
export interface HeldContainer {
  readonly name: string;
  readonly as: 'container' | 'init' | 'ephemeral';
  /** Command and arguments; empty: those of the image. */
  readonly argv: readonly string[];
  /** Names of variables; undefined in a plan that does not say. */
  readonly env?: readonly string[];
  /** It starts a program after its start or before its end. */
  readonly hooks: boolean;
}

/** The object that a pod follows from: `Deployment apps/orders`, of a bare pod the pod itself. */
export interface PodOwner {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** What a pod, or the template of pods, has of its namespace and of the node. */
export interface PodHolder {
  readonly owner: PodOwner;
  /** Undefined: it is a template. */
  readonly pod?: string;
  /** RFC 3339 of its creation. */
  readonly since?: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Service account. */
  readonly account: string;
  readonly containers: readonly HeldContainer[];
  /** Names of Secrets that it mounts or has in its environment. */
  readonly secrets: readonly string[];
  readonly configMaps: readonly string[];
  /** `hostNetwork`, `hostPID`, `hostIPC`, `privileged app`, `hostPath /etc/kubernetes`, `claim data`. */
  readonly reach: readonly string[];
  /** It has a token of its account for the API server. */
  readonly apiToken: boolean;
}

/** Pods of the whole cluster beside those that the plan has. */
export interface PodHolders {
  readonly seen: readonly PodHolder[];
  readonly planned: readonly PodHolder[];
  /** Secrets of the chain, as `namespace/name`. */
  readonly secrets: readonly string[];
}
