import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Each line of stderr, as it comes. */
  readonly onErrorLine?: (line: string) => void;
  /** Exit codes that are results; 0 alone unless said. */
  readonly accept?: readonly number[];
  readonly signal: AbortSignal;
}

/**
 * Runs a program to its end; stopped with SIGINT, as a person would, and waited for even then.
 * @returns its stdout
 * @throws Error with the end of its stderr when it ends with a code that is not accepted
 */
export async function run(program: string, argv: readonly string[], options: RunOptions): Promise<string> {
  options.signal.throwIfAborted();
  const child = spawn(program, argv, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
  });
  const stop = (): void => void child.kill('SIGINT');
  options.signal.addEventListener('abort', stop, { once: true });
  const errors: string[] = [];
  createInterface(child.stderr).on('line', (line) => {
    errors.push(line);
    options.onErrorLine?.(line);
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  // A program that does not read its input may be gone before the input is written.
  child.stdin.on('error', () => undefined).end(options.stdin ?? '');
  const code = Number((await once(child, 'close'))[0]);
  options.signal.removeEventListener('abort', stop);
  options.signal.throwIfAborted();
  if ((options.accept ?? [0]).includes(code)) return output;
  throw new Error(`${[program, ...argv].join(' ')} ended with ${code}\n${errors.slice(-15).join('\n')}`);
}
