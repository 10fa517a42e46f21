import { identityKey } from '../config/manifests/manifest-object.ts';
import { MeshdevError } from '../errors/meshdev-error.ts';
import type { LabKeys } from '../keys/lab-keys.ts';
import { foundationObjects, ruleObjects, workloadObjects } from '../mesh/manifests/mesh-objects.ts';
import { manifestObjects } from '../mesh/manifests/services/manifest-objects.ts';
import { localServiceObjects, serviceObjects } from '../mesh/manifests/services/service-objects.ts';
import { type KubeObject, nameOf, refOf } from '../ports/cluster.ts';
import type { ServiceImage } from '../ports/service-images.ts';
import { type ContainerService, hasContainer, isLocal, type Service } from '../topology/service.ts';
import type { LabContext } from './lab-context.ts';
import { meshMaterial } from './mesh-material.ts';
import { labMaterial, serviceInputs } from './service-inputs.ts';

/** What a service brings, and what tells of its kinds. */
export interface ServiceManifests {
  readonly service: Service;
  readonly objects: readonly KubeObject[];
}

export interface WantedServices {
  /** What runs the services of meshdev.yaml, and what they bring along; their routes and policies are the mesh's. */
  readonly objects: readonly KubeObject[];
  readonly manifests: readonly ServiceManifests[];
}

/**
 * What the cluster is to hold for the services of meshdev.yaml.
 * @param images as they were surveyed
 * @throws MeshdevError CONFIG_INVALID for an input that is not there, and for manifests that bring what meshdev makes
 */
export async function wantedServices(
  context: Pick<LabContext, 'lab' | 'project' | 'manifests'>,
  keys: LabKeys,
  images: readonly ServiceImage[],
): Promise<WantedServices> {
  const { lab, project } = context;
  const material = labMaterial(keys);
  const made = await Promise.all(
    lab.services.filter(hasContainer).map(async (service) => {
      const inputs = await serviceInputs(service, project);
      return serviceObjects(lab, service, { ...inputs, image: imageOf(service, images), lab: material });
    }),
  );
  const manifests = manifestsOf(context);
  const relays = lab.services.filter(isLocal).map((service) => localServiceObjects(lab, service, material));
  const own = [...made, ...relays].flat();
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

function manifestsOf({ lab, manifests }: Pick<LabContext, 'lab' | 'manifests'>): readonly ServiceManifests[] {
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

function imageOf({ id }: ContainerService, images: readonly ServiceImage[]): string {
  const found = images.find(({ service }) => service === id);
  if (found === undefined) throw new MeshdevError('BUG', { message: `service ${id} has no image` });
  return found.reference;
}
