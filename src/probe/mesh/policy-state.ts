import { z } from 'zod';
import type { PolicyObject, PolicyState, ProxyPolicies } from '../../evidence/policy-state.ts';
import type { KubeObject } from '../../ports/cluster.ts';
import { textOf } from '../../errors/meshdev-error.ts';
import { askProxy } from '../../mesh/proxy-admin.ts';
import { podsWithProxy, workloadOf } from './proxies.ts';
import { isDecoy } from '../decoys/decoy-objects.ts';
import type { Needs } from '../probe-context.ts';
import { readAnswer } from '../../read-answer.ts';

/** The policies that the cluster holds, and those that its proxies enforce. */
export async function collectPolicyState(
  probeContext: Needs<'context' | 'sweep' | 'signal'>,
): Promise<PolicyState> {
  const { cluster, lab } = probeContext.context;
  await probeContext.sweep();
  const apiVersion = 'security.istio.io/v1';
  const [policies, authentications, pods] = await Promise.all([
    cluster.list({ apiVersion, kind: 'AuthorizationPolicy' }, probeContext.signal),
    cluster.list({ apiVersion, kind: 'RequestAuthentication' }, probeContext.signal),
    podsWithProxy(probeContext),
  ]);
  const lasting = authentications.filter((object) => !isDecoy(object, lab));
  const asked = await Promise.all(pods.map((pod) => enforcedBy(probeContext, pod)));
  return {
    objects: [...policies.map(authorization), ...lasting.map(authentication)],
    proxies: asked.flatMap((each) => ('policies' in each ? [each] : [])),
    unasked: asked.flatMap((each) => ('because' in each ? [each] : [])),
  };
}

async function enforcedBy(
  { context: { cluster, lab }, signal }: Needs<'context' | 'signal'>,
  pod: Awaited<ReturnType<typeof podsWithProxy>>[number],
): Promise<ProxyPolicies | PolicyState['unasked'][number]> {
  const { namespace, name, labels } = pod.metadata;
  const who = { workload: workloadOf(lab, pod) ?? `${namespace}/${name}`, namespace, labels };
  try {
    const listeners = 'config_dump?resource=dynamic_listeners';
    return { ...who, ...enforced(await askProxy(cluster, { namespace, pod: name }, listeners, signal)) };
  } catch (thrown) {
    return { ...who, because: textOf(thrown) };
  }
}

/** Pure: policies by the names that istiod gives their rules in a proxy's filters, and issuers of its JWT filter. */
export function enforced(dump: string): Pick<ProxyPolicies, 'policies' | 'issuers'> {
  const rules = [...dump.matchAll(/"ns\[([^\]"]+)\]-policy\[([^\]"]+)\]-rule\[\d+\]"/g)];
  const issuers = [...dump.matchAll(/"issuer": ?"([^"]+)"/g)];
  return {
    policies: [...new Set(rules.map(([, namespace, name]) => `${namespace}/${name}`))],
    issuers: [...new Set(issuers.flatMap(([, issuer]) => issuer ?? []))],
  };
}

const texts = z.array(z.string()).default([]);
const operation = z.looseObject({ hosts: texts, paths: texts });
const selected = z
  .object({ matchLabels: z.record(z.string(), z.string()).default({}) })
  .default({ matchLabels: {} });
const reach = {
  selector: selected,
  targetRef: z.unknown().optional(),
  targetRefs: z.array(z.unknown()).default([]),
};
const authorizationShape = z.object({
  metadata: z.object({ annotations: z.record(z.string(), z.string()).default({}) }),
  spec: z
    .object({
      ...reach,
      action: z.string().default('ALLOW'),
      rules: z
        .array(
          z.object({
            from: z.array(z.object({ source: z.looseObject({}) })).default([]),
            to: z.array(z.object({ operation })).default([]),
            when: z.array(z.looseObject({})).default([]),
          }),
        )
        .default([]),
    })
    .prefault({}),
});

function authorization(object: KubeObject): PolicyObject {
  const { metadata, spec } = readAnswer(
    authorizationShape,
    object,
    `reading AuthorizationPolicy ${object.metadata.name}`,
  );
  return {
    ...named(object),
    kind: 'AuthorizationPolicy',
    selector: spec.selector.matchLabels,
    targets: hasTargets(spec),
    action: spec.action,
    dryRun: metadata.annotations['istio.io/dry-run'] === 'true',
    rules: spec.rules.map(({ from, to, when }) => ({
      hosts: to.flatMap((each) => each.operation.hosts),
      paths: to.flatMap((each) => each.operation.paths),
      negations: [...from.map(({ source }) => source), ...to.map((each) => each.operation), ...when].flatMap(
        (each) => Object.keys(each).filter((key) => key.startsWith('not')),
      ),
    })),
    issuers: [],
  };
}

const authenticationShape = z.object({
  spec: z.object({ ...reach, jwtRules: z.array(z.object({ issuer: z.string() })).default([]) }).prefault({}),
});

function authentication(object: KubeObject): PolicyObject {
  const { spec } = readAnswer(
    authenticationShape,
    object,
    `reading RequestAuthentication ${object.metadata.name}`,
  );
  return {
    ...named(object),
    kind: 'RequestAuthentication',
    selector: spec.selector.matchLabels,
    targets: hasTargets(spec),
    action: 'ALLOW',
    dryRun: false,
    rules: [],
    issuers: spec.jwtRules.map(({ issuer }) => issuer),
  };
}

function hasTargets({
  targetRef,
  targetRefs,
}: {
  readonly targetRef?: unknown;
  readonly targetRefs: unknown[];
}): boolean {
  return targetRef !== undefined || targetRefs.length > 0;
}

function named({ metadata }: KubeObject): Pick<PolicyObject, 'namespace' | 'name'> {
  return { namespace: metadata.namespace ?? '', name: metadata.name };
}
