import type { PodHolder } from '../../evidence/pod-holders.ts';
import type { LabKeys } from '../../keys/lab-keys.ts';
import type { LabContext } from '../../lab/lab-context.ts';
import { meshMaterial } from '../../lab/mesh-material.ts';
import { workloadObjects } from '../../mesh/manifests/mesh-objects.ts';
import { GATEWAY_CREDENTIAL, ISTIO_NAMESPACE } from '../../mesh/manifests/names.ts';
import type { KubeObject } from '../../ports/cluster.ts';
import { type ContainerService, hasContainer } from '../../topology/service.ts';
import { holderOf } from './holder-of.ts';

type Declaring = Pick<LabContext, 'lab' | 'manifests'>;

/** Kinds of manifests that have pods, beside what meshdev makes itself. */
const WITH_PODS = new Set(['Pod', 'Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob']);

/** The pods that the plan and the declared services have. Pure. */
export function plannedHolders({ lab, manifests }: Declaring, keys: LabKeys): readonly PodHolder[] {
  const made = workloadObjects(lab, meshMaterial(keys)).filter(hasPods);
  const declared = [...(manifests?.values() ?? [])].flatMap((set) => set.objects).filter(hasPods);
  return [
    ISTIOD,
    ...made.map(asOwner),
    // Whether their pods get a token, their account decides.
    ...declared.map((object) => ({ ...asOwner(object), apiToken: true })),
    ...lab.services.filter(hasContainer).map(ofService),
  ];
}

function hasPods({ kind }: KubeObject): boolean {
  return WITH_PODS.has(kind);
}

function asOwner(object: KubeObject): PodHolder {
  const { kind, metadata } = object;
  return holderOf(object, { kind, namespace: metadata.namespace ?? '', name: metadata.name });
}

const NOTHING = { labels: {}, secrets: [], configMaps: [], reach: [], apiToken: false } as const;

/** istioctl makes it; MD-DRIFT-001 compares the whole Deployment. */
const ISTIOD: PodHolder = {
  ...NOTHING,
  owner: { kind: 'Deployment', namespace: ISTIO_NAMESPACE, name: 'istiod' },
  account: 'istiod',
  containers: [{ name: 'discovery', as: 'container', argv: [], hooks: false }],
  secrets: ['cacerts', 'istio-kubeconfig', 'istiod-tls'],
  configMaps: ['pilot-jwks-extra-cacerts'],
  apiToken: true,
};

/** What a service reads is known only with its files; the names of what it mounts are not its own. */
function ofService({ id, identity }: ContainerService): PodHolder {
  return {
    ...NOTHING,
    owner: { kind: 'Deployment', namespace: identity.namespace, name: id },
    account: identity.serviceAccount,
    containers: [{ name: 'app', as: 'container', argv: [], hooks: false }],
    secrets: secretsOf(id),
    configMaps: [`${id}-files`, `${id}-edge-root`],
  };
}

function secretsOf(id: string): readonly string[] {
  return [`${id}-variables`, `${id}-secrets`];
}

/** Secrets of the chain, as `namespace/name`. Pure. */
export function plannedSecrets({ lab, manifests }: Declaring): readonly string[] {
  const declared = [...(manifests?.values() ?? [])].flatMap(({ objects }) => objects);
  return [
    `${ISTIO_NAMESPACE}/cacerts`,
    `${ISTIO_NAMESPACE}/istio-ca-secret`,
    `${lab.workloads.gateway.namespace}/${GATEWAY_CREDENTIAL}`,
    ...lab.services
      .filter(hasContainer)
      .flatMap(({ id, identity }) => secretsOf(id).map((name) => `${identity.namespace}/${name}`)),
    ...declared
      .filter(({ kind }) => kind === 'Secret')
      .map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`),
  ];
}
