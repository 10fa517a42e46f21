import { APP_ID, INTERNAL_ID } from '../../sample/names.ts';
import type { KubeObject } from '../../ports/cluster.ts';
import type { Lab } from '../../topology/lab.ts';
import type { NamedNamespace } from '../../topology/service.ts';
import { ISTIO_NAMESPACE } from './names.ts';
import { labObject } from './object.ts';

const INJECTED = { 'istio-injection': 'enabled' };

/**
 * The namespaces of the lab. The label decides about sidecars when a pod is made, so it must be there
 * before the pods. The non-mesh client's is off in so many words: its negatives prove nothing with a sidecar.
 * istiod's own is none that it injects into.
 */
export function namespaces(lab: Lab): readonly KubeObject[] {
  const { gateway, [APP_ID]: app, [INTERNAL_ID]: internal, intruder } = lab.workloads;
  return [
    namespace(lab, ISTIO_NAMESPACE, {}),
    namespace(lab, gateway.namespace, INJECTED),
    namespace(lab, app.namespace, INJECTED),
    namespace(lab, internal.namespace, INJECTED),
    namespace(lab, intruder.namespace, { 'istio-injection': 'disabled' }),
    ...ownNamespaces(lab).map((name) =>
      namespace(lab, name, isDecided(saidOf(lab, name).labels) ? {} : INJECTED),
    ),
  ];
}

/** Those of the services of meshdev.yaml, and of what their manifests bring, that are none of the sample's. */
function ownNamespaces({ services, workloads }: Lab): readonly string[] {
  const known = new Set(Object.values(workloads).map(({ namespace: name }) => name));
  const names = services.flatMap(({ identity, manifests }) => [
    identity.namespace,
    ...(manifests?.namespaces ?? []).map(({ name }) => name),
  ]);
  return [...new Set(names)].filter((name) => !known.has(name));
}

/** What manifests say of a namespace; of two that say different things the later one counts. */
function saidOf({ services }: Lab, name: string): Pick<NamedNamespace, 'labels' | 'annotations'> {
  const said = services
    .flatMap(({ manifests }) => manifests?.namespaces ?? [])
    .filter((each) => each.name === name);
  return {
    labels: Object.assign({}, ...said.map(({ labels }) => labels)),
    annotations: Object.assign({}, ...said.map(({ annotations }) => annotations)),
  };
}

/**
 * Kubernetes makes this one with the cluster. It says in so many words what holds anyway, no sidecars, where nobody
 * has said otherwise: it is the user's, and not looked at again.
 */
export const DEFAULT_NAMESPACE: KubeObject = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'default', labels: { 'istio-injection': 'disabled' } },
};

/** Pure: somebody has decided about sidecars there. */
export function isInjectionDecided({ metadata: { labels = {} } }: KubeObject): boolean {
  return isDecided(labels);
}

function isDecided(labels: Readonly<Record<string, string>>): boolean {
  return ['istio-injection', 'istio.io/rev'].some((label) => labels[label] !== undefined);
}

/** What manifests say of it too, but for what the lab says. */
function namespace(lab: Lab, name: string, labels: Readonly<Record<string, string>>): KubeObject {
  const said = saidOf(lab, name);
  return labObject(lab, {
    apiVersion: 'v1',
    kind: 'Namespace',
    name,
    role: 'namespace',
    labels: { ...said.labels, ...labels },
    ...(Object.keys(said.annotations).length === 0 ? {} : { annotations: said.annotations }),
  });
}
