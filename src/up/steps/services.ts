import { workloadsTrouble } from '../../cluster/workload-ready.ts';
import { dropFromNode, loadIntoNode } from '../../images/node-load.ts';
import type { LabContext } from '../../lab/lab-context.ts';
import { type ServiceManifests, wantedServices } from '../../lab/wanted-services.ts';
import { inventory } from '../../mesh/manifests/services/manifest-objects.ts';
import type { KubeObject } from '../../ports/cluster.ts';
import type { NodeImages } from '../../ports/image-source.ts';
import { SERVICE_IMAGES, type ServiceImage } from '../../ports/service-images.ts';
import { ownServices } from '../../topology/service.ts';
import type { PartSeen } from '../../run/part-seen.ts';
import { aroundManifests, withSurroundings } from '../plan/around-manifests.ts';
import { announceKinds, applyServices } from './apply-services.ts';
import { CLUSTER_DOWN, seeObjects } from './objects.ts';
import { ENGINE_DOWN, KEYS_MISSING, type Look, type Part } from './part.ts';
import { isRemovable, leftOver, leftOverSeen, removeLeftOver, seeLeftOver } from './service-leftovers.ts';
import { serviceWorkloads } from './service-workloads.ts';
import { waitForServices } from './wait-for-services.ts';

/** The services of meshdev.yaml: containers that meshdev runs, relays of local processes, and manifests. */
export const servicesPart: Part = {
  observe: async (look) =>
    ownServices(look.context.lab).length === 0
      ? seeLeftOver(look.context, look)
      : withSurroundings(await observeServices(look), aroundManifests(look.context)),
  apply: async (context, run) => {
    const { cluster, lab } = context;
    const services = await context.serviceImages(run.signal);
    const images = await services.survey(run.signal);
    await fillNode(context, await services.nodeImages(images, run), run);
    const { objects, manifests } = await wantedServices(context, await context.keys(), images);
    await announceKinds(cluster, lab, manifests, run.signal);
    await applyServices(cluster, objects, run);
    await removeLeftOver(cluster, await leftOver(context, objects, run.signal), run.signal);
    await cluster.apply(inventories(context, manifests), run.signal);
    await waitForServices(cluster, objects, run);
    await dropOldImages(context, images, run.signal);
  },
};

async function observeServices(look: Look): Promise<PartSeen> {
  const { context, reached, clusterUp, keys, serviceImages, signal } = look;
  if (reached === undefined) return ENGINE_DOWN;
  if (!clusterUp) return CLUSTER_DOWN;
  if (keys === undefined) return KEYS_MISSING;
  const { objects, manifests } = await wantedServices(context, keys, serviceImages);
  const wanted = [...objects, ...inventories(context, manifests)];
  const [seen, left] = await Promise.all([
    seeObjects(context.cluster, wanted, signal),
    leftOver(context, wanted, signal),
  ]);
  if (left.length > 0) return leftOverSeen(left);
  if (seen.state !== 'same') return seen;
  const trouble = await workloadsTrouble(context.cluster, serviceWorkloads(objects), signal);
  return trouble === undefined ? seen : { state: 'stopped', seen: trouble };
}

function inventories({ lab }: LabContext, manifests: readonly ServiceManifests[]): readonly KubeObject[] {
  return manifests.map(({ service, objects }) => inventory(lab, service, objects.filter(isRemovable)));
}

/** After the pods that ran them are gone: a pod that is started again needs its image. */
async function dropOldImages(
  context: LabContext,
  images: readonly ServiceImage[],
  signal: AbortSignal,
): Promise<void> {
  const engine = await context.engine(signal);
  const keep = new Set(images.map(({ reference }) => reference));
  await dropFromNode(engine, context.lab.cluster.node, { prefix: `${SERVICE_IMAGES}/`, keep }, signal);
}

/** Nothing is read from the engine when the node has every one. */
async function fillNode(
  context: LabContext,
  archives: readonly NodeImages[],
  run: Parameters<Part['apply']>[1],
): Promise<void> {
  const engine = await context.engine(run.signal);
  for (const archive of archives) await loadIntoNode(engine, context.lab.cluster.node, archive, run);
}
