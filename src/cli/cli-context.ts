import type { Readable } from 'node:stream';

/** stderr where a person watches it: a screen that can be redrawn. */
export interface LiveTerminal {
  readonly stream: () => NodeJS.WriteStream;
  /** Until it is disposed of, what has to be said at once is handed to `note`: past it, it would be drawn over. */
  draws(note: (text: string) => void): Disposable;
}

/** What a command may know of the process it runs in; made once, in main.ts. */
export interface CliContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly cwd: string;
  readonly uid: number;
  readonly pid: number;
  /** As Node.js names it: linux, darwin, win32. */
  readonly platform: string;
  /** As Node.js names it: x64, arm64. */
  readonly arch: string;
  /** Without the leading v. */
  readonly nodeVersion: string;
  /** Directory of the package: templates/, kind-config/ and dist/ are below it. */
  readonly packageDir: string;
  /** Results. */
  readonly out: (text: string) => void;
  /** Progress, questions and errors. */
  readonly err: (text: string) => void;
  /** What another program says, as it says it. */
  readonly outBytes: (chunk: Buffer) => void;
  readonly errBytes: (chunk: Buffer) => void;
  /** Aborts when somebody was to read stdout and no longer does: what only streams has nothing left to do. */
  readonly readerGone: AbortSignal;
  /** For a program that reads it; whoever asks for it takes it from everybody else. */
  readonly stdin: () => Readable;
  readonly outIsTty: boolean;
  /** Undefined in a pipe, in CI and where the terminal cannot be redrawn. */
  readonly terminal: LiveTerminal | undefined;
  /** A person sits at stdin and stderr and no CI runs us: prompts make sense. */
  readonly interactive: boolean;
  /** How wide the terminal is just now; undefined where it is none. */
  readonly columns: { readonly out: () => number | undefined; readonly err: () => number | undefined };
  readonly colour: { readonly out: boolean; readonly err: boolean };
  readonly signal: AbortSignal;
}
