import { ISTIO_NAMESPACE } from '../../mesh/manifests/names.ts';
import type { Lab } from '../../topology/lab.ts';
import { KUBERNETES_NAMESPACE } from './chain-namespaces.ts';
import { type Grant, subjectName } from './grants.ts';
import { type Power, POWERS } from './powers.ts';

/** What a part of the lab has by its nature. */
interface Declared {
  readonly powers: readonly Power[];
  /** Undefined: in every namespace. */
  readonly namespaces?: readonly string[];
  /** Where the power is held over these resources only. */
  readonly resources?: readonly string[];
}

/** Controllers that make pods of other objects. */
const MAKERS_OF_PODS = [
  'cronjob-controller',
  'daemon-set-controller',
  'deployment-controller',
  'job-controller',
  'persistent-volume-binder',
  'replicaset-controller',
  'replication-controller',
  'statefulset-controller',
];

/** Controllers of Kubernetes, by the account that each has in kube-system: what it cannot work without. */
const CONTROLLERS: Readonly<Record<string, Declared>> = {
  ...Object.fromEntries(MAKERS_OF_PODS.map((name) => [name, { powers: ['create-pods'] } as const])),
  // Both touch objects of every kind: one when their owner is gone, one when their namespace is.
  'generic-garbage-collector': { powers: ['read-secrets', 'enter-pods', 'create-pods', 'change-objects'] },
  'namespace-controller': { powers: ['read-secrets', 'enter-pods', 'change-objects'] },
  'resourcequota-controller': { powers: ['read-secrets'] },
  'storage-version-migrator-controller': { powers: ['read-secrets', 'create-pods', 'change-objects'] },
  'root-ca-cert-publisher': { powers: ['change-objects'], resources: ['configmaps'] },
  'legacy-service-account-token-cleaner': { powers: ['change-objects'], resources: ['secrets'] },
  'certificate-controller': { powers: ['take-over'], resources: ['signers'] },
  'clusterrole-aggregation-controller': { powers: ['take-over'], resources: ['clusterroles'] },
  'bootstrap-signer': { powers: ['read-secrets'], namespaces: [KUBERNETES_NAMESPACE] },
  'token-cleaner': { powers: ['read-secrets', 'change-objects'], namespaces: [KUBERNETES_NAMESPACE] },
  'cloud-provider': {
    powers: ['change-objects'],
    namespaces: [KUBERNETES_NAMESPACE],
    resources: ['configmaps'],
  },
};

/** Users and groups of certificates that only the node holds. */
const OF_THE_NODE: Readonly<Record<string, readonly Declared[]>> = {
  'Group system:masters': [{ powers: POWERS }],
  'Group kubeadm:cluster-admins': [{ powers: POWERS }],
  'User system:kube-controller-manager': [
    { powers: ['read-secrets', 'mint-tokens'] },
    { powers: ['change-objects'], resources: ['secrets', 'configmaps'] },
  ],
  'User system:kube-scheduler': [
    { powers: ['change-objects'], namespaces: [KUBERNETES_NAMESPACE], resources: ['configmaps'] },
  ],
  // The API server itself, for logs and programs of pods.
  'User kube-apiserver-kubelet-client': [{ powers: ['enter-pods'], resources: ['nodes/proxy'] }],
  // A node renews its own certificate; a machine that joins asks for its first one.
  'Group system:nodes': [{ powers: ['take-over'], resources: ['certificatesigningrequests/selfnodeclient'] }],
  'Group system:bootstrappers:kubeadm:default-node-token': [
    { powers: ['take-over'], resources: ['certificatesigningrequests/nodeclient'] },
  ],
  // kind installs it with the storage class of the cluster.
  'ServiceAccount local-path-storage/local-path-provisioner-service-account': [{ powers: ['create-pods'] }],
};

/** Istio's webhooks, its root certificate in every namespace, and gateways of Kubernetes' API. */
const OF_ISTIOD = [
  'configmaps',
  'gatewayclasses',
  'mutatingwebhookconfigurations',
  'services',
  'validatingwebhookconfigurations',
  'workloadentries',
];

function declaredFor(lab: Lab): Readonly<Record<string, readonly Declared[]>> {
  const { namespace, serviceAccount } = lab.workloads.gateway;
  return {
    ...OF_THE_NODE,
    [`ServiceAccount ${ISTIO_NAMESPACE}/istiod`]: [
      { powers: ['read-secrets'] },
      { powers: ['create-pods'], resources: ['deployments'] },
      { powers: ['change-objects'], resources: OF_ISTIOD },
      { powers: ['change-objects'], namespaces: [ISTIO_NAMESPACE], resources: ['secrets', 'gateways'] },
    ],
    [`ServiceAccount ${ISTIO_NAMESPACE}/istio-reader-service-account`]: [{ powers: ['read-secrets'] }],
    [`ServiceAccount ${namespace}/${serviceAccount}`]: [
      { powers: ['read-secrets'], namespaces: [namespace] },
    ],
    ...Object.fromEntries(
      Object.entries(CONTROLLERS).map(([name, declared]) => [
        `ServiceAccount ${KUBERNETES_NAMESPACE}/${name}`,
        [declared],
      ]),
    ),
  };
}

/** What a grant permits beyond what its subject has by its nature; empty: all of it is declared. Pure. */
export function undeclaredOf(grant: Grant, lab: Lab): readonly string[] {
  const declared = (declaredFor(lab)[subjectName(grant.subject)] ?? []).filter(
    ({ powers, namespaces }) =>
      powers.includes(grant.power) &&
      (namespaces === undefined || (grant.namespace !== undefined && namespaces.includes(grant.namespace))),
  );
  return grant.permits.filter((permitted) => {
    const resource = permitted.slice(permitted.indexOf(' ') + 1);
    return !declared.some(
      ({ resources }) => resources === undefined || resources.some((one) => isOf(resource, one)),
    );
  });
}

/** Whether a service account holds some power by its nature: a pod that runs under it has it too. Pure. */
export function isPowerful(namespace: string, account: string, lab: Lab): boolean {
  return declaredFor(lab)[`ServiceAccount ${namespace}/${account}`] !== undefined;
}

/** `workloadentries/status` is of `workloadentries`. */
function isOf(resource: string, declared: string): boolean {
  return resource === declared || resource.startsWith(`${declared}/`);
}

/** Bindings that Kubernetes, kubeadm, Istio or meshdev makes: without them the cluster does not work. Pure. */
export function isOwnBinding({ name, namespace }: Grant['binding'], lab: Lab): boolean {
  return (
    name === 'cluster-admin' ||
    /^(system:|kubeadm:)/.test(name) ||
    new RegExp(`^(istiod|istio-reader)-.*${ISTIO_NAMESPACE}$`).test(name) ||
    (namespace === ISTIO_NAMESPACE && name === 'istiod') ||
    (namespace === lab.workloads.gateway.namespace && name === lab.workloads.gateway.serviceAccount)
  );
}
