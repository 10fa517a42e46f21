/** Objects of the cluster that say who may come in and how, beside what meshdev made. */
export interface ClusterState {
  readonly gatewayPods: readonly { readonly name: string; readonly trouble: string | undefined }[];
  /** Ready addresses behind the gateway’s service. */
  readonly gatewayEndpoints: readonly string[];
  readonly virtualServices: readonly VirtualServiceSeen[];
  /** Objects that change trust, or are in the lab’s namespaces, and are neither meshdev’s nor of declared manifests. */
  readonly foreign: readonly ForeignObject[];
  /** What became of an object that istiod must refuse. */
  readonly invalidObject: { readonly kind: 'refused' | 'unreachable' | 'other'; readonly told: string };
}

export interface ForeignObject {
  /** `EnvoyFilter apps/x`. */
  readonly name: string;
  /** What it does to a workload of the lab, and whom it lets in; undefined: nothing. */
  readonly effect?: string;
  /** RFC 3339 of its creation. */
  readonly since?: string;
}

export interface VirtualServiceSeen {
  /** `apps/orders`. */
  readonly name: string;
  readonly hosts: readonly string[];
  readonly gateways: readonly string[];
  readonly rewrites: readonly Rewrite[];
}

/** A change of the request on its way. */
export interface Rewrite {
  readonly of: 'path' | 'host';
  readonly to: string;
}
