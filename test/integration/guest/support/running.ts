import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { createInterface } from 'node:readline';
import { CONTAINER_CODE } from '../../../../src/images/container-code.ts';

const SOURCE = new URL('../../../../src/', import.meta.url);

/** Path of a program of the image as source, by its place there: Node.js runs it without a build. */
export function guestProgram(path: string): string {
  const place = `guest/${path}`;
  const { dist, image } =
    CONTAINER_CODE.findLast((code) => place.startsWith(`${code.image}/`)) ?? CONTAINER_CODE[0];
  return new URL(`${dist}${place.slice(image.length)}`, SOURCE).pathname;
}

/** A child process whose lines can be awaited; ends with the test. */
export class Running implements AsyncDisposable {
  readonly lines: string[] = [];
  readonly child: ChildProcess;
  readonly #waiting = new Set<() => void>();

  constructor(command: string, args: readonly string[], input?: 'pipe') {
    this.child = spawn(command, args, { stdio: [input ?? 'ignore', 'pipe', 'pipe'] });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      if (stream !== null) createInterface(stream).on('line', (line) => this.#took(line));
    }
  }

  /** The first line that matches; the test's own timeout is the deadline. */
  async line(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = this.lines.find((line) => pattern.test(line));
      if (found !== undefined) return found;
      if (this.child.exitCode !== null)
        throw new Error(`ended without ${pattern}:\n${this.lines.join('\n')}`);
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  async stop(how: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill(how);
      await once(this.child, 'exit');
    }
    return this.child.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #took(line: string): void {
    this.lines.push(line);
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

export function portOf(server: Server): number {
  const address: string | AddressInfo | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server is not listening on TCP');
  return address.port;
}

/** A port on which nobody listens right now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}
