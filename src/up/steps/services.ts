import { deploymentsTrouble } from '../../cluster/wait-ready.ts';
import { loadIntoNode } from '../../images/node-load.ts';
import type { LabKeys } from '../../keys/lab-keys.ts';
import type { LabContext } from '../../lab/lab-context.ts';
import { labMaterial, serviceInputs } from '../../lab/service-inputs.ts';
import { serviceObjects } from '../../mesh/manifests/services/service-objects.ts';
import type { KubeObject } from '../../ports/cluster.ts';
import type { ServiceImage } from '../../ports/service-images.ts';
import { type ContainerService, hasContainer } from '../../topology/service.ts';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { PartSeen } from '../../run/part-seen.ts';
import { CLUSTER_DOWN, seeObjects } from './objects.ts';
import { ENGINE_DOWN, KEYS_MISSING, type Part } from './part.ts';
import { leftOver } from './service-leftovers.ts';
import { waitForServices } from './wait-for-services.ts';

/** The services of meshdev.yaml whose containers meshdev runs. */
export const servicesPart: Part = {
  observe: async ({ context, reached, clusterUp, keys, signal }) => {
    if (reached === undefined) return ENGINE_DOWN;
    if (!clusterUp) return CLUSTER_DOWN;
    if (keys === undefined) return KEYS_MISSING;
    const images = await (await context.serviceImages(signal)).survey(signal);
    const objects = await wantedObjects(context, keys, images);
    const [seen, left] = await Promise.all([
      seeObjects(context.cluster, objects, signal),
      leftOver(context, signal),
    ]);
    if (left.length > 0) return leftoversSeen(left);
    if (seen.state !== 'same') return seen;
    const trouble = await deploymentsTrouble(context.cluster, deploymentsIn(objects), signal);
    return trouble === undefined ? seen : { state: 'stopped', seen: trouble };
  },
  apply: async (context, run) => {
    const { cluster, lab } = context;
    const services = await context.serviceImages(run.signal);
    const images = await services.survey(run.signal);
    await fillNode(context, run);
    const objects = await wantedObjects(context, await context.keys(), images);
    await cluster.apply(objects, run.signal);
    await cluster.remove(await leftOver(context, run.signal), run.signal);
    await waitForServices(cluster, lab.services.filter(hasContainer), run);
  },
};

function leftoversSeen(left: readonly { readonly name: string; readonly kind: string }[]): PartSeen {
  const names = left.map(({ kind, name }) => `${kind} ${name}`);
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return {
    state: 'differs',
    seen: `meshdev.yaml no longer has the service of ${names.slice(0, 3).join(', ')}${more}`,
  };
}

async function wantedObjects(
  { lab, project }: LabContext,
  keys: LabKeys,
  images: readonly ServiceImage[],
): Promise<readonly KubeObject[]> {
  const material = labMaterial(keys);
  const made = await Promise.all(
    lab.services.filter(hasContainer).map(async (service) => {
      const inputs = await serviceInputs(service, project);
      return serviceObjects(lab, service, { ...inputs, image: imageOf(service, images), lab: material });
    }),
  );
  return made.flat();
}

function imageOf({ id }: ContainerService, images: readonly ServiceImage[]): string {
  const found = images.find(({ service }) => service === id);
  if (found === undefined) throw new MeshdevError('BUG', { message: `service ${id} has no image` });
  return found.reference;
}

/** Nothing is read from the engine when the node has every one. */
async function fillNode(context: LabContext, run: Parameters<Part['apply']>[1]): Promise<void> {
  const engine = await context.engine(run.signal);
  const archives = await (await context.serviceImages(run.signal)).nodeImages(run);
  for (const archive of archives) await loadIntoNode(engine, context.lab.cluster.node, archive, run);
}

function deploymentsIn(objects: readonly KubeObject[]) {
  return objects
    .filter(({ kind }) => kind === 'Deployment')
    .map(({ metadata }) => ({ name: metadata.name, namespace: metadata.namespace ?? 'default' }));
}
