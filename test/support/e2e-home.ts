import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ended, type Environment, runProgram, type Started, startProgram } from './e2e-program.ts';
import { openTerminal, type TerminalRun } from './terminal.ts';

/** The launcher, as a user of a checkout calls it. */
export const MESHDEV = join(import.meta.dirname, '..', '..', 'bin', 'meshdev');

/** A user's home of its own for one test file: what meshdev leaves in it, it left there. */
export interface Home extends AsyncDisposable {
  readonly path: string;
  readonly stateDir: string;
  /** What commands of this user see; the image cache is the machine's, because it takes an hour to fill. */
  readonly env: Environment;
  meshdev(argv: readonly string[], env?: Environment): Promise<Ended>;
  start(argv: readonly string[], env?: Environment): Started;
  /** As a person in a terminal of that many columns runs it. */
  terminal(columns: number, argv: readonly string[]): TerminalRun;
  /** A line of a shell in such a terminal. */
  shell(columns: number, line: string): TerminalRun;
}

export async function openHome(): Promise<Home> {
  const path = await mkdtemp(join(tmpdir(), 'meshdev-e2e-'));
  const [home, temporary] = [join(path, 'home'), join(path, 'tmp')];
  // Where state goes is there on every machine in use.
  await Promise.all([mkdir(join(home, 'state'), { recursive: true }), mkdir(temporary)]);
  const env = {
    ...withoutChoices(),
    // On every machine the same one, whether a registry answers there or not.
    MESHDEV_IMAGE_SOURCE: 'packages',
    HOME: home,
    TMPDIR: temporary,
    XDG_STATE_HOME: join(home, 'state'),
    XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
    DOCKER_CONFIG: process.env['DOCKER_CONFIG'] ?? join(homedir(), '.docker'),
    PATH: `${join(MESHDEV, '..')}:${process.env['PATH'] ?? ''}`,
  };
  return {
    path,
    stateDir: join(env.XDG_STATE_HOME, 'meshdev'),
    env,
    // cwd: a meshdev.yaml of the checkout is not this user's.
    meshdev: (argv, more) => runProgram(MESHDEV, argv, { cwd: home, env: { ...env, ...more } }),
    start: (argv, more) => startProgram(MESHDEV, argv, { cwd: home, env: { ...env, ...more } }),
    terminal: (columns, argv) => openTerminal(MESHDEV, argv, { columns, cwd: home, env }),
    shell: (columns, line) => openTerminal('sh', ['-c', line], { columns, cwd: home, env }),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

/** A developer's own choices must not decide what is tested. */
function withoutChoices(): Environment {
  const names = Object.keys(process.env).filter((name) => name.startsWith('MESHDEV_'));
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

/** Removes a lab that a run left that was killed: its home may still be there, and then only from there. */
export async function removeLeftover({ meshdev }: Pick<Home, 'meshdev'>, name: string): Promise<void> {
  const { stderr } = await meshdev(['down', '--force', '--name', name]);
  const kept = /^ {2}run {4}XDG_STATE_HOME=(\S+) meshdev down /m.exec(stderr)?.[1];
  if (kept !== undefined) await meshdev(['down', '--name', name], { XDG_STATE_HOME: kept });
}
