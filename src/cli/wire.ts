import type { WatchSources } from '../ports/source-changes.ts';
import { machineFiles, machineMarks } from '../host/machine-files.ts';
import { dirname, join, resolve } from 'node:path';
import { createDetachedLauncher } from '../adapters/detached-launcher.ts';
import { createDockerodeEngine } from '../adapters/dockerode-engine.ts';
import { createExecaRunner } from '../adapters/execa-runner.ts';
import { createKubernetesCluster } from '../adapters/kubernetes-cluster.ts';
import { createX509Authority } from '../adapters/x509-authority.ts';
import { mistakenFiles } from '../config/manifest-mistakes.ts';
import type { UnderstoodManifests } from '../config/manifests/understand.ts';
import { readConfigFile, type ReadConfig } from '../config/read.ts';
import { choiceOf, type Config, resolveConfig } from '../config/resolve.ts';
import { personasOf, servicesOf } from '../config/services/derive.ts';
import { refuseNotDeployed } from '../config/services/not-deployed.ts';
import { createEngineManager, type EngineManager } from '../engine/engine-manager.ts';
import { MeshdevError } from '../errors/meshdev-error.ts';
import type { ImageSettings } from '../config/image-settings.ts';
import { chooseSource, type ChosenSource, type Wishes } from '../images/choose-source.ts';
import { keyStore } from '../keys/key-store.ts';
import { readKeys } from '../keys/read-keys.ts';
import type { LabContext, ReachedEngine } from '../lab/lab-context.ts';
import { createLabOwner } from '../lab/lab-owner.ts';
import { type LabRecord, readLabRecord } from '../lab/lab-record.ts';
import { readManifests } from '../lab/read-manifests.ts';
import type { ImageSource, Provided } from '../ports/image-source.ts';
import type { ProcessRunner } from '../ports/process-runner.ts';
import type { RunScope } from '../run/run-scope.ts';
import { createLab, type Lab, withOwnParts } from '../topology/lab.ts';
import { hasContainer } from '../topology/service.ts';
import { labPaths, type Paths, pathsFrom } from '../topology/paths.ts';
import type { CliContext } from './cli-context.ts';
import { imageSettings, wishesOf } from './image-choice.ts';
import type { CommonOptions } from './options.ts';
import { type ImageWiring, openSource, registryDeps, sourceOffers } from './wire-images.ts';

// The composition root: the only file that knows which adapter plays which role.

/** A lab with all that works on it, and how its configuration came to be. */
export interface OpenedLab {
  readonly context: LabContext;
  readonly config: Config;
  readonly settings: ImageSettings;
  /** Where its images come from; decided when it is first asked for, which may take three seconds. */
  readonly source: (signal: AbortSignal) => Promise<ChosenSource>;
  /** What the last `up` left behind; undefined when there was none. */
  readonly record: LabRecord | undefined;
  readonly wiring: ImageWiring;
  /** meshdev.yaml, where there is one. */
  readonly file: ReadConfig | undefined;
}

/**
 * The lab that the file asks for: to make it, or to judge it. What uses a lab as it is opens that one.
 * @param forget for commands that are about no lab: manifests are not read either
 * @throws MeshdevError CONFIG_INVALID when the file wants what this version does not make, or names manifests with mistakes
 */
export async function openWantedLab(
  cli: CliContext,
  options: Partial<CommonOptions>,
  forget = false,
): Promise<OpenedLab> {
  return open(cli, options, forget, async (file, record) => {
    if (file === undefined) refuseGoneFile(record);
    refuseNotDeployed(file);
    return forget ? undefined : wantedManifests(cli, file);
  });
}

/**
 * The lab as it is: a command that only uses it does not fail for manifests that have mistakes.
 * @param forget leave out what the lab was made with: for commands that are about no lab
 */
export function openLab(
  cli: CliContext,
  options: Partial<CommonOptions>,
  forget = false,
): Promise<OpenedLab> {
  return open(cli, options, forget, async () => undefined);
}

/** Watches files of a project; loaded only where somebody watches. */
export async function openWatcher(): Promise<WatchSources> {
  return (await import('../adapters/chokidar-watcher.ts')).watchWithChokidar;
}

/** What the manifests that a file names come to. @throws MeshdevError CONFIG_INVALID with all that is wrong with them */
export async function wantedManifests(
  cli: CliContext,
  file: ReadConfig | undefined,
): Promise<UnderstoodManifests | undefined> {
  if (file === undefined) return undefined;
  const manifests = await readManifestsOf(cli, file);
  if (manifests.problems.length > 0) throw await mistakenFiles(file.path, [], manifests.problems);
  return manifests;
}

/** The same, with what is wrong in the result. */
export function readManifestsOf(
  cli: CliContext,
  { path, values }: Pick<ReadConfig, 'path' | 'values'>,
): Promise<UnderstoodManifests> {
  const dir = dirname(resolve(cli.cwd, path));
  return readManifests(values, { dir, runner: openRunner(cli), signal: cli.signal });
}

async function open(
  cli: CliContext,
  options: Partial<CommonOptions>,
  forget: boolean,
  manifestsOf: (
    file: ReadConfig | undefined,
    record: LabRecord | undefined,
  ) => Promise<UnderstoodManifests | undefined>,
): Promise<OpenedLab> {
  const paths = pathsFrom(cli.env, cli.home);
  const given = await readFile(cli, options);
  const { name } = resolveConfig({ flags: { name: options.name }, env: cli.env, file: given });
  const files = labPaths(paths, name.value);
  const record = forget ? undefined : await readLabRecord(files.record);
  const file = given ?? (await rememberedFile(cli, options, record));
  const config = resolveConfig({ flags: options, env: cli.env, file, record });
  const manifests = await manifestsOf(file, record);
  const lab = labOf(config, file, manifests?.facts);
  const settings = imageSettings(config, { cwd: cli.cwd, configFile: file?.path });
  const runner = openRunner(cli);
  const engines = openEngines(cli, paths, runner);
  const wiring = { cli, paths, runner, settings, reachEngine: rememberReached(engines) };
  const source = rememberChoice(wishesOf(config, record), wiring);
  const project = { dir: file === undefined ? cli.cwd : dirname(resolve(cli.cwd, file.path)), env: cli.env };
  const context = {
    ...connect(wiring, engines, source, { lab, files, project }),
    policy: file?.policy,
    manifests: manifests?.sets,
  };
  return { context, config, settings, source, record, wiring, file };
}

function readFile(cli: CliContext, options: Partial<CommonOptions>): Promise<ReadConfig | undefined> {
  return readConfigFile(options.config ?? join(cli.cwd, 'meshdev.yaml'), {
    required: options.config !== undefined,
    zone: options.domain ?? cli.env['MESHDEV_DOMAIN'],
  });
}

/** A lab stays with the file that it was made from, wherever a command is run; undefined where that is gone. */
function rememberedFile(
  { env }: CliContext,
  { domain }: Partial<CommonOptions>,
  record: LabRecord | undefined,
): Promise<ReadConfig | undefined> | undefined {
  if (record?.configFile === undefined) return undefined;
  return readConfigFile(record.configFile, { required: false, zone: domain ?? env['MESHDEV_DOMAIN'] });
}

/** Without its file a lab would lose its services. @throws MeshdevError CONFIG_INVALID */
function refuseGoneFile(record: LabRecord | undefined): void {
  if (record?.configFile === undefined) return;
  const { name, configFile } = record;
  throw new MeshdevError('CONFIG_INVALID', {
    message: `looking for the configuration of lab ${name}: ${configFile}, which it was created from, does not exist`,
    remedies: [`meshdev up --name ${name} --config FILE`, `meshdev down --name ${name}`],
  });
}

/** The lab with the services and people of its file. */
function labOf(
  config: Config,
  file: ReadConfig | undefined,
  facts: UnderstoodManifests['facts'] | undefined,
): Lab {
  const lab = createLab(choiceOf(config));
  if (file === undefined) return lab;
  return withOwnParts(lab, {
    services: servicesOf(file.values, lab, facts),
    users: personasOf(file.values),
  });
}

function rememberChoice(wishes: Wishes, wiring: ImageWiring): OpenedLab['source'] {
  let chosen: Promise<ChosenSource> | undefined;
  return (signal) => (chosen ??= chooseSource(wishes, sourceOffers(wiring, signal)));
}

function imagesOf(wiring: ImageWiring, source: OpenedLab['source']): LabContext['images'] {
  let bundle: Promise<ImageSource> | undefined;
  return async (signal) => {
    const { kind } = await source(signal);
    // One for the whole run: it has verified its file once.
    if (kind === 'bundle') return (bundle ??= openSource(kind, wiring, signal));
    return openSource(kind, wiring, signal);
  };
}

function connect(
  wiring: ImageWiring,
  engines: EngineManager,
  source: OpenedLab['source'],
  { lab, files, project }: Pick<LabContext, 'lab' | 'files' | 'project'>,
): LabContext {
  const { cli, paths, runner, reachEngine } = wiring;
  const images = imagesOf(wiring, source);
  const store = keyStore({ ...files, uid: cli.uid });
  let provided: Promise<Provided> | undefined;
  return {
    lab,
    project,
    paths,
    files,
    packageDir: cli.packageDir,
    runner,
    engines,
    reachEngine,
    engine: async (signal) => {
      const reached = await reachEngine(signal);
      if (reached !== undefined) return reached.engine;
      throw new MeshdevError('ENGINE_NOT_FOUND', {
        message: 'no container engine answers',
        remedies: ['meshdev engine start', 'meshdev up'],
      });
    },
    images,
    serviceImages: async () => {
      const { openServiceImages } = await import('../images/services/service-images.ts');
      const services = lab.services.filter(hasContainer);
      return openServiceImages({ ...registryDeps(wiring), services, projectDir: project.dir });
    },
    provide: (run: RunScope) => {
      provided ??= images(run.signal).then((opened) => opened.provide(run));
      return provided;
    },
    owner: createLabOwner(paths, files),
    keyStore: store,
    authority: createX509Authority(),
    keys: () => readKeys(store),
    cluster: createKubernetesCluster(files.kubeconfig),
    slowClients: (cli.env['MESHDEV_SLOW_CLIENTS'] ?? '') !== '',
    machine: async () =>
      machineFiles({
        home: cli.home,
        // What `meshdev env` points to is the lab's own.
        kubeconfigs: (cli.env['KUBECONFIG'] ?? '')
          .split(':')
          .filter((path) => path !== '' && !path.startsWith(paths.stateDir)),
        marks: await machineMarks(lab, files.edgeRoot),
      }),
  };
}

export function openRunner(cli: CliContext): ProcessRunner {
  return createExecaRunner(cli.env);
}

export function openEngines(cli: CliContext, paths: Paths, runner: ProcessRunner): EngineManager {
  return createEngineManager({
    runner,
    launcher: createDetachedLauncher(),
    connect: createDockerodeEngine,
    stateDir: paths.stateDir,
    templatesDir: join(cli.packageDir, 'templates'),
    env: cli.env,
    home: cli.home,
    platform: cli.platform,
    uid: cli.uid,
  });
}

/** An engine that answered once is kept; one that did not is looked for again. */
function rememberReached(
  engines: EngineManager,
): (signal: AbortSignal) => Promise<ReachedEngine | undefined> {
  let reached: ReachedEngine | undefined;
  return async (signal) => {
    if (reached !== undefined) return reached;
    const found = await engines.find(signal);
    if (found !== undefined) reached = { found, engine: createDockerodeEngine(found.endpoint) };
    return reached;
  };
}
