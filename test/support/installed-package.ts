import { chmod, chown, copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type Ended, type Environment, exited, must, runProgram } from './e2e-program.ts';
import { nodeProgram } from './node-versions.ts';

const ROOT = join(import.meta.dirname, '../..');
const Answer = z.tuple([z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) })]);

/** A user who owns nothing of this machine, and a group of the same number. */
export const NOBODY = 65_534;
const AS_NOBODY = ['--reuid', String(NOBODY), '--regid', String(NOBODY), '--clear-groups'] as const;
const isRoot = process.getuid?.() === 0;

export interface RunAs {
  readonly env?: Environment;
  /** What to put before the program, as root: into another network namespace. */
  readonly enter?: readonly string[];
}

/** meshdev as a user has it who installed the package: a prefix and a home of their own, and no checkout. */
export interface InstalledPackage extends AsyncDisposable {
  readonly path: string;
  /** The directory that commands run in; there is nothing in it. */
  readonly empty: string;
  /** What the package holds. */
  readonly files: readonly string[];
  /** Node.js of that version, where that user may run it. */
  node(version: string): string;
  /** Runs the installed program as that user, with that Node.js first on PATH. */
  meshdev(version: string, argv: readonly string[], options?: RunAs): Promise<Ended>;
}

/** Packs this checkout and installs the file, without root where the test has it. */
export async function installPackage(versions: readonly string[]): Promise<InstalledPackage> {
  const path = await mkdtemp(join(tmpdir(), 'meshdev-package-'));
  const at = (...names: readonly string[]): string => join(path, ...names);
  await chmod(path, 0o755);
  for (const name of ['home', 'prefix', 'empty']) {
    await mkdir(at(name));
    if (isRoot) await chown(at(name), NOBODY, NOBODY);
  }
  for (const version of versions) {
    await mkdir(at('node', version), { recursive: true });
    await copyFile(await nodeProgram(version), at('node', version, 'node'));
  }
  const env = { HOME: at('home'), XDG_STATE_HOME: undefined, XDG_CACHE_HOME: undefined };
  const { file, files } = await pack(path);
  const install = ['install', '--global', file, '--prefix', at('prefix'), '--no-audit', '--no-fund'];
  const place = { cwd: at('empty'), env: { ...env, ...(await npmEnv(at('home'))) } };
  exited(await asUser('npm', install, place), 0);
  return {
    path,
    empty: at('empty'),
    files,
    node: (version) => at('node', version, 'node'),
    meshdev: (version, argv, { env: more = {}, enter = [] } = {}) => {
      const PATH = `${at('node', version)}:${more['PATH'] ?? process.env['PATH'] ?? ''}`;
      const options = { cwd: at('empty'), env: { ...env, ...more, PATH } };
      return asUser(at('prefix', 'bin', 'meshdev'), argv, options, enter);
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

interface Packed {
  readonly file: string;
  /** Names of what is in it. */
  readonly files: readonly string[];
}

async function pack(directory: string): Promise<Packed> {
  // dist is that of this run: building it anew would take it from the tests beside this one.
  const argv = ['pack', '--json', '--ignore-scripts', '--pack-destination', directory];
  const [{ filename, files }] = Answer.parse(JSON.parse(await must('npm', argv, { cwd: ROOT })));
  return { file: join(directory, filename), files: files.map(({ path }) => path) };
}

/** That user has no configuration: the registry is the machine’s own. */
async function npmEnv(home: string): Promise<Environment> {
  return {
    npm_config_cache: join(home, 'npm-cache'),
    npm_config_userconfig: join(home, '.npmrc'),
    npm_config_registry: (await must('npm', ['config', 'get', 'registry'])).trim(),
  };
}

function asUser(
  program: string,
  argv: readonly string[],
  options: { readonly cwd: string; readonly env: Environment },
  enter: readonly string[] = [],
): Promise<Ended> {
  const user = isRoot ? ['setpriv', ...AS_NOBODY] : [];
  const [first = '', ...rest] = [...enter, ...user, program, ...argv];
  return runProgram(first, rest, options);
}
