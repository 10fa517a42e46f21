import { spawn } from '@lydell/node-pty';
import headless from '@xterm/headless';
import type { Environment } from './e2e-program.ts';

export interface TerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Environment;
  readonly cwd?: string;
}

/** What a person would see now: everything that was written and not erased, scrolled away or not. */
export interface Screen {
  /** As the terminal shows them, without trailing spaces; a line that is too long for it is several. */
  readonly rows: readonly string[];
  /** As the program wrote them: rows that the terminal broke are joined. */
  readonly text: string;
  /** How many rows the terminal had to break because the program's line was too long. */
  readonly broken: number;
  /** Where the next letter would stand. */
  readonly cursorColumn: number;
}

/** How a program in a terminal ended. */
export interface TerminalEnd extends Screen {
  readonly exitCode: number;
  /** Every byte that the program sent, control sequences and erased text included. */
  readonly raw: string;
  readonly durationMs: number;
  /** From the start to the first byte. */
  readonly firstOutputMs: number;
}

/** A program that runs in a pseudo-terminal of its own, and a screen that shows what it draws. */
export interface TerminalRun extends AsyncDisposable {
  readonly ended: Promise<TerminalEnd>;
  screen(): Screen;
  /** Resolves when the screen shows it; rejects when the program ends without. */
  shows(pattern: RegExp): Promise<Screen>;
  /** Keys that a person presses: `y\r`, or `\x03` for Ctrl-C. */
  type(keys: string): void;
  resize(columns: number, rows: number): void;
}

export const CTRL_C = '\u0003';

/** Whatever hangs longer than this is a fault by itself. */
const PATIENCE_MS = 5 * 60_000;

/** More than any command says at once: nothing may scroll out of what a test looks at. */
const SCROLLBACK = 20_000;

/** Starts it as a shell in a terminal window does: in the foreground, with Ctrl-C as SIGINT. */
export function openTerminal(
  program: string,
  argv: readonly string[],
  { columns = 80, rows = 24, env = {}, cwd }: TerminalOptions = {},
): TerminalRun {
  const started = performance.now();
  const emulator = new headless.Terminal({
    cols: columns,
    rows,
    scrollback: SCROLLBACK,
    allowProposedApi: true,
  });
  const all = environment(env);
  const child = spawn(program, [...argv], {
    // It becomes TERM.
    name: all['TERM'] ?? 'xterm-256color',
    cols: columns,
    rows,
    env: all,
    ...(cwd === undefined ? {} : { cwd }),
  });
  const watch = watchers();
  const seen = { raw: '', firstOutputMs: Number.NaN };
  child.onData((data) => {
    if (seen.raw === '') seen.firstOutputMs = performance.now() - started;
    seen.raw += data;
    emulator.write(data, watch.look);
  });
  const guard = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  const { promise: ended, resolve } = Promise.withResolvers<TerminalEnd>();
  child.onExit(({ exitCode, signal }) => {
    clearTimeout(guard);
    const end = { exitCode: signal === undefined || signal === 0 ? exitCode : -signal, ...seen };
    // After what is still on its way into the screen.
    emulator.write('', () => {
      resolve({ ...screenOf(emulator), ...end, durationMs: performance.now() - started });
    });
  });
  return {
    ended,
    screen: () => screenOf(emulator),
    shows: (pattern) => watch.until(() => screenOf(emulator), pattern, ended),
    type: (keys) => child.write(keys),
    resize: (cols, lines) => {
      child.resize(cols, lines);
      emulator.resize(cols, lines);
    },
    [Symbol.asyncDispose]: async () => {
      clearTimeout(guard);
      if (await Promise.race([ended.then(() => true), Promise.resolve(false)])) return;
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Runs it to its end. */
export async function runInTerminal(
  program: string,
  argv: readonly string[],
  options?: TerminalOptions,
): Promise<TerminalEnd> {
  return openTerminal(program, argv, options).ended;
}

/** A terminal of a person: what makes programs believe that they run in a pipeline is not there. */
function environment(own: Environment): Record<string, string> {
  const person = { CI: undefined, NO_COLOR: undefined, FORCE_COLOR: undefined };
  const all = Object.entries({ ...process.env, ...person, TERM: 'xterm-256color', ...own });
  return Object.fromEntries(all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function screenOf({ buffer }: InstanceType<typeof headless.Terminal>): Screen {
  const { active } = buffer;
  const lines = Array.from({ length: active.length }, (_, row) => active.getLine(row));
  const isBroken = (row: number): boolean => lines[row]?.isWrapped === true;
  // A blank at the edge belongs to the line that goes on below it.
  const rows = lines.map((line, row) => line?.translateToString(!isBroken(row + 1)) ?? '');
  const last = rows.findLastIndex((row) => row !== '');
  const shown = rows.slice(0, last + 1);
  return {
    rows: shown,
    text: shown.map((row, at) => (at > 0 && !isBroken(at) ? `\n${row}` : row)).join(''),
    broken: shown.filter((_, row) => isBroken(row)).length,
    cursorColumn: active.cursorX,
  };
}

function watchers() {
  const waiting = new Set<() => void>();
  return {
    look: (): void => {
      for (const look of waiting) look();
    },
    until: async (screen: () => Screen, pattern: RegExp, ended: Promise<TerminalEnd>): Promise<Screen> => {
      const { promise, resolve, reject } = Promise.withResolvers<Screen>();
      const look = (): void => {
        const now = screen();
        if (pattern.test(now.text)) resolve(now);
      };
      waiting.add(look);
      look();
      const atEnd = async (): Promise<void> => {
        const end = await ended;
        look();
        reject(new Error(`it ended with ${end.exitCode} and never showed ${pattern}:\n${end.text}`));
      };
      void atEnd();
      return promise.finally(() => waiting.delete(look));
    },
  };
}
