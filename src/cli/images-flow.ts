import { EXIT } from '../errors/problems.ts';
import { type Inventory, listPackages, prunePackages } from '../images/packages/inventory.ts';
import { lockCache } from '../images/packages/lock.ts';
import { packagesPrerequisites } from '../images/packages/prerequisites.ts';
import type { PackagesSourceDeps } from '../images/packages/situation.ts';
import { MeshdevError } from '../errors/meshdev-error.ts';
import { pathsFrom } from '../topology/paths.ts';
import type { CliContext } from './cli-context.ts';
import { askConsent } from './consent.ts';
import { withDeadline } from './deadline.ts';
import type { CommonOptions } from './options.ts';
import { openEngines, openLab, openRunner, packagesDeps } from './wire.ts';

/** Builds and loads everything a lab needs, without a lab. Returns the exit code. */
export async function buildImages(cli: CliContext, options: CommonOptions): Promise<number> {
  const { context } = await openLab(cli, options);
  const run = {
    signal: withDeadline(cli.signal, options.timeout),
    progress: (message: string) => cli.err(`${message}\n`),
  };
  const survey = await (await context.images(run.signal)).survey(run.signal);
  cli.err(`${survey.because}\n`);
  if (survey.missing.some((missing) => missing.startsWith('stage ')))
    await consentToPackages(cli, options, run.signal);
  const { images, tools } = await context.provide(run);
  cli.out(
    options.output === 'json'
      ? `${JSON.stringify({ images, tools }, null, 2)}\n`
      : `${Object.values(images).join('\n')}\n`,
  );
  return EXIT.ok;
}

async function consentToPackages(
  cli: CliContext,
  options: CommonOptions,
  signal: AbortSignal,
): Promise<void> {
  const { debianPackages, command } = await packagesPrerequisites(openRunner(cli), signal);
  if (debianPackages.length === 0) return;
  const what = `install what building images needs: ${command.join(' ')}`;
  if (await askConsent(cli, options, [{ what }])) return;
  throw new MeshdevError('CONSENT_NEEDED', {
    message: `building images: nobody said yes to: ${what}`,
    remedies: ['meshdev images build --yes'],
  });
}

/** What cache and engine hold, and which of it the present pins use. */
export async function inventory(cli: CliContext, signal: AbortSignal): Promise<Inventory> {
  return listPackages(await sourceDeps(cli, signal), signal);
}

/** Removes what the present pins do not use; with `all`, everything but images of running containers. */
export async function prune(cli: CliContext, all: boolean, signal: AbortSignal): Promise<Inventory> {
  const deps = await sourceDeps(cli, signal);
  await using _lock = await lockCache(deps.cacheDir, {
    signal,
    progress: (message) => cli.err(`${message}\n`),
  });
  return await prunePackages(deps, { all, signal });
}

async function sourceDeps(cli: CliContext, signal: AbortSignal): Promise<PackagesSourceDeps> {
  const paths = pathsFrom(cli.env, cli.home);
  const runner = openRunner(cli);
  return packagesDeps(cli, paths, runner, await openEngines(cli, paths, runner).find(signal));
}
