import { z } from 'zod';
import { groupOf, type ManifestObject } from './manifest-object.ts';

/** Kinds of Kubernetes and of the Gateway API that are in no namespace. */
const CLUSTER_WIDE: Readonly<Record<string, readonly string[]>> = {
  '': ['Namespace', 'Node', 'PersistentVolume', 'ComponentStatus'],
  'admissionregistration.k8s.io': [
    'MutatingAdmissionPolicy',
    'MutatingAdmissionPolicyBinding',
    'MutatingWebhookConfiguration',
    'ValidatingAdmissionPolicy',
    'ValidatingAdmissionPolicyBinding',
    'ValidatingWebhookConfiguration',
  ],
  'apiextensions.k8s.io': ['CustomResourceDefinition'],
  'apiregistration.k8s.io': ['APIService'],
  'certificates.k8s.io': ['CertificateSigningRequest', 'ClusterTrustBundle'],
  'flowcontrol.apiserver.k8s.io': ['FlowSchema', 'PriorityLevelConfiguration'],
  'gateway.networking.k8s.io': ['GatewayClass'],
  'networking.k8s.io': ['IngressClass', 'IPAddress', 'ServiceCIDR'],
  'node.k8s.io': ['RuntimeClass'],
  'rbac.authorization.k8s.io': ['ClusterRole', 'ClusterRoleBinding'],
  'resource.k8s.io': ['DeviceClass', 'ResourceSlice'],
  'scheduling.k8s.io': ['PriorityClass'],
  'storage.k8s.io': ['CSIDriver', 'CSINode', 'StorageClass', 'VolumeAttachment', 'VolumeAttributesClass'],
};

const crd = z.object({
  spec: z.object({
    group: z.string(),
    scope: z.literal('Cluster'),
    names: z.object({ kind: z.string() }),
  }),
});

/** Whether an object is in no namespace. Kinds that neither Kubernetes nor these manifests define are in one. Pure. */
export function clusterWideIn(
  objects: readonly ManifestObject[],
): (object: { readonly apiVersion: string; readonly kind: string }) => boolean {
  const own = new Set(
    objects.flatMap(({ object }) => {
      const read = object.kind === 'CustomResourceDefinition' ? crd.safeParse(object) : undefined;
      return read?.success === true ? [`${read.data.spec.group} ${read.data.spec.names.kind}`] : [];
    }),
  );
  return ({ apiVersion, kind }) => {
    const group = groupOf({ apiVersion });
    return CLUSTER_WIDE[group]?.includes(kind) === true || own.has(`${group} ${kind}`);
  };
}

/** Objects of namespaced kinds that name no namespace are in this one. Pure. */
export function inNamespace(
  objects: readonly ManifestObject[],
  namespace: string,
): readonly ManifestObject[] {
  const isClusterWide = clusterWideIn(objects);
  return objects.map(({ object, where }) => {
    const { namespace: named = namespace, ...metadata } = object.metadata;
    const placed = isClusterWide(object) ? metadata : { ...metadata, namespace: named };
    return { object: { ...object, metadata: placed }, where };
  });
}
