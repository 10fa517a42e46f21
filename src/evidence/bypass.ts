import type { WorkloadName } from '../topology/lab.ts';
import type { WireResult } from './wire-result.ts';

/** One way around the chain that was tried; there is none to a component that is not there. */
export interface BypassTry {
  readonly id: string;
  readonly check: string;
  readonly wire: WireResult;
}

/** A socket that listens in a pod on more than its loopback, and what the non-mesh client got from it. */
export interface PodPort {
  readonly workload: WorkloadName;
  readonly port: number;
  readonly wire: WireResult;
}

export interface Bypass {
  readonly tried: readonly BypassTry[];
  readonly ports: readonly PodPort[];
  /** Workloads whose pods' sockets could not be listed, and why. */
  readonly unlisted: readonly { readonly workload: WorkloadName; readonly because: string }[];
  /** Whom the askers may reach: the non-mesh client its own name service and the edge, the probe the edge by its name. */
  readonly allowed: {
    readonly dns: string | undefined;
    readonly edge: WireResult;
    readonly probe: WireResult;
  };
  /** Caddy's admin API on its own socket: asked as meshdev does, and as a web page would. */
  readonly adminSocket: { readonly own: WireResult; readonly crossOrigin: WireResult };
  /** Address that the app saw as its peer; undefined when its echo did not say. */
  readonly appPeer: { readonly wire: WireResult; readonly address: string | undefined };
}
