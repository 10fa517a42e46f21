import { z } from 'zod';
import { isRecord } from '../cluster/differences.ts';
import { readyPod } from '../cluster/pods.ts';
import { refOf, type Cluster } from '../ports/cluster.ts';
import type { RunScope } from '../run/run-scope.ts';
import { waitUntil, type Look } from '../run/wait-until.ts';
import { echoService, type Lab } from '../topology/lab.ts';
import type { ExposedService, Service } from '../topology/service.ts';
import { tokenRules } from './manifests/policies.ts';
import { askProxy, type ProxyPod } from './proxy-admin.ts';
import { readJsonAnswer } from '../read-answer.ts';

const PATIENCE_MS = 90_000;
/** istiod gives up on a key set after about six seconds; asking again before that would only queue up. */
const REFETCH_AFTER_MS = 8_000;

/** An issuer whose tokens a proxy believes. */
export interface TokenIssuer {
  readonly issuer: string;
  /** Empty: any audience is fine. */
  readonly audiences: readonly string[];
  /** The JWK set as the proxy holds it: JSON. */
  readonly keySet: string;
}

const keySetShape = z.object({
  keys: z.array(z.looseObject({ kty: z.string(), kid: z.string().optional() })),
});

const provider = z.looseObject({
  issuer: z.string(),
  audiences: z.array(z.string()).default([]),
  local_jwks: z.looseObject({ inline_string: z.string() }),
});

/** A public key as a proxy holds it. istiod's placeholder for a key set it could not fetch has no `kid`. */
export type ProxyKey = z.infer<typeof keySetShape>['keys'][number];

/**
 * Waits until the sidecar of a service validates with these keys of the identity provider. istiod forgets
 * a key set that it failed to fetch until the next change of configuration, so such a change is made.
 * The provider must answer at the edge, as istiod sees it, before this is called.
 * @throws MeshdevError TIMED_OUT naming the keys that the proxy has instead
 */
export async function waitForKeySet(
  cluster: Cluster,
  { lab, service }: { readonly lab: Lab; readonly service: ExposedService },
  kids: readonly string[],
  { signal, progress }: RunScope,
): Promise<void> {
  let asked = performance.now();
  const look = async (): Promise<Look<true>> => {
    const seen = (await keysInProxy(cluster, service, signal)).map(
      ({ kid }) => kid ?? "istiod's placeholder",
    );
    if (kids.every((kid) => seen.includes(kid))) return { done: true };
    if (performance.now() - asked > REFETCH_AFTER_MS) {
      await refetchKeySet(cluster, { lab, service }, signal);
      asked = performance.now();
    }
    return { seen: `the proxy of ${service.id} validates tokens with ${seen.join(', ') || 'no key'}` };
  };
  await waitUntil(look, {
    what: `the keys of ${lab.issuer} to reach the proxy of ${service.id}`,
    timeoutMs: PATIENCE_MS,
    intervalMs: 500,
    onSeen: progress,
    signal,
    remedies: ['meshdev up'],
  });
}

/** Makes istiod fetch the key set anew. For a moment no token is good; nothing is ever open. */
export async function refetchKeySet(
  cluster: Cluster,
  { lab, service }: { readonly lab: Lab; readonly service: ExposedService },
  signal: AbortSignal,
): Promise<void> {
  const rules = tokenRules(lab, service);
  await cluster.remove([refOf(rules)], signal);
  await cluster.apply([rules], signal);
}

/** The keys in the running JWT filter of a service's sidecar: evidence of what is validated with, not of what was configured. */
export async function keysInProxy(
  cluster: Cluster,
  service: Service,
  signal: AbortSignal,
): Promise<readonly ProxyKey[]> {
  const pod = await proxyOf(cluster, service, signal);
  const sets = new Set((await keySetsHeld(cluster, pod, signal)).map(({ keySet }) => keySet));
  return [...sets].flatMap(
    (text) =>
      readJsonAnswer(keySetShape, text, `reading the keys of the proxy of ${pod.namespace}/${pod.pod}`).keys,
  );
}

async function proxyOf(
  cluster: Cluster,
  { identity: { namespace }, selector }: Service,
  signal: AbortSignal,
): Promise<ProxyPod> {
  const pod = await readyPod(cluster, { namespace, labels: selector }, signal);
  return { namespace, pod: pod.metadata.name };
}

/** Key sets of a proxy's running listener of what comes in, by issuer. */
export async function keySetsByIssuer(
  cluster: Cluster,
  pod: ProxyPod,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const held = await keySetsHeld(cluster, pod, signal);
  return new Map(held.map(({ issuer, keySet }) => [issuer, keySet]));
}

/** Whose tokens the sidecar of the echo service believes now: each issuer once, with its keys and audiences. */
export async function issuersBelieved(
  cluster: Cluster,
  lab: Lab,
  signal: AbortSignal,
): Promise<readonly TokenIssuer[]> {
  const pod = await proxyOf(cluster, echoService(lab), signal);
  const held = await keySetsHeld(cluster, pod, signal);
  return [...new Map(held.map((one) => [JSON.stringify(one), one])).values()];
}

async function keySetsHeld(
  cluster: Cluster,
  pod: ProxyPod,
  signal: AbortSignal,
): Promise<readonly TokenIssuer[]> {
  // The listener of what comes in, where tokens are judged: the others are most of a sidecar's dump.
  const inbound = 'config_dump?resource=dynamic_listeners&name_regex=virtualInbound';
  const dump = await askProxy(cluster, pod, inbound, signal);
  return keySetsIn(
    readJsonAnswer(z.unknown(), dump, `reading ${inbound} from the proxy of ${pod.namespace}/${pod.pod}`),
  );
}

/** What new connections are not served by: listeners on their way out, or not there yet. */
const NOT_RUNNING: ReadonlySet<string> = new Set(['draining_state', 'warming_state']);

/** Every provider of the JWT filters; each filter chain repeats them. */
function keySetsIn(value: unknown): readonly TokenIssuer[] {
  if (Array.isArray(value)) return value.flatMap((each: unknown) => keySetsIn(each));
  if (!isRecord(value)) return [];
  const parsed = provider.safeParse(value);
  if (parsed.success) {
    const { issuer, audiences, local_jwks: keys } = parsed.data;
    return [{ issuer, audiences, keySet: keys.inline_string }];
  }
  return Object.entries(value).flatMap(([name, each]) => (NOT_RUNNING.has(name) ? [] : keySetsIn(each)));
}
