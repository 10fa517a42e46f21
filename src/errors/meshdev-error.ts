import { redact } from './redact.ts';
import { PROBLEMS, type ExitCode, type ProblemCode } from './problems.ts';

export interface MeshdevErrorInit {
  /** What was being done and what was seen: names, numbers, paths. One or two sentences. */
  readonly message: string;
  /** Commands or actions that fix it, safest first. Commands work verbatim. */
  readonly remedies?: readonly string[];
  /** Redacted facts for code that handles the error. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * The only error class: a code of the closed catalogue, what was seen, what to do about it. What a foreign error said
 * stands in its message without credentials, wherever that is shown.
 */
export class MeshdevError extends Error {
  readonly code: ProblemCode;
  readonly remedies: readonly string[];
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ProblemCode, init: MeshdevErrorInit) {
    super(redact(init.message), init.cause === undefined ? undefined : { cause: init.cause });
    this.name = 'MeshdevError';
    this.code = code;
    this.remedies = init.remedies ?? [];
    this.details = init.details ?? {};
  }

  get exitCode(): ExitCode {
    return PROBLEMS[this.code].exit;
  }
}

/** The text of anything thrown; used where a foreign error is translated. */
export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
