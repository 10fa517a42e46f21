import { describe } from '../../cluster/describe-comparison.ts';
import type { ServiceDrift } from '../../evidence/services/service-objects.ts';
import { wantedServices } from '../../lab/wanted-services.ts';
import { ruleObjects } from '../../mesh/manifests/mesh-objects.ts';
import type { Comparison, Difference, KubeObject } from '../../ports/cluster.ts';
import { NOT_KNOWN_YET, SERVICE_IMAGES } from '../../ports/service-images.ts';
import { LABEL } from '../../topology/labels.ts';
import type { Service, ServiceId } from '../../topology/service.ts';
import type { Needs } from '../probe-context.ts';

/** Objects of services of meshdev.yaml, each with what the cluster has in its place. */
export type ComparedObjects = readonly (readonly [KubeObject, Comparison])[];

/** Of all services in one go. Empty where the objects are known to be as wanted. */
export async function compareServices({
  context,
  keys,
  objectsKept,
  signal,
}: Needs<'context' | 'keys' | 'objectsKept' | 'signal'>): Promise<ComparedObjects> {
  if (objectsKept) return [];
  const images = await (await context.serviceImages(signal)).survey(signal);
  const { objects } = await wantedServices(context, keys, images);
  const rules = ruleObjects(context.lab).filter((object) => serviceOfObject(object) !== undefined);
  const wanted = [...objects, ...rules];
  const comparisons = await context.cluster.compare(wanted, signal);
  return comparisons.flatMap((comparison, at) => {
    const object = wanted[at];
    return object === undefined ? [] : [[object, comparison] as const];
  });
}

/** Pure: id of the service of meshdev.yaml that an object belongs to; undefined for the lab's own objects. */
export function serviceOfObject({ metadata }: KubeObject): ServiceId | undefined {
  return metadata.labels?.[LABEL.service];
}

/** Pure: what concerns one service. Sources that were edited since the last `up` are no change of the lab. */
export function driftOfService(compared: ComparedObjects, service: Service): ServiceDrift {
  const own = compared
    .filter(([object]) => serviceOfObject(object) === service.id)
    .map(([, comparison]) => withoutOwnImage(comparison, service));
  return {
    drift: own.filter(({ rest }) => rest.kind !== 'same').map(({ rest }) => describe(rest)),
    isOlderBuild: own.some(({ isOlderBuild }) => isOlderBuild),
  };
}

function withoutOwnImage(
  comparison: Comparison,
  service: Service,
): { readonly rest: Comparison; readonly isOlderBuild: boolean } {
  if (comparison.kind !== 'differs') return { rest: comparison, isOlderBuild: false };
  const differences = comparison.differences.filter((each) => !isOwnImage(each, service));
  const isOlderBuild = differences.length < comparison.differences.length;
  return differences.length === 0
    ? { rest: { kind: 'same', ref: comparison.ref }, isOlderBuild }
    : { rest: { ...comparison, differences }, isOlderBuild };
}

/** Its own container runs an image that `up` made for it, of other sources; or the engine has lost the present one. */
function isOwnImage({ path, seen, wanted }: Difference, { id, source }: Service): boolean {
  return (
    path === 'spec.template.spec.containers[0].image' &&
    seen.startsWith(`${SERVICE_IMAGES}/${id}:`) &&
    (source.kind === 'build' || wanted.endsWith(`:${NOT_KNOWN_YET}`))
  );
}
