import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { ContainerEngine } from '../../ports/container-engine.ts';
import type { ImageSource, LabImages, LabTools, NodeImages, Provided } from '../../ports/image-source.ts';
import { PROFILES } from '../../profiles.ts';
import type { RunScope } from '../../run/run-scope.ts';
import { together } from '../../run/together.ts';
import { waitUntil } from '../../run/wait-until.ts';
import { packImages } from '../oci-archive.ts';
import { bytesOfImages, type OciImage } from '../oci-image.ts';
import { ensureSpace } from '../packages/disk.ts';
import { guestInputs, registryDirs, type RegistrySourceDeps, storeOf } from './deps.ts';
import { guestKey, keptGuest, makeGuest } from './guest-image.ts';
import { asNodeImages, type CompleteImages, inClusterImages, isComplete, labImages } from './lab-names.ts';
import { loadImages } from './load-engine.ts';
import { addToLock } from './lock-file.ts';
import { type PinnedImage, relockCommand } from './pins.ts';
import { pullLayers } from './pull.ts';
import { resolveImage } from './resolve-image.ts';
import { assess, situationDigest, type Situation, surveyOf } from './situation.ts';
import { sweepPartial } from './store.ts';
import type { ToolSpec } from './tool-specs.ts';
import { bringTool } from './tools.ts';

/**
 * Pulls pinned images from container registries or their mirror, and release files of tools. Needs no
 * Go, no Debian and no root; only an engine that answers.
 */
export function createRegistrySource(deps: RegistrySourceDeps): ImageSource {
  return {
    kind: 'registry',
    profile: PROFILES[deps.settings.profile],
    survey: async (signal) => surveyOf(await assess(deps, signal)),
    prerequisites: async () => undefined,
    ensureRoom: async (signal) => ensureRoom(deps, await assess(deps, signal), signal),
    provide: (run) => provide(deps, run),
  };
}

async function ensureRoom(deps: RegistrySourceDeps, found: Situation, signal: AbortSignal): Promise<void> {
  const { neededBytes } = surveyOf(found);
  const info = await (await deps.engine(signal))?.info(signal);
  await ensureSpace([
    { purpose: 'the pulled images', path: registryDirs(deps.cacheDir).dir, bytes: found.bytesToPull },
    {
      purpose: 'the engine',
      path: info?.dataRoot ?? '/var/lib/docker',
      bytes: neededBytes - found.bytesToPull,
    },
  ]);
}

async function provide(deps: RegistrySourceDeps, run: RunScope): Promise<Provided> {
  const situation = await assess(deps, run.signal);
  await ensureRoom(deps, situation, run.signal);
  await sweepPartial(registryDirs(deps.cacheDir).blobs);
  const [tools, images] = await together(run, (scope, join) =>
    Promise.all([join(bringTools(deps, situation, scope)), join(provideImages(deps, situation, scope))]),
  );
  return { ...images, tools };
}

async function provideImages(
  deps: RegistrySourceDeps,
  situation: Situation,
  run: RunScope,
): Promise<Omit<Provided, 'tools'>> {
  const images = await completeImages(deps, situation, run);
  // Only now: an engine that holds some of a set that broke off would hold half a lab.
  await loadEngine(deps, images, run);
  return {
    images: labImages(images),
    inCluster: nodeImages(deps, images),
    digest: situationDigest({ ...situation, found: images }),
  };
}

/** Every document and what the engine needs of the layers; the guest is made beside the pulls. */
async function completeImages(
  deps: RegistrySourceDeps,
  situation: Situation,
  run: RunScope,
): Promise<CompleteImages> {
  const found = { ...situation.found, ...(await resolveAll(deps, situation, run)) };
  const base = found.guestBase;
  if (base === undefined) throw incomplete();
  const [guest] = await together(run, (scope, join) =>
    Promise.all([join(guestOf(deps, base, scope)), join(pull(deps, situation, found, scope))]),
  );
  const images = { ...found, guest };
  if (isComplete(images)) return images;
  throw incomplete();
}

async function resolveAll(
  deps: RegistrySourceDeps,
  { pins, platform, lockPath, toPull }: Situation,
  run: RunScope,
): Promise<Readonly<Record<string, OciImage>>> {
  if (toPull.length === 0) return {};
  run.progress(`looking up ${pins.length} images`);
  const { client } = await deps.outside(run.signal);
  const context = { client, store: storeOf(deps) };
  const resolve = async (pin: PinnedImage, scope: RunScope) => ({
    pin,
    ...(await resolveImage(pin, platform, context, scope)),
  });
  const resolved = await together(run, (scope, join) =>
    Promise.all(pins.map((pin) => join(resolve(pin, scope)))),
  );
  const seen = resolved.filter(({ pin }) => pin.digest === undefined);
  await addToLock(lockPath, {
    images: Object.fromEntries(seen.map(({ pin, top }) => [pin.name, top])),
    files: {},
  });
  return Object.fromEntries(resolved.map(({ pin, image }) => [pin.id, image]));
}

async function pull(
  deps: RegistrySourceDeps,
  { toPull }: Situation,
  found: Situation['found'],
  run: RunScope,
): Promise<void> {
  const wanted = toPull.flatMap((pin) => {
    const image = found[pin.id];
    return image === undefined ? [] : [{ image, wanted: pin }];
  });
  if (wanted.length === 0) return;
  await pullLayers(wanted, { client: (await deps.outside(run.signal)).client, store: storeOf(deps) }, run);
}

async function guestOf(deps: RegistrySourceDeps, base: OciImage, run: RunScope): Promise<OciImage> {
  const inputs = guestInputs(deps);
  const key = await guestKey(inputs, base);
  return (await keptGuest(inputs, key)) ?? makeGuest(inputs, base, key, run);
}

function nodeImages(deps: RegistrySourceDeps, found: CompleteImages): NodeImages {
  const images = inClusterImages(found);
  const store = storeOf(deps);
  return {
    images: asNodeImages(images),
    bytes: bytesOfImages(images),
    open: () => packImages(images, store.open),
  };
}

const ENGINE_START_MS = 60_000;

async function loadEngine(deps: RegistrySourceDeps, found: CompleteImages, run: RunScope): Promise<void> {
  const engine = await engineThatAnswers(deps, run);
  const names = labImages(found);
  const ids = ['node', 'edge', 'guest'] as const;
  const looked = await Promise.all(
    ids.map(async (id) => ((await isHeld(engine, names, id, run)) ? [] : [id])),
  );
  const lacking = looked.flat().map((id) => ({ ...found[id], name: names[id] }));
  if (lacking.length === 0) return;
  await loadImages(engine, lacking, storeOf(deps), run);
}

async function isHeld(
  engine: ContainerEngine,
  names: LabImages,
  id: keyof LabImages,
  { signal }: RunScope,
): Promise<boolean> {
  return (await engine.images.inspect(names[id], signal)) !== undefined;
}

async function engineThatAnswers(deps: RegistrySourceDeps, run: RunScope): Promise<ContainerEngine> {
  return waitUntil(
    async () => {
      const engine = await deps.engine(run.signal);
      return engine === undefined ? { seen: 'none answers' } : { done: engine };
    },
    {
      what: 'the container engine to answer',
      timeoutMs: ENGINE_START_MS,
      remedies: ['meshdev engine status', 'meshdev engine start'],
      onSeen: run.progress,
      signal: run.signal,
    },
  );
}

async function bringTools(deps: RegistrySourceDeps, situation: Situation, run: RunScope): Promise<LabTools> {
  const { lock, lockPath, toolsToBring } = situation;
  const tools: Partial<Record<string, string>> = { ...situation.tools };
  if (toolsToBring.length > 0) {
    const { files } = await deps.outside(run.signal);
    const dir = registryDirs(deps.cacheDir).tools;
    const context = {
      runner: deps.runner,
      dir,
      store: storeOf(deps),
      files,
      lock: lock.files,
      lockedBy: lockPath,
      relock: relockCommand(deps.settings),
    };
    const bring = async (spec: ToolSpec, scope: RunScope) => ({
      spec,
      ...(await bringTool(context, spec, scope)),
    });
    const brought = await together(run, (scope, join) =>
      Promise.all(toolsToBring.map((spec) => join(bring(spec, scope)))),
    );
    await addToLock(lockPath, {
      images: {},
      files: Object.fromEntries(brought.map(({ spec, digest }) => [spec.path, digest])),
    });
    for (const { spec, program } of brought) tools[spec.name] = program;
  }
  const { kind, istioctl } = tools;
  if (kind === undefined || istioctl === undefined) throw incomplete();
  return { kind, istioctl };
}

function incomplete(): MeshdevError {
  return new MeshdevError('BUG', { message: 'an image or a tool of the lab has no pin' });
}
