import type { HeldKey } from './idp-keys.ts';

export interface ProxySecrets {
  readonly workload: string;
  /** PEM of the workload certificate, leaf first. */
  readonly chainPem: string | undefined;
  readonly rootPem: string | undefined;
  readonly warming: readonly string[];
}

export interface MeshState {
  /** Differences between the lab's own objects that meshdev wants and what the API server holds. */
  readonly drift: readonly string[];
  /** Deployments that somebody has scaled, which is no difference: `apps/orders has 2 pods`. */
  readonly scaled: readonly string[];
  /** Certificates that each proxy runs with; one that could not be asked has no entry. */
  readonly secrets: readonly ProxySecrets[];
  /** Keys that the validating proxy holds. */
  readonly jwks: readonly HeldKey[];
}
