import type { KubeObject } from '../ports/cluster.ts';
import { isRecord } from './differences.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Set by `kubectl rollout restart`, which changes nothing but the age of the pods. */
const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

/** Kinds that are ours alone, field by field: what somebody adds to a pod template could lead around the mesh. */
export function isOursAlone({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): boolean {
  return apiVersion === 'apps/v1' && kind === 'Deployment';
}

/**
 * Pure: the live object with the wanted specification and nothing else in it, for a PUT. Its own labels and
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
    spec: isRecord(spec) ? withRestart(spec, restartedAt(live)) : spec,
  };
}

function restartedAt({ spec }: KubeObject): unknown {
  return fieldsIn(fieldsIn(fieldsIn(spec, 'template'), 'metadata'), 'annotations')[RESTARTED_AT];
}

function withRestart(spec: Fields, restart: unknown): Fields {
  if (restart === undefined) return spec;
  const template = fieldsIn(spec, 'template');
  const metadata = fieldsIn(template, 'metadata');
  const annotations = { ...fieldsIn(metadata, 'annotations'), [RESTARTED_AT]: restart };
  return { ...spec, template: { ...template, metadata: { ...metadata, annotations } } };
}

function fieldsIn(value: unknown, key: string): Fields {
  const found = isRecord(value) ? value[key] : undefined;
  return isRecord(found) ? found : {};
}
