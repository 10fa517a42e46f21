import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** No run is longer; a process that was forgotten ends by itself. */
const LONGEST_MS = 2 * 3_600_000;

/** Works on nothing until its input ends or its time is over: what starts it takes it along, however it ends. */
const BUSY = `
  const end = Date.now() + ${LONGEST_MS};
  let sum = 0;
  const work = () => {
    for (let at = 0; at < 1e7; at += 1) sum += Math.sqrt(at);
    if (Date.now() < end) setImmediate(work); else process.exit();
  };
  process.stdin.on('end', () => process.exit()).resume();
  process.stdout.write('busy');
  work();
`;

/** Busy processes, one thread of work each, at the usual priority; ended when this is disposed of. */
export async function startLoad(processes: number): Promise<AsyncDisposable> {
  const children = Array.from({ length: processes }, () =>
    spawn(process.execPath, ['-e', BUSY], { stdio: ['pipe', 'pipe', 'ignore'] }),
  );
  await Promise.all(children.map(({ stdout }) => once(stdout, 'data')));
  return {
    [Symbol.asyncDispose]: async () => {
      await Promise.all(children.map(end));
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
