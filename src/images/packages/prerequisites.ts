import { readFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { geteuid } from 'node:process';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { ProcessRunner } from '../../ports/process-runner.ts';
import type { RunScope } from '../../run/run-scope.ts';
import { GO_FLOOR } from '../../versions.ts';
import type { Stage } from './stage.ts';
import { isMissing } from '../../errors/system-error.ts';

/** Debian packages that building needs on this machine, and a path that says each one is there. */
const BUILD_PACKAGES = ['mmdebstrap', 'gcc', 'libc6-dev', 'pkg-config', 'libseccomp-dev'];

/** What would have to be installed before images can be built. */
interface Prerequisites {
  /** Installed by meshdev itself, with consent. */
  readonly debianPackages: readonly string[];
  /** The exact command, for the question of consent. */
  readonly command: readonly string[];
}

/** What building the images needs from Debian that is not there. Changes nothing. */
async function packagesPrerequisites(runner: ProcessRunner, signal: AbortSignal): Promise<Prerequisites> {
  const wanted = [...BUILD_PACKAGES, ...((await hasPip(runner, signal)) ? [] : ['python3-pip'])];
  const debianPackages = await notInstalled(runner, wanted, signal);
  return {
    debianPackages,
    command: ['apt-get', 'install', '-y', '--no-install-recommends', ...debianPackages],
  };
}

/** What building would install on this machine, in words that consent can be asked with; undefined where all is there. */
export async function buildNeeds(runner: ProcessRunner, signal: AbortSignal): Promise<string | undefined> {
  const { debianPackages, command } = await packagesPrerequisites(runner, signal);
  return debianPackages.length === 0
    ? undefined
    : `install the build dependencies of the images: ${command.join(' ')}`;
}

/** Installs what is missing; consent is the caller's. Nothing missing: nothing is run. */
export async function installPrerequisites(runner: ProcessRunner, run: RunScope): Promise<void> {
  const { debianPackages, command } = await packagesPrerequisites(runner, run.signal);
  if (debianPackages.length === 0) return;
  run.progress(`installing ${debianPackages.join(', ')}`);
  const [program = 'apt-get', ...args] = command;
  const options = { env: { DEBIAN_FRONTEND: 'noninteractive' }, signal: run.signal };
  const first = await runner.run(program, args, { ...options, allowFailure: true });
  if (first.exitCode === 0) return;
  // The package index of the machine may be missing or too old.
  await runner.run('apt-get', ['update'], options);
  await runner.run(program, args, options);
}

/** Why images cannot be built on this machine; undefined when they can. */
export async function packagesUnfit(runner: ProcessRunner): Promise<string | undefined> {
  const unfit = unfitBecause(platform(), geteuid?.(), await osRelease());
  if (unfit !== undefined) return unfit;
  return (await runner.find('go')) === undefined ? 'Go is not installed (not found on PATH)' : undefined;
}

/**
 * Whether these stages can be made here; what they do not take may be missing.
 * @param goVersion empty where Go is not on PATH
 * @throws MeshdevError IMAGE_SOURCE_UNAVAILABLE, TOOL_MISSING
 */
export async function ensureBuildHost(
  runner: ProcessRunner,
  stages: readonly Pick<Stage, 'tools'>[],
  goVersion: string,
): Promise<void> {
  const unfit = unfitBecause(platform(), geteuid?.(), await osRelease());
  if (unfit !== undefined) throw unfitError(unfit);
  await ensureTools(runner, stages, goVersion);
}

/** @throws MeshdevError TOOL_MISSING for a program that one of these stages takes */
export async function ensureTools(
  runner: ProcessRunner,
  stages: readonly Pick<Stage, 'tools'>[],
  goVersion: string,
): Promise<void> {
  const tools = new Set(stages.flatMap((stage) => stage.tools ?? []));
  if (tools.has('go')) ensureGo(goVersion);
  if (tools.has('npm') && (await runner.find('npm')) === undefined)
    throw toolMissing('npm is not installed (not found on PATH)', 'apt-get install -y npm');
}

/** Why images cannot be built on such a machine; undefined when they can. Pure. */
export function unfitBecause(system: string, uid: number | undefined, release: string): string | undefined {
  if (system !== 'linux') return `this machine runs ${system}; root file systems can be built only on Debian`;
  const ids = [...release.matchAll(/^(?:ID|ID_LIKE)="?([^"\n]*)"?$/gm)].flatMap(
    ([, value]) => value?.split(' ') ?? [],
  );
  if (!ids.includes('debian'))
    return `this machine runs ${ids[0] ?? 'an unknown distribution'}; root file systems can be built only on Debian`;
  return uid === 0
    ? undefined
    : `user ${uid ?? 'unknown'} is not root; building root file systems requires root`;
}

/** True when a `go version` such as go1.26.8 can build what `floor` names. Pure. */
export function goIsEnough(goVersion: string, floor: string): boolean {
  const have = numbers(goVersion);
  const want = numbers(floor);
  const at = want.findIndex((part, index) => part !== (have[index] ?? 0));
  return have.length > 0 && (at === -1 || (have[at] ?? 0) > (want[at] ?? 0));
}

function numbers(version: string): readonly number[] {
  return (/(\d+(?:\.\d+)*)/.exec(version)?.[1] ?? '')
    .split('.')
    .filter((part) => part !== '')
    .map(Number);
}

function ensureGo(goVersion: string): void {
  if (goIsEnough(goVersion, GO_FLOOR)) return;
  const seen = goVersion === '' ? 'Go is not installed (not found on PATH)' : `${goVersion} is installed`;
  throw toolMissing(
    `building the images needs Go ${GO_FLOOR} or newer: ${seen}`,
    'install Go from https://go.dev/doc/install and put it on PATH',
  );
}

function toolMissing(message: string, remedy: string): MeshdevError {
  return new MeshdevError('TOOL_MISSING', {
    message,
    remedies: [remedy, 'meshdev up --image-source registry'],
  });
}

function unfitError(because: string): MeshdevError {
  return new MeshdevError('IMAGE_SOURCE_UNAVAILABLE', {
    message: `building images from packages is not possible here: ${because}`,
    remedies: ['meshdev up --image-source registry'],
  });
}

async function hasPip(runner: ProcessRunner, signal: AbortSignal): Promise<boolean> {
  if ((await runner.find('python3')) === undefined) return false;
  return (
    (await runner.run('python3', ['-m', 'pip', '--version'], { allowFailure: true, signal })).exitCode === 0
  );
}

async function notInstalled(
  runner: ProcessRunner,
  wanted: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const query = ['-W', '-f', '${Package} ${db:Status-Status}\n', ...wanted];
  const { stdout } = await runner.run('dpkg-query', query, { allowFailure: true, signal });
  const installed = new Set(
    stdout
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  return wanted.filter((name) => !installed.has(name));
}

async function osRelease(): Promise<string> {
  try {
    return await readFile('/etc/os-release', 'utf8');
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
}
