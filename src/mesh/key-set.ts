import { z } from 'zod';
import { isRecord } from '../cluster/differences.ts';
import { readyPod } from '../cluster/pods.ts';
import { MeshdevError } from '../errors/meshdev-error.ts';
import { refOf, type Cluster } from '../ports/cluster.ts';
import type { RunScope } from '../run/run-scope.ts';
import { waitUntil, type Look } from '../run/wait-until.ts';
import type { Lab } from '../topology/lab.ts';
import { tokenRules } from './manifests/policies.ts';

const PATIENCE_MS = 90_000;
/** istiod gives up on a key set after about six seconds; asking again before that would only queue up. */
const REFETCH_AFTER_MS = 8_000;

const keySetShape = z.object({
  keys: z.array(z.looseObject({ kty: z.string(), kid: z.string().optional() })),
});

/** A public key as a proxy holds it. istiod's placeholder for a key set it could not fetch has no `kid`. */
export type ProxyKey = z.infer<typeof keySetShape>['keys'][number];

/**
 * Waits until the sidecar of httpbin validates with these keys of the identity provider. istiod forgets
 * a key set that it failed to fetch until the next change of configuration, so such a change is made.
 * The provider must answer at the edge, as istiod sees it, before this is called.
 * @throws MeshdevError TIMED_OUT naming the keys that the proxy has instead
 */
export async function waitForKeySet(
  cluster: Cluster,
  lab: Lab,
  kids: readonly string[],
  { signal, progress }: RunScope,
): Promise<void> {
  let asked = performance.now();
  const look = async (): Promise<Look<true>> => {
    const seen = (await keysInProxy(cluster, lab, signal)).map(({ kid }) => kid ?? "istiod's placeholder");
    if (kids.every((kid) => seen.includes(kid))) return { done: true };
    if (performance.now() - asked > REFETCH_AFTER_MS) {
      await refetchKeySet(cluster, lab, signal);
      asked = performance.now();
    }
    return { seen: `the proxy of httpbin validates tokens with ${seen.join(', ') || 'no key'}` };
  };
  await waitUntil(look, {
    what: `the keys of ${lab.issuer} to reach the proxy of httpbin`,
    timeoutMs: PATIENCE_MS,
    intervalMs: 500,
    onSeen: progress,
    signal,
    remedies: ['meshdev up'],
  });
}

/** Makes istiod fetch the key set anew. For a moment no token is good; nothing is ever open. */
export async function refetchKeySet(cluster: Cluster, lab: Lab, signal: AbortSignal): Promise<void> {
  const rules = tokenRules(lab);
  await cluster.remove([refOf(rules)], signal);
  await cluster.apply([rules], signal);
}

/** The keys in the running JWT filter of httpbin's sidecar: evidence of what is validated with, not of what was configured. */
export async function keysInProxy(
  cluster: Cluster,
  lab: Lab,
  signal: AbortSignal,
): Promise<readonly ProxyKey[]> {
  const { namespace, serviceAccount } = lab.workloads.httpbin;
  const pod = await readyPod(cluster, { namespace, labels: { app: serviceAccount } }, signal);
  const argv = ['pilot-agent', 'request', 'GET', 'config_dump?resource=dynamic_listeners'];
  const done = await cluster.exec({
    namespace,
    pod: pod.metadata.name,
    container: 'istio-proxy',
    argv,
    timeoutMs: 15_000,
    signal,
  });
  if (done.exitCode !== 0) {
    throw new MeshdevError('CLUSTER_CALL_FAILED', {
      message: `reading the running configuration of the proxy of httpbin: ${done.stderr.toString('utf8').trim()}`,
    });
  }
  const sets = new Set(inlineKeySets(JSON.parse(done.stdout.toString('utf8'))));
  return [...sets].flatMap((text) => keySetShape.parse(JSON.parse(text)).keys);
}

/** Every `local_jwks` of the JWT filters; each filter chain repeats them. */
function inlineKeySets(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown) => inlineKeySets(item));
  if (!isRecord(value)) return [];
  const local = value['local_jwks'];
  if (isRecord(local) && typeof local['inline_string'] === 'string') return [local['inline_string']];
  return Object.values(value).flatMap((item) => inlineKeySets(item));
}
