import type { KubeObject } from '../ports/cluster.ts';
import { isRecord } from './differences.ts';
import { withVariableFields } from './variable-fields.ts';

const OURS_ALONE = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet']);

/** Kinds that are ours alone, field by field: what somebody adds to a pod template could lead around the mesh. */
export function isOursAlone({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): boolean {
  return apiVersion === 'apps/v1' && OURS_ALONE.has(kind);
}

/**
 * Pure: the live object with the wanted specification and nothing else in it but what may vary, for a PUT. Its own labels and
 * annotations stay as far as nobody wants them otherwise. Without a version: a status that is written meanwhile
 * is no conflict.
 */
export function replacement(live: KubeObject, wanted: KubeObject): KubeObject {
  const { managedFields: _managed, resourceVersion: _version, ...metadata } = live.metadata;
  const spec = wanted['spec'];
  return {
    ...live,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, ...wanted.metadata.labels },
      annotations: { ...metadata.annotations, ...wanted.metadata.annotations },
    },
    spec: isRecord(spec) ? withVariableFields(spec, live) : spec,
  };
}
