import { conditionOf } from '../../cluster/status.ts';
import { templateOf } from '../../config/manifests/pod-template.ts';
import type { ServiceManifests } from '../../lab/wanted-services.ts';
import { inventory, kindsIn, REPLICAS_ANNOTATION } from '../../mesh/manifests/services/manifest-objects.ts';
import { type Cluster, type KubeObject, nameOf, refOf } from '../../ports/cluster.ts';
import type { RunScope } from '../../run/run-scope.ts';
import { waitUntil } from '../../run/wait-until.ts';
import type { Lab } from '../../topology/lab.ts';

const PATIENCE_MS = 30_000;

/**
 * Before an object of a new kind is there, the cluster knows of the kind: a run that is stopped in between leaves
 * nothing that a later one would not find.
 */
export async function announceKinds(
  cluster: Cluster,
  lab: Lab,
  sets: readonly ServiceManifests[],
  signal: AbortSignal,
): Promise<void> {
  const announced = await Promise.all(
    sets.map(async ({ service, objects }) => {
      const found = await cluster.get(refOf(inventory(lab, service, [])), signal);
      return inventory(lab, service, [...objects, ...(found === undefined ? [] : kindsIn(found))]);
    }),
  );
  if (announced.length > 0) await cluster.apply(announced, signal);
}

/** Kinds first, then what pods need, then what runs pods. How many pods a user asked for stays. */
export async function applyServices(
  cluster: Cluster,
  objects: readonly KubeObject[],
  run: RunScope,
): Promise<void> {
  const isDefinition = ({ kind }: KubeObject): boolean => kind === 'CustomResourceDefinition';
  const runsPods = (object: KubeObject): boolean => templateOf(object) !== undefined;
  const definitions = objects.filter(isDefinition);
  const workloads = objects.filter(runsPods);
  await cluster.apply(definitions, run.signal);
  await Promise.all(definitions.map((definition) => waitUntilServed(cluster, definition, run)));
  await cluster.apply(
    objects.filter((object) => !isDefinition(object) && !runsPods(object)),
    run.signal,
  );
  const scaled = await Promise.all(
    workloads.map(async (object) => withScale(object, await cluster.get(refOf(object), run.signal))),
  );
  await cluster.apply(scaled, run.signal);
}

async function waitUntilServed(cluster: Cluster, definition: KubeObject, run: RunScope): Promise<void> {
  const ref = refOf(definition);
  await waitUntil(
    async () => {
      const found = await cluster.get(ref, run.signal);
      const condition = found === undefined ? undefined : conditionOf(found, 'Established');
      return condition?.status === 'True'
        ? { done: true }
        : { seen: condition?.message ?? `${nameOf(ref)} is not established` };
    },
    {
      what: `${nameOf(ref)} to be served`,
      timeoutMs: PATIENCE_MS,
      onSeen: run.progress,
      signal: run.signal,
      remedies: [`meshdev kubectl describe crd ${ref.name}`],
    },
  );
}

/**
 * Pure: a workload with as many pods as the live one has, where the file asks for the number that it asked for before, or
 * for none in particular: without a number, applying would drop the one that an earlier file set. No pods are an outage,
 * not a size.
 */
export function withScale(wanted: KubeObject, live: KubeObject | undefined): KubeObject {
  const asked = wanted.metadata.annotations?.[REPLICAS_ANNOTATION];
  const replicas = fieldsOf(live?.['spec'])['replicas'];
  const isSame = asked !== undefined && asked === live?.metadata.annotations?.[REPLICAS_ANNOTATION];
  const isOpen = fieldsOf(wanted['spec'])['replicas'] === undefined;
  if ((!isSame && !isOpen) || typeof replicas !== 'number' || replicas === 0) return wanted;
  return { ...wanted, spec: { ...fieldsOf(wanted['spec']), replicas } };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
