import type { KubeObject } from '../../ports/cluster.ts';

type Path = readonly (string | number)[];

/** An object of the manifests of a service, and where it is written. */
export interface ManifestObject {
  readonly object: KubeObject;
  /** `k8s/stock.yaml:12`: the line of a value; of one that is not there, the line of what is above it. */
  readonly where: (path?: Path) => string;
}

/** What is wrong with manifests. */
export interface ManifestProblem {
  /** Id of the service whose manifests they are. */
  readonly service: string;
  /** `k8s/stock.yaml:12`; undefined for what is missing: it is nowhere. */
  readonly at?: string;
  readonly message: string;
}

/** The API group of an object; empty for the core group. */
export function groupOf({ apiVersion }: Pick<KubeObject, 'apiVersion'>): string {
  return apiVersion.includes('/') ? apiVersion.replace(/\/.*$/, '') : '';
}

/**
 * Names an object whatever the version of its API: `autoscaling/v1` and `autoscaling/v2` show the same one.
 * @returns `apps Deployment shop/stock`
 */
export function identityKey({
  apiVersion,
  kind,
  name,
  namespace = '',
}: {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}): string {
  return `${groupOf({ apiVersion })} ${kind} ${namespace}/${name}`;
}
