import { join } from 'node:path';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { ContainerEngine } from '../../ports/container-engine.ts';
import type { NodeImages } from '../../ports/image-source.ts';
import type { ServiceImage, ServiceImages } from '../../ports/service-images.ts';
import type { RunScope } from '../../run/run-scope.ts';
import type { Service, ServiceId } from '../../topology/service.ts';
import { registryDirs, type RegistrySourceDeps } from '../registry/deps.ts';
import { engineArch } from '../registry/situation.ts';
import { sweepPartial } from '../registry/store.ts';
import { assess, type Assessed, planAll } from './assess.ts';
import { atMost } from '../../run/at-most.ts';
import { buildService } from './build-service.ts';
import { imageName, nameInArchive } from './image-name.ts';
import { type FetchDeps, fetchImage } from './fetch-image.ts';
import { nodeImagesOf } from './node-archive.ts';

/** What they need, of the registry too: images of users are pulled whichever source the lab is made from. */
export interface ServiceImagesDeps extends FetchDeps, Pick<RegistrySourceDeps, 'engine'> {
  /** Those without an image of their own are passed over. */
  readonly services: readonly Pick<Service, 'id' | 'source'>[];
  /** The directory of meshdev.yaml, absolute. */
  readonly projectDir: string;
}

const AT_ONCE = 2;

export function openServiceImages(deps: ServiceImagesDeps): ServiceImages {
  return {
    survey: async (signal) => (await look(deps, quiet(signal))).map(imageOf),
    provide: (run) => provide(deps, run),
    portable: (run) => portable(deps, run),
    nodeImages: (images, run) => nodeImages(deps, images, run),
  };
}

const quiet = (signal: AbortSignal): RunScope => ({ signal, progress: () => undefined });

async function look(deps: ServiceImagesDeps, run: RunScope): Promise<readonly Assessed[]> {
  const engine = await deps.engine(run.signal);
  const platform = `linux/${await engineArch(engine, run.signal)}`;
  return assess(await planAll(deps, platform, run), engine, run.signal);
}

function imageOf({ service, reference, state, because, uses }: Assessed): ServiceImage {
  return { service, reference, state, because, uses };
}

async function provide(deps: ServiceImagesDeps, run: RunScope): Promise<readonly ServiceImage[]> {
  const engine = await deps.engine(run.signal);
  if (engine === undefined) throw noEngine();
  const platform = `linux/${await engineArch(engine, run.signal)}`;
  const plans = await planAll(deps, platform, run);
  let found = await assess(plans, engine, run.signal);
  const absent = absentIn(found);
  if (absent.length > 0) {
    await sweepPartial(registryDirs(deps.cacheDir).blobs);
    await atMost(AT_ONCE, absent, (one, scope) => fetchImage(deps, engine, { ...one, platform }, scope), run);
    found = await assess(plans, engine, run.signal);
  }
  const missing = found.filter(({ state }) => state === 'missing');
  await atMost(AT_ONCE, missing, (one, scope) => make(engine, one, scope), run);
  if (missing.length > 0) found = await assess(plans, engine, run.signal);
  for (const { service, state, because } of found)
    if (state === 'missing') throw stillMissing(service, because);
  return found.map(imageOf);
}

/** Each image that several services need once, with all of them. */
function absentIn(found: readonly Assessed[]): readonly Assessed['absent'][number][] {
  const byName = new Map<string, Assessed['absent'][number]>();
  for (const one of found.flatMap(({ absent }) => absent)) {
    const by = [...(byName.get(one.name.full)?.by ?? []), ...one.by];
    byName.set(one.name.full, { name: one.name, by });
  }
  return [...byName.values()];
}

async function make(
  engine: ContainerEngine,
  { plan, reference, source, replaced }: Assessed,
  run: RunScope,
): Promise<void> {
  if (plan.kind === 'build') return buildService(engine, plan.build, reference, replaced, run);
  if (source !== undefined) await engine.images.tag(source, reference, run.signal);
}

async function nodeImages(
  deps: ServiceImagesDeps,
  images: readonly ServiceImage[],
  run: RunScope,
): Promise<readonly NodeImages[]> {
  const engine = await deps.engine(run.signal);
  if (engine === undefined) throw noEngine();
  const dir = join(deps.cacheDir, 'services');
  const archives: NodeImages[] = [];
  for (const { service, reference, because } of images) {
    const held = await engine.images.inspect(reference, run.signal);
    if (held === undefined) throw stillMissing(service, because);
    archives.push(await nodeImagesOf(engine, { reference, id: held.id }, dir, run));
  }
  return archives;
}

/** What was found by a digest gets the name that meshdev looks for. */
async function portable(deps: ServiceImagesDeps, run: RunScope): Promise<readonly string[]> {
  const images = await provide(deps, run);
  const engine = await deps.engine(run.signal);
  if (engine === undefined) throw noEngine();
  const names = new Set(images.map(({ reference }) => reference));
  for (const under of images.flatMap(({ uses }) => uses)) {
    const name = nameInArchive(imageName(under));
    if (under.includes('@')) await engine.images.tag(under, name, run.signal);
    names.add(name);
  }
  return [...names];
}

function stillMissing(service: ServiceId, because: string): MeshdevError {
  return new MeshdevError('SERVICE_IMAGE_MISSING', {
    message: `the image of the service ${service} is not in the engine: ${because}`,
    remedies: ['meshdev up', 'docker images'],
    details: { services: [service] },
  });
}

function noEngine(): MeshdevError {
  return new MeshdevError('ENGINE_NOT_FOUND', {
    message: 'bringing the images of services: no container engine answers',
    remedies: ['meshdev engine status', 'meshdev engine start'],
  });
}
