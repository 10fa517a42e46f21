import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageSettings } from '../config/image-settings.ts';
import { dockerHostOf } from '../engine/endpoint.ts';
import { MeshdevError, textOf } from '../errors/meshdev-error.ts';
import type { SourceOffer } from '../images/choose-source.ts';
import { packagesUnfit } from '../images/packages/prerequisites.ts';
import type { PackagesSourceDeps } from '../images/packages/situation.ts';
import { createPackagesSource } from '../images/packages/source.ts';
import { registrySilence } from '../images/registry/answers.ts';
import { rememberAuthorities } from '../images/registry/authorities.ts';
import { createRegistryClient } from '../images/registry/client.ts';
import { dockerCredentials } from '../images/registry/credentials.ts';
import type { RegistrySourceDeps } from '../images/registry/deps.ts';
import { createGet } from '../images/registry/http.ts';
import { EMPTY_LOCK } from '../images/registry/lock-file.ts';
import { pinnedImages } from '../images/registry/pins.ts';
import { releaseFiles } from '../images/registry/release-files.ts';
import { createRegistrySource } from '../images/registry/source.ts';
import type { ReachedEngine } from '../lab/lab-context.ts';
import type { ImageSource, SourceKind } from '../ports/image-source.ts';
import type { ProcessRunner } from '../ports/process-runner.ts';
import type { Paths } from '../topology/paths.ts';
import { bundleSourceFor } from './bundle-source.ts';
import type { CliContext } from './cli-context.ts';

/** All that the image sources share; part of the composition root. */
export interface ImageWiring {
  readonly cli: CliContext;
  readonly paths: Paths;
  readonly runner: ProcessRunner;
  readonly settings: ImageSettings;
  readonly reachEngine: (signal: AbortSignal) => Promise<ReachedEngine | undefined>;
}

/** Silence on a line for so long means that it is dead. */
const STALL_MS = 20_000;

/** The sources in the order of preference, each with how to find out what is against it. */
export function sourceOffers(wiring: ImageWiring, signal: AbortSignal): readonly SourceOffer[] {
  const { settings } = wiring;
  return [
    {
      kind: 'bundle',
      against: async () => (settings.bundle === undefined ? 'none is configured' : undefined),
    },
    {
      kind: 'registry',
      against: async () => {
        const pins = pinnedImages(settings, EMPTY_LOCK, '');
        return registrySilence(pins, { ...(await openGet(wiring, [])), signal });
      },
    },
    { kind: 'packages', against: () => packagesAgainst(wiring, signal) },
  ];
}

export async function openSource(
  kind: SourceKind,
  wiring: ImageWiring,
  signal: AbortSignal,
): Promise<ImageSource> {
  switch (kind) {
    case 'packages': {
      const { cli, paths, runner, reachEngine } = wiring;
      return createPackagesSource(packagesDeps(cli, paths, runner, await reachEngine(signal)));
    }
    case 'registry':
      return createRegistrySource(registryDeps(wiring));
    case 'bundle': {
      const { cli, paths, settings, reachEngine } = wiring;
      if (settings.bundle !== undefined) return bundleSourceFor(cli, paths, settings.bundle, reachEngine);
      throw new MeshdevError('IMAGE_SOURCE_UNAVAILABLE', {
        message: 'reading a bundle: no bundle is named',
        remedies: ['meshdev up --bundle FILE', 'meshdev docs images'],
      });
    }
  }
}

/** What the source `packages` needs of this machine and this checkout. */
export function packagesDeps(
  cli: CliContext,
  paths: Paths,
  runner: ProcessRunner,
  reached: ReachedEngine | undefined,
): PackagesSourceDeps {
  return {
    runner,
    cacheDir: paths.cacheDir,
    templatesDir: join(cli.packageDir, 'templates'),
    distDir: join(cli.packageDir, 'dist'),
    ...(reached === undefined
      ? {}
      : { dockerHost: dockerHostOf(reached.found.endpoint), matching: matchingIn(reached) }),
  };
}

function matchingIn({ engine }: ReachedEngine): NonNullable<PackagesSourceDeps['matching']> {
  return async (pattern, signal) =>
    (await engine.images.matching(pattern, signal)).flatMap(({ tags }) => tags);
}

/** What is against building here: nothing, where nothing has to be built. */
async function packagesAgainst(wiring: ImageWiring, signal: AbortSignal): Promise<string | undefined> {
  const unfit = await packagesUnfit(wiring.runner);
  if (unfit === undefined) return undefined;
  const { missing } = await (await openSource('packages', wiring, signal)).survey(signal);
  return missing.length === 0 ? undefined : unfit;
}

/** What the source `registry` needs of this machine and this checkout. */
export function registryDeps(wiring: ImageWiring): RegistrySourceDeps {
  const { cli, paths, runner, settings, reachEngine } = wiring;
  let outside: ReturnType<RegistrySourceDeps['outside']> | undefined;
  return {
    runner,
    settings,
    cacheDir: paths.cacheDir,
    stateDir: paths.stateDir,
    templatesDir: join(cli.packageDir, 'templates'),
    distDir: join(cli.packageDir, 'dist'),
    machine: { platform: cli.platform, arch: cli.arch },
    engine: async (signal) => (await reachEngine(signal))?.engine,
    outside: (signal) => {
      outside ??= openOutside(wiring, signal);
      return outside;
    },
  };
}

async function openOutside(wiring: ImageWiring, signal: AbortSignal) {
  const { cli, runner, settings, reachEngine } = wiring;
  const networks = (await (await reachEngine(signal))?.engine.networks.list({}, signal)) ?? [];
  const { get } = await openGet(
    wiring,
    networks.flatMap(({ subnets }) => subnets),
  );
  const credentials = dockerCredentials(cli.env['DOCKER_CONFIG'] ?? join(cli.home, '.docker'), {
    runner,
    env: cli.env,
    say: (line) => cli.err(`meshdev: ${line}\n`),
  });
  return { client: createRegistryClient(get, credentials), files: releaseFiles(settings.downloads, get) };
}

/** @param subnets of the engine's networks: no proxy leads there */
async function openGet({ cli, settings }: ImageWiring, subnets: readonly string[]) {
  const own = settings.ca === undefined ? undefined : await readAuthorities(settings.ca);
  const authorities = rememberAuthorities(own);
  return { get: createGet({ env: cli.env, direct: subnets, stallMs: STALL_MS, authorities }), authorities };
}

async function readAuthorities(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new MeshdevError('CONFIG_INVALID', {
      message: `reading the CA certificates for pulls, ${path}: ${textOf(cause)}`,
      remedies: [`ls -l ${path}`, 'meshdev docs images'],
      cause,
    });
  });
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw new MeshdevError('CONFIG_INVALID', {
    message: `reading the CA certificates for pulls: ${path} contains no certificate in PEM format`,
    remedies: [`openssl x509 -in ${path} -inform der -out ${path}.pem`],
  });
}
