import { workloadsTrouble } from '../../cluster/workload-ready.ts';
import { identityKey } from '../../config/manifests/manifest-object.ts';
import { dropFromNode, loadIntoNode } from '../../images/node-load.ts';
import { PREFIX } from '../../images/services/assess.ts';
import type { LabKeys } from '../../keys/lab-keys.ts';
import type { LabContext } from '../../lab/lab-context.ts';
import { meshMaterial } from '../../lab/mesh-material.ts';
import { labMaterial, serviceInputs } from '../../lab/service-inputs.ts';
import { foundationObjects, ruleObjects, workloadObjects } from '../../mesh/manifests/mesh-objects.ts';
import { inventory, manifestObjects } from '../../mesh/manifests/services/manifest-objects.ts';
import { serviceObjects } from '../../mesh/manifests/services/service-objects.ts';
import { type KubeObject, nameOf, refOf } from '../../ports/cluster.ts';
import type { NodeImages } from '../../ports/image-source.ts';
import type { ServiceImage } from '../../ports/service-images.ts';
import { type ContainerService, hasContainer, ownServices } from '../../topology/service.ts';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { PartSeen } from '../../run/part-seen.ts';
import { aroundManifests, withSurroundings } from '../plan/around-manifests.ts';
import { announceKinds, applyServices, type ServiceManifests } from './apply-services.ts';
import { CLUSTER_DOWN, seeObjects } from './objects.ts';
import { ENGINE_DOWN, KEYS_MISSING, type Look, type Part } from './part.ts';
import { isRemovable, leftOver, leftOverSeen, removeLeftOver, seeLeftOver } from './service-leftovers.ts';
import { serviceWorkloads } from './service-workloads.ts';
import { waitForServices } from './wait-for-services.ts';

/** The services of meshdev.yaml: those whose containers meshdev runs, and those that bring manifests. */
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
    const { objects, manifests } = await wantedObjects(context, await context.keys(), images);
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
  const { objects, manifests } = await wantedObjects(context, keys, serviceImages);
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

interface Wanted {
  /** All that is applied, but for the inventories. */
  readonly objects: readonly KubeObject[];
  readonly manifests: readonly ServiceManifests[];
}

async function wantedObjects(
  context: LabContext,
  keys: LabKeys,
  images: readonly ServiceImage[],
): Promise<Wanted> {
  const { lab, project } = context;
  const material = labMaterial(keys);
  const made = await Promise.all(
    lab.services.filter(hasContainer).map(async (service) => {
      const inputs = await serviceInputs(service, project);
      return serviceObjects(lab, service, { ...inputs, image: imageOf(service, images), lab: material });
    }),
  );
  const manifests = manifestsOf(context);
  const own = made.flat();
  const brought = manifests.flatMap(({ objects }) => objects);
  const mesh = meshMaterial(keys);
  refuseClashes(brought, [
    ...foundationObjects(lab, mesh),
    ...ruleObjects(lab),
    ...workloadObjects(lab, mesh),
    ...own,
  ]);
  return { objects: [...own, ...brought], manifests };
}

function manifestsOf({ lab, manifests }: LabContext): readonly ServiceManifests[] {
  return lab.services
    .filter(({ source }) => source.kind === 'manifests')
    .map((service) => {
      const set = manifests?.get(service.id);
      // Without them everything that the service has would be left over.
      if (set === undefined)
        throw new MeshdevError('BUG', { message: `the manifests of service ${service.id} were not read` });
      return { service, objects: manifestObjects(lab, service, set.objects) };
    });
}

/** @throws MeshdevError CONFIG_INVALID: two writers of one object would undo each other's work at every `up` */
export function refuseClashes(brought: readonly KubeObject[], own: readonly KubeObject[]): void {
  const made = new Set(own.map((object) => identityKey(refOf(object))));
  const clashing = brought.map(refOf).filter((ref) => made.has(identityKey(ref)));
  if (clashing.length === 0) return;
  throw new MeshdevError('CONFIG_INVALID', {
    message: `reading manifests: meshdev makes these objects itself, remove them from the manifests: ${clashing.map(nameOf).join(', ')}`,
    remedies: ['meshdev docs services'],
  });
}

function inventories({ lab }: LabContext, manifests: readonly ServiceManifests[]): readonly KubeObject[] {
  return manifests.map(({ service, objects }) => inventory(lab, service, objects.filter(isRemovable)));
}

function imageOf({ id }: ContainerService, images: readonly ServiceImage[]): string {
  const found = images.find(({ service }) => service === id);
  if (found === undefined) throw new MeshdevError('BUG', { message: `service ${id} has no image` });
  return found.reference;
}

/** After the pods that ran them are gone: a pod that is started again needs its image. */
async function dropOldImages(
  context: LabContext,
  images: readonly ServiceImage[],
  signal: AbortSignal,
): Promise<void> {
  const engine = await context.engine(signal);
  const keep = new Set(images.map(({ reference }) => reference));
  await dropFromNode(engine, context.lab.cluster.node, { prefix: `${PREFIX}/`, keep }, signal);
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
