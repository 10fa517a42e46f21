import { ADMIN } from '../sample/names.ts';
import type { ShotRequest } from './corpora.ts';

/** One AuthorizationPolicy or RequestAuthentication as the API server holds it. */
export interface PolicyObject {
  readonly kind: 'AuthorizationPolicy' | 'RequestAuthentication';
  readonly namespace: string;
  readonly name: string;
  /** Labels of the pods it is for; empty: all of its namespace. */
  readonly selector: Readonly<Record<string, string>>;
  /** `ALLOW` where it says nothing. */
  readonly action: string;
  /** Only logged, not enforced. */
  readonly dryRun: boolean;
  readonly rules: readonly PolicyRule[];
  /** It names what it is for by `targetRefs`, which no pod of the lab is: a waypoint, a Gateway of Kubernetes' API. */
  readonly targets: boolean;
  /** Issuers of a RequestAuthentication. */
  readonly issuers: readonly string[];
}

/** What a rule asks of the request; names as in the object. */
export interface PolicyRule {
  readonly hosts: readonly string[];
  readonly paths: readonly string[];
  /** `notPaths`, `notMethods`, `notHosts` … : whatever was forgotten there is open. */
  readonly negations: readonly string[];
}

/** A pod with a proxy, of the lab or of somebody else's. */
export interface PodWithProxy {
  /** Of the lab: the workload's name; else `namespace/pod`. */
  readonly workload: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What a running proxy enforces on requests that come to it. */
export interface ProxyPolicies extends PodWithProxy {
  /** `apps/orders-read` of each policy in a filter of its listeners. */
  readonly policies: readonly string[];
  readonly issuers: readonly string[];
}

export interface PolicyState {
  readonly objects: readonly PolicyObject[];
  readonly proxies: readonly ProxyPolicies[];
  /** Those that could not be asked, and why. */
  readonly unasked: readonly (PodWithProxy & { readonly because: string })[];
}

/** Requests with what a browser sends before a cross-origin call. */
export interface Preflights {
  /** A token that nobody signed. */
  readonly garbage: ShotRequest;
  readonly noToken: ShotRequest;
  /** A good token, which is not looked at. */
  readonly [ADMIN]: ShotRequest;
  /** OPTIONS without the headers of a preflight, with the unsigned token. */
  readonly notPreflight: ShotRequest;
  /** The headers of a preflight on a GET, with the unsigned token. */
  readonly get: ShotRequest;
}
