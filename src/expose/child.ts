import { spawn } from 'node:child_process';
import process from 'node:process';

export interface ChildOptions {
  /** For the shell, as the file has it. */
  readonly command: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onStdout: (chunk: Buffer) => void;
  readonly onStderr: (chunk: Buffer) => void;
}

export interface ChildEnd {
  /** `exit code 1`, `signal SIGKILL`, or why it could not be started. */
  readonly how: string;
  readonly isSuccess: boolean;
  /** The last lines that it wrote to stdout and stderr. */
  readonly lastLines: readonly string[];
}

export interface Child {
  readonly ended: Promise<ChildEnd>;
  /** Ends it with all that it started: SIGTERM, and after five seconds SIGKILL. */
  stop(): Promise<void>;
}

const LAST_LINES = 12;
const LAST_BYTES = 8_192;
const PATIENCE_MS = 5_000;

/** Starts the process of a local service, in a process group of its own. */
export function startChild({ command, cwd, env, onStdout, onStderr }: ChildOptions): Child {
  const child = spawn(command, { shell: true, cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { text: '' };
  const keep = (tell: (chunk: Buffer) => void) => (chunk: Buffer) => {
    said.text = (said.text + chunk.toString('utf8')).slice(-LAST_BYTES);
    tell(chunk);
  };
  child.stdout.on('data', keep(onStdout));
  child.stderr.on('data', keep(onStderr));
  const kill = (signal: NodeJS.Signals): void => killGroup(child.pid, signal);
  const atExit = (): void => kill('SIGKILL');
  process.once('exit', atExit);
  const ended = new Promise<ChildEnd>((resolve) => {
    const end = (how: string, isSuccess: boolean): void => {
      process.off('exit', atExit);
      resolve({ how, isSuccess, lastLines: linesOf(said.text) });
    };
    child.once('error', (error) => end(error.message, false));
    child.once('close', (code, signal) =>
      end(signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`, code === 0),
    );
  });
  return {
    ended,
    stop: async () => {
      kill('SIGTERM');
      const late = setTimeout(() => kill('SIGKILL'), PATIENCE_MS);
      await ended;
      clearTimeout(late);
    },
  };
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has ended.
  }
}

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-LAST_LINES);
}
