import { APP_ID } from '../../sample/names.ts';
import type { RegistryImageId } from '../../profiles.ts';
import { IN_CLUSTER_IMAGES } from '../../versions.ts';
import type { LabImages, NodeImage } from '../../ports/image-source.ts';
import type { OciImage } from '../oci-image.ts';
import { keyOf } from '../packages/keys.ts';

/** Images that were found, by what they are for. */
export type FoundImages = Readonly<Partial<Record<RegistryImageId | 'guest', OciImage>>>;

/** Complete: the images of a lab, all of them. */
export type CompleteImages = Readonly<Record<RegistryImageId | 'guest', OciImage>>;

const PREFIX = 'meshdev.local';
const IDS = ['node', 'edge', 'guestBase', 'pilot', 'proxyv2', APP_ID, 'guest'] as const;

export function isComplete(found: FoundImages): found is CompleteImages {
  return IDS.every((id) => found[id] !== undefined);
}

/** What the node must hold, under the names that manifests use: none of them can be pulled by a node. */
export function inClusterImages({
  pilot,
  proxyv2,
  [APP_ID]: app,
  guest,
}: CompleteImages): readonly OciImage[] {
  const { istioHub, istioTag } = IN_CLUSTER_IMAGES;
  return [
    { ...pilot, name: `${istioHub}/pilot:${istioTag}` },
    { ...proxyv2, name: `${istioHub}/proxyv2:${istioTag}` },
    { ...app, name: IN_CLUSTER_IMAGES[APP_ID] },
    { ...guest, name: IN_CLUSTER_IMAGES.guest },
  ];
}

export function asNodeImages(images: readonly OciImage[]): readonly NodeImage[] {
  return images.map(({ name, manifest }) => ({ name, digest: manifest.digest }));
}

/**
 * References in the engine: they say what is in them. The key of the node also covers what is sent into
 * it, so that a node with other images counts as another node.
 */
export function labImages(found: CompleteImages): LabImages {
  const inside = asNodeImages(inClusterImages(found)).map(({ name, digest }) => [name, digest]);
  const key = (parts: readonly (string | readonly string[])[]): string => keyOf(parts);
  return {
    node: `${PREFIX}/node:${key([found.node.manifest.digest, ...inside])}`,
    edge: `${PREFIX}/edge:${key([found.edge.manifest.digest])}`,
    guest: `${PREFIX}/guest:${key([found.guest.manifest.digest])}`,
  };
}

/** While a digest is not known, nothing that exists has been made from it. */
export const UNKNOWN_IMAGES: LabImages = {
  node: `${PREFIX}/node:not-known-yet`,
  edge: `${PREFIX}/edge:not-known-yet`,
  guest: `${PREFIX}/guest:not-known-yet`,
};
