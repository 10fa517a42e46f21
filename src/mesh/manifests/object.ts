import type { KubeObject } from '../../ports/cluster.ts';
import type { Lab } from '../../topology/lab.ts';
import { labelsOf } from '../../topology/labels.ts';

export interface ObjectParts {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  /** What the object is for: value of the role label. */
  readonly role: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A Kubernetes object with the lab's labels; `body` is what follows the metadata. */
export function labObject(
  lab: Lab,
  parts: ObjectParts,
  body: Readonly<Record<string, unknown>> = {},
): KubeObject {
  const { apiVersion, kind, name, namespace, role, labels, annotations } = parts;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { ...labels, ...labelsOf(lab.name, role) },
      ...(annotations === undefined ? {} : { annotations }),
    },
    ...body,
  };
}
