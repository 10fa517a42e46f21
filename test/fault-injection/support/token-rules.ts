import type { Bench } from './bench.ts';
import { type ObjectRef, type Operation, patchObject } from './cluster.ts';
import type { Restore } from './fault-injection.ts';

/** The RequestAuthentication of httpbin. */
export function tokenRules({ lab }: Bench): ObjectRef {
  return { kind: 'requestauthentication', namespace: lab.workloads.httpbin.namespace, name: 'tokens' };
}

/** Changes the one rule that says which tokens are good. */
export function changeTokenRule(
  bench: Bench,
  ...operations: readonly (readonly [op: Operation[0], field: string, value?: unknown])[]
): Promise<Restore> {
  return patchObject(
    bench,
    tokenRules(bench),
    operations.map(([op, field, value]) => [op, `/spec/jwtRules/0/${field}`, value]),
  );
}
