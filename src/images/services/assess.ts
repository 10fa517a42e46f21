import type { ContainerEngine, Image } from '../../ports/container-engine.ts';
import { NOT_KNOWN_YET, SERVICE_IMAGES } from '../../ports/service-images.ts';
import type { RunScope } from '../../run/run-scope.ts';
import type { Service, ServiceId } from '../../topology/service.ts';
import { hexOf } from '../oci-image.ts';
import { buildKey, type BuildPlan, planBuild, type PlanChoice, sizeOfContext } from './build-plan.ts';
import { type ImageName, imageName, nameInEngine } from './image-name.ts';
import type { NeededBy } from './problems.ts';

/** What the image of a service is made of. */
export type ImagePlan = { readonly service: ServiceId } & (
  | { readonly kind: 'image'; readonly name: ImageName }
  | { readonly kind: 'build'; readonly build: BuildPlan }
);

/** An image of a service beside what the engine has. */
export interface Assessed {
  readonly service: ServiceId;
  readonly plan: ImagePlan;
  readonly reference: string;
  readonly state: 'ready' | 'missing';
  readonly because: string;
  /** Names in the engine of the images that it is made of. */
  readonly uses: readonly string[];
  /** Images that have to be pulled first. */
  readonly absent: readonly { readonly name: ImageName; readonly by: readonly NeededBy[] }[];
  /** Of `image`: the id in the engine. */
  readonly source: string | undefined;
  /** Of `build`: base images that the engine has under another name than the Dockerfile. */
  readonly replaced: ReadonlyMap<string, string>;
}

/** Services with an image of their own, in their order. @throws MeshdevError as planBuild does */
export async function planAll(
  {
    services,
    projectDir,
  }: Pick<PlanChoice, 'projectDir'> & {
    readonly services: readonly Pick<Service, 'id' | 'source'>[];
  },
  platform: string,
  run: RunScope,
): Promise<readonly ImagePlan[]> {
  const plans: ImagePlan[] = [];
  for (const { id, source } of services) {
    if (source.kind === 'image') plans.push({ service: id, kind: 'image', name: imageName(source.image) });
    if (source.kind !== 'build') continue;
    const build = await planBuild({ id }, source, { projectDir, platform }, run);
    plans.push({ service: id, kind: 'build', build });
  }
  return plans;
}

/** An image in the engine, and the name under which it was found. */
interface Held {
  readonly image: Image;
  readonly under: string;
}

type Find = (name: ImageName) => Promise<Held | undefined>;

/** @param engine undefined while none answers: then everything is missing */
export async function assess(
  plans: readonly ImagePlan[],
  engine: ContainerEngine | undefined,
  signal: AbortSignal,
): Promise<readonly Assessed[]> {
  const looked = new Map<string, Promise<Held | undefined>>();
  const find: Find = (name) => {
    const known = looked.get(name.full) ?? findImage(engine, name, signal);
    looked.set(name.full, known);
    return known;
  };
  const has = async (reference: string): Promise<boolean> =>
    (await engine?.images.inspect(reference, signal)) !== undefined;
  return Promise.all(
    plans.map((plan) =>
      plan.kind === 'image' ? assessImage(plan, find, has) : assessBuild(plan, find, has),
    ),
  );
}

async function findImage(
  engine: ContainerEngine | undefined,
  name: ImageName,
  signal: AbortSignal,
): Promise<Held | undefined> {
  for (const under of new Set([name.text, name.full, nameInEngine(name)])) {
    const image = await engine?.images.inspect(under, signal);
    if (image !== undefined) return { image, under };
  }
  return undefined;
}

const NOTHING_REPLACED: ReadonlyMap<string, string> = new Map();

async function assessImage(
  plan: Extract<ImagePlan, { kind: 'image' }>,
  find: Find,
  has: (reference: string) => Promise<boolean>,
): Promise<Assessed> {
  const { service, name } = plan;
  const shared = { service, plan, replaced: NOTHING_REPLACED };
  const held = await find(name);
  if (held === undefined)
    return {
      ...shared,
      reference: referenceOf(service, NOT_KNOWN_YET),
      state: 'missing',
      because: `image ${name.text}: not in the engine`,
      uses: [],
      absent: [{ name, by: [{ service, where: `services.${service}.image` }] }],
      source: undefined,
    };
  const key = hexOf(held.image.id).slice(0, KEY_DIGITS);
  const reference = referenceOf(service, key);
  const state = (await has(reference)) ? 'ready' : 'missing';
  const because = `image ${name.text}: in the engine, id ${key}`;
  const uses = [held.under];
  return { ...shared, reference, state, because, uses, absent: [], source: held.image.id };
}

async function assessBuild(
  plan: Extract<ImagePlan, { kind: 'build' }>,
  find: Find,
  has: (reference: string) => Promise<boolean>,
): Promise<Assessed> {
  const { service, build } = plan;
  const bases = await Promise.all(
    build.dockerfile.bases.map(async (base) => {
      const name = imageName(base.image);
      return { base, name, held: await find(name) };
    }),
  );
  const what = `build ${build.names.context}: ${sizeOfContext(build)}`;
  const absent = bases
    .filter(({ held }) => held === undefined)
    .map(({ base, name }) => ({
      name,
      by: [{ service, where: `${build.names.dockerfile}:${base.first}` }],
    }));
  const uses = bases.flatMap(({ held }) => held?.under ?? []);
  const shared = { service, plan, uses, absent, source: undefined };
  if (absent.length > 0)
    return {
      ...shared,
      reference: referenceOf(service, NOT_KNOWN_YET),
      state: 'missing',
      because: `${what}; its base image ${absent.map(({ name }) => name.text).join(', ')} is not in the engine`,
      replaced: NOTHING_REPLACED,
    };
  const ids = bases.flatMap(({ base, held }) =>
    held === undefined ? [] : [[base.image, held.image.id] as const],
  );
  const key = buildKey(build, new Map(ids));
  const reference = referenceOf(service, key);
  const state = (await has(reference)) ? 'ready' : 'missing';
  const replaced = bases.flatMap(({ base, name, held }) =>
    held !== undefined && name.digest !== undefined && held.under === nameInEngine(name)
      ? [[base.image, held.under] as const]
      : [],
  );
  const because = `${what}, key ${key}; ${state === 'ready' ? 'the engine has it' : 'not built yet'}`;
  return { ...shared, reference, state, because, replaced: new Map(replaced) };
}

const KEY_DIGITS = 16;

function referenceOf(service: ServiceId, key: string): string {
  return `${SERVICE_IMAGES}/${service}:${key}`;
}
