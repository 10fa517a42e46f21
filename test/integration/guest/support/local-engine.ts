import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { ExecEngine } from '../../../../src/probe/exec-probe.ts';
import { guestProgram } from './running.ts';

/** Runs the guest's programs from source, on this machine. */
export const localEngine: ExecEngine = {
  containers: {
    exec: async (_container, { argv, stdin = '', onStdout }) => {
      const program = argv[1]?.replace('/opt/meshdev/guest/', '').replace(/js$/, 'ts') ?? '';
      const child = spawn(process.execPath, [guestProgram(program)]);
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
