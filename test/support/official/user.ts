import { chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { env, execPath } from 'node:process';
import { type Ended, type Environment, must, runProgram } from '../e2e-program.ts';

/** A user of the docker group with a home of their own, and no compiler on PATH. */
export interface DockerUser extends AsyncDisposable {
  readonly home: string;
  /** As a login of that user would run it. */
  run(program: string, argv: readonly string[], variables?: Environment): Promise<Ended>;
  /** The source of this checkout, after a module that changes what it expects. */
  meshdev(preload: string, argv: readonly string[], variables?: Environment): Promise<Ended>;
}

const PATH = '/usr/local/bin:/usr/bin:/bin';
const MAIN = join(import.meta.dirname, '../../../src/cli/main.ts');

/** Made anew: one of this name that a killed run left is removed first. */
export async function addDockerUser(name: string, home: string): Promise<DockerUser> {
  await runProgram('userdel', [name]);
  const account = ['--no-create-home', '--home-dir', home, '--groups', 'docker', '--shell', '/bin/sh'];
  await must('useradd', [...account, name]);
  await mkdir(home);
  const uid = Number((await must('id', ['-u', name])).trim());
  await chown(home, uid, uid);
  const run: DockerUser['run'] = (program, argv, variables = {}) => {
    const own = {
      HOME: home,
      PATH,
      // Where a proxy stands before the registry of npm, its authority is part of the machine.
      NODE_EXTRA_CA_CERTS: env['NODE_EXTRA_CA_CERTS'],
      ...variables,
    };
    const clean = Object.entries(own).flatMap(([key, value]) =>
      value === undefined ? [] : [`${key}=${value}`],
    );
    const as = ['--reuid', name, '--regid', name, '--init-groups', 'env', '-i', '-C', home];
    return runProgram('setpriv', [...as, ...clean, program, ...argv]);
  };
  return {
    home,
    run,
    meshdev: (preload, argv, variables) => run(execPath, ['--import', preload, MAIN, ...argv], variables),
    [Symbol.asyncDispose]: async () => {
      await runProgram('userdel', [name]);
    },
  };
}
