import { z } from 'zod';
import { isRecord } from '../cluster/differences.ts';
import { withoutRestart } from '../cluster/variable-fields.ts';
import { specDigest } from '../engine/spec-digest.ts';
import { nameOf, type Cluster, type KubeObject, type ObjectRef } from '../ports/cluster.ts';
import type { Lab } from '../topology/lab.ts';
import { ISTIO_NAMESPACE } from './manifests/names.ts';
import { labObject } from './manifests/object.ts';
import type { IstioOperator } from './manifests/operator.ts';
import { parseJson } from '../parse-json.ts';

/** How the Istio in the cluster compares with the wanted one. */
export type Installation =
  | { readonly kind: 'same' }
  | { readonly kind: 'missing'; readonly because: string }
  /** Installed from another operator. */
  | { readonly kind: 'outdated'; readonly because: string }
  /** Somebody changed or removed these since: remove what is left of them, then install. */
  | { readonly kind: 'changed'; readonly objects: readonly ObjectRef[]; readonly because: string };

/** A ConfigMap of ours, written after an installation: what went in, and digests of what came out. */
const RECORD: ObjectRef = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  namespace: ISTIO_NAMESPACE,
  name: 'meshdev-istio',
};

const GUARDED: readonly ObjectRef[] = [
  { apiVersion: 'apps/v1', kind: 'Deployment', namespace: ISTIO_NAMESPACE, name: 'istiod' },
  { apiVersion: 'v1', kind: 'Service', namespace: ISTIO_NAMESPACE, name: 'istiod' },
  { apiVersion: 'v1', kind: 'ConfigMap', namespace: ISTIO_NAMESPACE, name: 'istio' },
  { apiVersion: 'v1', kind: 'ConfigMap', namespace: ISTIO_NAMESPACE, name: 'istio-sidecar-injector' },
  { apiVersion: 'v1', kind: 'ConfigMap', namespace: ISTIO_NAMESPACE, name: 'pilot-jwks-extra-cacerts' },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    name: 'istio-sidecar-injector',
  },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    name: `istio-validator-${ISTIO_NAMESPACE}`,
  },
];

const recordShape = z.object({ data: z.object({ operator: z.string(), objects: z.string() }) });
const digestsShape = z.record(z.string(), z.string());

/** Compares without running istioctl: the record beside what the API holds of each object. */
export async function compareInstallation(
  cluster: Cluster,
  operator: IstioOperator,
  signal: AbortSignal,
): Promise<Installation> {
  const installed = await readInstallation(cluster, signal);
  return installed !== undefined && installed.operator !== specDigest(operator)
    ? { kind: 'outdated', because: 'Istio was installed with different values' }
    : asInstallation(installed);
}

/** The same, whatever it was installed with. */
export async function compareWithInstalled(cluster: Cluster, signal: AbortSignal): Promise<Installation> {
  return asInstallation(await readInstallation(cluster, signal));
}

interface Installed {
  /** Digest of the operator that went in. */
  readonly operator: string;
  /** What is not as it came out. */
  readonly changed: readonly ObjectRef[];
}

async function readInstallation(cluster: Cluster, signal: AbortSignal): Promise<Installed | undefined> {
  const [record, live] = await Promise.all([cluster.get(RECORD, signal), liveDigests(cluster, signal)]);
  const { success, data } = recordShape.safeParse(record);
  if (!success) return undefined;
  // What somebody wrote over it says nothing: then the installation is made anew.
  const recorded = digestsShape.safeParse(parseJson(data.data.objects)).data;
  if (recorded === undefined) return undefined;
  return {
    operator: data.data.operator,
    changed: GUARDED.filter((ref) => recorded[nameOf(ref)] !== live[nameOf(ref)]),
  };
}

function asInstallation(installed: Installed | undefined): Installation {
  if (installed === undefined)
    return { kind: 'missing', because: `${nameOf(RECORD)} does not exist: no installation was completed` };
  const { changed: objects } = installed;
  if (objects.length === 0) return { kind: 'same' };
  return {
    kind: 'changed',
    objects,
    because: `changed since the installation: ${objects.map(nameOf).join(', ')}`,
  };
}

/** Writes the record; call it when the installation has ended well. */
export async function recordInstallation(
  cluster: Cluster,
  lab: Lab,
  operator: IstioOperator,
  signal: AbortSignal,
): Promise<void> {
  const objects = JSON.stringify(await liveDigests(cluster, signal));
  const data = { operator: specDigest(operator), objects };
  await cluster.apply([labObject(lab, { ...RECORD, role: 'istio' }, { data })], signal);
}

async function liveDigests(cluster: Cluster, signal: AbortSignal): Promise<Readonly<Record<string, string>>> {
  const found = await Promise.all(GUARDED.map((ref) => cluster.get(ref, signal)));
  const digests = GUARDED.map((ref, index) => [nameOf(ref), specDigest(contentOf(found[index]))] as const);
  return Object.fromEntries(digests);
}

/** What an installation decides about an object. istiod itself writes the two fields left out of webhooks. */
function contentOf(object: KubeObject | undefined): unknown {
  if (object === undefined) return 'missing';
  const spec = object.kind === 'Deployment' ? withoutRestart(object['spec']) : object['spec'];
  return [spec, object['data'], without(object['webhooks'], ['caBundle', 'failurePolicy'])];
}

function without(value: unknown, fields: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => without(item, fields));
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(([field]) => !fields.includes(field));
  return Object.fromEntries(kept.map(([field, inner]) => [field, without(inner, fields)]));
}
