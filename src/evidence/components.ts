import type { ContainerState, Mount } from '../ports/container-engine.ts';
import type { WorkloadName } from '../topology/lab.ts';

/** One container of the lab as the engine sees it; `absent` when there is none of that name. */
export interface ContainerFacts {
  readonly name: string;
  readonly state: ContainerState | 'absent';
  readonly exitCode: number;
  readonly outOfMemory: boolean;
  /** How often the engine started it anew because it had died. */
  readonly restarts: number;
  /** Milliseconds since the epoch of the last start. */
  readonly startedAt: number;
  readonly mounts: readonly Mount[];
  readonly networks: readonly string[];
}

/** What stands below every link: the containers, and whether the cluster's API answers. */
export interface PartsState {
  readonly containers: readonly ContainerFacts[];
  /** `silent`: nothing was observed. */
  readonly api: 'ready' | 'not-ready' | 'refused' | 'silent';
}

export interface PodContainer {
  readonly name: string;
  readonly image: string;
  /** Image that is mounted into it as a volume: what it runs comes from there. */
  readonly program?: string;
  readonly ready: boolean;
  readonly restarts: number;
  /** Milliseconds since the epoch of the last end, where it ended before; an end together with its node is none. */
  readonly endedAt?: number;
}

export interface PodFacts {
  readonly workload: WorkloadName | 'istiod';
  readonly namespace: string;
  readonly name: string;
  readonly address: string;
  /** What keeps it from being ready; undefined when it is. */
  readonly trouble?: string;
  readonly hostNetwork: boolean;
  /** Revision of the control plane that injected its proxy, or that it is. */
  readonly revision?: string;
  readonly containers: readonly PodContainer[];
}

export interface ServiceFacts {
  readonly workload: WorkloadName;
  readonly address: string;
  readonly endpoints: readonly {
    readonly address: string;
    readonly pod: string | undefined;
    readonly ready: boolean;
  }[];
}

/** A PeerAuthentication that asks for less than STRICT somewhere. */
export interface PeerRule {
  /** `apps/open`. */
  readonly name: string;
  /** `mesh`, `namespace apps`, `workload app=orders`. */
  readonly level: string;
  /** `PERMISSIVE`, `DISABLE on 8080`. */
  readonly asks: string;
}

/** Pods and endpoints as the API server has them. */
export interface PodsState {
  readonly peerRules: readonly PeerRule[];
  readonly pods: readonly PodFacts[];
  readonly services: readonly ServiceFacts[];
}
