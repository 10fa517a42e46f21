import type { Bench } from './bench.ts';
import { addObject } from './cluster.ts';
import type { Restore } from './fault-injection.ts';

export interface StrangerPolicy {
  readonly action: 'ALLOW' | 'DENY' | 'AUDIT';
  /** As in AuthorizationPolicy; `[{}]` matches every request. */
  readonly rules: readonly object[];
  /** Label of the pods it is for; the sample service unless said otherwise. */
  readonly app?: string;
}

/** Somebody's AuthorizationPolicy beside those of the lab, in the namespace of the sample service. */
export function addStrangerPolicy(
  bench: Bench,
  { action, rules, app = bench.lab.workloads.httpbin.serviceAccount }: StrangerPolicy,
): Promise<Restore> {
  return addObject(bench, {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name: 'stranger', namespace: bench.lab.workloads.httpbin.namespace },
    spec: { selector: { matchLabels: { app } }, action, rules },
  });
}
