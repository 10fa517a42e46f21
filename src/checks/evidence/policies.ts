import type { ShotWalk } from './corpora.ts';

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

/** What a running proxy enforces on requests that come to it. */
export interface ProxyPolicies {
  readonly workload: string;
  readonly namespace: string;
  /** Labels of its pod. */
  readonly labels: Readonly<Record<string, string>>;
  /** `apps/httpbin-read` of each policy in a filter of its listeners. */
  readonly policies: readonly string[];
  readonly issuers: readonly string[];
}

export interface PolicyState {
  readonly objects: readonly PolicyObject[];
  readonly proxies: readonly ProxyPolicies[];
}

/** Requests with what a browser sends before a cross-origin call. */
export interface Preflights {
  /** A token that nobody signed. */
  readonly garbage: ShotWalk;
  readonly noToken: ShotWalk;
  /** A good token, which is not looked at. */
  readonly alice: ShotWalk;
  /** OPTIONS without the headers of a preflight, with the unsigned token. */
  readonly notPreflight: ShotWalk;
  /** The headers of a preflight on a GET, with the unsigned token. */
  readonly get: ShotWalk;
}
