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
  /** Directory of the package: templates/, kind-config/ and dist/ are below it. */
  readonly packageDir: string;
  /** Results. */
  readonly out: (text: string) => void;
  /** Progress, questions and errors. */
  readonly err: (text: string) => void;
  readonly outIsTty: boolean;
  /** A person sits at stdin and stderr and no CI runs us: prompts and a live task list make sense. */
  readonly interactive: boolean;
  readonly colour: { readonly out: boolean; readonly err: boolean };
  readonly signal: AbortSignal;
}
