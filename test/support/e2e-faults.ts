import { startOnPort } from './child.ts';
import { must } from './e2e-program.ts';

/** A program that is not ours and has a port of 127.0.0.1 until it is disposed. */
export async function occupyPort(
  port: number,
): Promise<{ readonly pid: number | undefined; readonly program: string } & AsyncDisposable> {
  const script = `require('node:net').createServer().listen(${port}, '127.0.0.1')`;
  const running = await startOnPort(process.execPath, ['-e', script], port);
  return {
    pid: running.pid,
    program: 'node',
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

/** A file system of this size over a directory that exists. */
export async function smallDisk(directory: string, size: string): Promise<AsyncDisposable> {
  await must('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', directory]);
  return {
    [Symbol.asyncDispose]: async () => {
      await must('umount', [directory]);
    },
  };
}
