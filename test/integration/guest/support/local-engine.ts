import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { ExecEngine } from '../../../../src/agent/exec-probe.ts';
import { guestProgram } from './running.ts';

const INSTALLED = '/opt/meshdev/guest/';

/** The same command with the guest's programs from source. */
function fromSource(argv: readonly string[]): readonly string[] {
  return argv.map((word) => {
    if (word === 'node') return process.execPath;
    return word.startsWith(INSTALLED)
      ? guestProgram(word.slice(INSTALLED.length).replace(/js$/, 'ts'))
      : word;
  });
}

/** Runs the guest's programs from source, on this machine. */
export const localEngine: ExecEngine = engineBehind([]);

/** @param enter what is put before each program: another namespace, for one */
export function engineBehind(enter: readonly string[]): ExecEngine {
  return {
    containers: {
      exec: async (_container, { argv, stdin = '', onStdout }, signal) => {
        const [program = '', ...args] = [...enter, ...fromSource(argv)];
        const child = spawn(program, args, { signal, killSignal: 'SIGKILL' }).on('error', () => undefined);
        if (stdin instanceof Readable) stdin.pipe(child.stdin);
        else child.stdin.end(stdin);
        if (onStdout !== undefined) child.stdout.on('data', onStdout);
        const [stdout, stderr] = await Promise.all([
          buffer(child.stdout),
          buffer(child.stderr),
          once(child, 'exit'),
        ]);
        return { exitCode: child.exitCode ?? -1, stdout, stderr };
      },
    },
  };
}
