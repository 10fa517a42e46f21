import type { PeerRule, PodContainer, PodFacts, ServiceFacts } from '../components.ts';

/** One pod of a service of the user's, as the API server has it, and what listens in it. */
export interface ServicePod extends Omit<PodFacts, 'workload'> {
  /** Its own label or annotation `sidecar.istio.io/inject` is `false`. */
  readonly refusesSidecar: boolean;
  readonly sockets: ListeningPorts | { readonly because: string };
  /** What its container that is not ready wrote last, oldest first; empty where all are. */
  readonly lastLines: readonly string[];
}

/** TCP ports that listen in a pod, ascending; those of the sidecar too. */
export interface ListeningPorts {
  /** On more than the loopback of the pod. */
  readonly open: readonly number[];
  /** On the loopback alone, where no sidecar hands anything to. */
  readonly loopback: readonly number[];
}

export interface ServicePort {
  readonly port: number;
  readonly name?: string;
  readonly appProtocol?: string;
  /** Port of the pod; a name where no container of its pods has a port of that name. */
  readonly target: number | string;
}

/** The Service object of Kubernetes, and who stands behind it. */
export interface ServiceObject {
  readonly ports: readonly ServicePort[];
  readonly endpoints: ServiceFacts['endpoints'];
}

export interface ServicePods {
  readonly pods: readonly ServicePod[];
  /** Undefined: there is none of that name. */
  readonly object: ServiceObject | undefined;
  /** Containers of the Deployments (or StatefulSets) whose pods they are. */
  readonly planned: readonly Pick<PodContainer, 'name' | 'image' | 'program'>[];
  /** Of every istiod that is ready. */
  readonly revisions: readonly string[];
  /** What asks for less than STRICT anywhere in the cluster. */
  readonly peerRules: readonly PeerRule[];
}
