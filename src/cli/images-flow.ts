import { EXIT } from '../errors/problems.ts';
import { forgetTools } from '../images/bundle/tools.ts';
import { type Inventory, listPackages, prunePackages } from '../images/packages/inventory.ts';
import { lockCache } from '../images/packages/lock.ts';
import { listPulled, prunePulled, type PulledImage } from '../images/registry/inventory.ts';
import { MeshdevError } from '../errors/meshdev-error.ts';
import type { ImageSource, Provided } from '../ports/image-source.ts';
import type { RunScope } from '../run/run-scope.ts';
import type { CliContext } from './cli-context.ts';
import { askConsent } from './consent.ts';
import { withDeadline } from './deadline.ts';
import { json } from '../report/json.ts';
import type { CommonOptions } from './options.ts';
import { say } from './print.ts';
import { runScopeOf } from './run-scope-of.ts';
import { type OpenedLab, openLab, openWantedLab } from './wire.ts';
import { packagesDeps, registryDeps } from './wire-images.ts';

/** Brings everything a lab needs, without a lab. Returns the exit code. */
export async function buildImages(cli: CliContext, options: CommonOptions): Promise<number> {
  const run = runScopeOf(cli, options);
  const opened = await openWantedLab(cli, options, true);
  const { images, tools } = (await provideImages(cli, opened, options, run)).provided;
  cli.out(
    options.output === 'json'
      ? json({ schemaVersion: '1', kind: 'ImagesProvided', images, tools })
      : `${Object.values(images).join('\n')}\n`,
  );
  return EXIT.ok;
}

interface ProvidedImages {
  readonly source: ImageSource;
  readonly provided: Provided;
}

/** Images and tools from the source that is chosen here; asks first where it has to install something. */
export async function provideImages(
  cli: CliContext,
  { context, source }: OpenedLab,
  options: CommonOptions,
  run: RunScope,
): Promise<ProvidedImages> {
  const { kind, because } = await source(run.signal);
  const images = await context.images(run.signal);
  const survey = await images.survey(run.signal);
  say(cli, `source ${kind} (${because}) · ${survey.because}\n`);
  const needs = await images.prerequisites(run.signal);
  if (needs !== undefined) await consentTo(cli, options, needs, run.signal);
  return { source: images, provided: await context.provide(run) };
}

async function consentTo(
  cli: CliContext,
  options: CommonOptions,
  what: string,
  signal: AbortSignal,
): Promise<void> {
  if (await askConsent(cli, options, [{ what }], signal)) return;
  throw new MeshdevError('CONSENT_NEEDED', {
    message: `building images: this change needs consent: ${what}`,
    remedies: ['meshdev images build --yes'],
  });
}

/** What the caches of the sources and the engine hold. */
export interface AllImages extends Inventory {
  readonly pulled: readonly PulledImage[];
}

/** What caches and engine hold, and which of it the present pins use. */
export async function inventory(cli: CliContext, options: CommonOptions): Promise<AllImages> {
  const signal = withDeadline(cli.signal, options.timeout);
  const opened = await openLab(cli, options, true);
  const { wiring } = opened;
  const reached = await wiring.reachEngine(signal);
  const { pulled, current } = await listPulled(registryDeps(wiring), signal);
  const packages = packagesDeps(cli, wiring.paths, wiring.runner, reached);
  const alsoCurrent = new Set([...current, ...(await imagesOfServices(opened, signal))]);
  return { ...(await listPackages(packages, alsoCurrent, signal)), pulled };
}

/** What the services of this meshdev.yaml have in the engine, and what that is made of. */
async function imagesOfServices({ context }: OpenedLab, signal: AbortSignal): Promise<readonly string[]> {
  const images = await (await context.serviceImages(signal)).survey(signal);
  return images.flatMap(({ reference, uses }) => [reference, ...uses]);
}

/** Removes what the present pins do not use; with `all`, everything but images of running containers. */
export async function prune(cli: CliContext, options: CommonOptions, all: boolean): Promise<Inventory> {
  const run = runScopeOf(cli, options);
  const { signal } = run;
  const opened = await openLab(cli, options, true);
  const { wiring } = opened;
  const reached = await wiring.reachEngine(signal);
  const deps = packagesDeps(cli, wiring.paths, wiring.runner, reached);
  await using _lock = await lockCache(deps.cacheDir, run);
  const { current } = await listPulled(registryDeps(wiring), signal);
  const alsoCurrent = new Set([...current, ...(all ? [] : await imagesOfServices(opened, signal))]);
  await prunePulled(registryDeps(wiring), all, signal);
  if (all) await forgetTools(wiring.paths.cacheDir);
  return await prunePackages(deps, { all, alsoCurrent, signal });
}
