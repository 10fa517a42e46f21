import { z } from 'zod';
import type { PolicyObject, PolicyState, ProxyPolicies } from '../../checks/evidence/policies.ts';
import type { KubeObject } from '../../ports/cluster.ts';
import type { WorkloadName } from '../../topology/lab.ts';
import { podOf } from '../exec-probe.ts';
import { askProxy } from '../../mesh/proxy-admin.ts';
import { PROXIED } from '../../mesh/manifests/names.ts';
import { isTwin } from './twin-objects.ts';
import type { Witness } from './witness.ts';
import { readAnswer } from '../../read-answer.ts';

/** Workloads whose proxies judge what comes in. */

/** The policies that the cluster holds, and those that its proxies enforce. */
export async function collectPolicyState(witness: Witness): Promise<PolicyState> {
  const { cluster, lab } = witness.context;
  const apiVersion = 'security.istio.io/v1';
  const [policies, authentications, proxies] = await Promise.all([
    cluster.list({ apiVersion, kind: 'AuthorizationPolicy' }, witness.signal),
    cluster.list({ apiVersion, kind: 'RequestAuthentication' }, witness.signal),
    Promise.all(PROXIED.map((workload) => enforcedBy(witness, workload))),
  ]);
  const lasting = authentications.filter((object) => !isTwin(object, lab));
  return { objects: [...policies.map(authorization), ...lasting.map(authentication)], proxies };
}

async function enforcedBy(
  { context: { cluster, lab }, signal }: Witness,
  workload: WorkloadName,
): Promise<ProxyPolicies> {
  const pod = await podOf(cluster, lab, workload, signal);
  return {
    workload,
    namespace: pod.namespace,
    labels: pod.labels,
    ...enforced(await askProxy(cluster, pod, 'config_dump?resource=dynamic_listeners', signal)),
  };
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
const authorizationShape = z.object({
  metadata: z.object({ annotations: z.record(z.string(), z.string()).default({}) }),
  spec: z
    .object({
      selector: selected,
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
  spec: z
    .object({ selector: selected, jwtRules: z.array(z.object({ issuer: z.string() })).default([]) })
    .prefault({}),
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
    action: 'ALLOW',
    dryRun: false,
    rules: [],
    issuers: spec.jwtRules.map(({ issuer }) => issuer),
  };
}

function named({ metadata }: KubeObject): Pick<PolicyObject, 'namespace' | 'name'> {
  return { namespace: metadata.namespace ?? '', name: metadata.name };
}
