import { tmpdir } from 'node:os';
import type { CliContext } from '../../src/cli/cli-context.ts';
import { runProgram } from '../../src/cli/program.ts';
import { silentCli } from './silent-cli.ts';

/** What one run of a command said, and how it ended. */
export interface CliRun {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** A command in this process: without a lab, unless the environment leads to one. */
export async function runCli(
  argv: readonly string[],
  given: Partial<Pick<CliContext, 'env' | 'cwd' | 'columns'>> = {},
): Promise<CliRun> {
  const said = { out: '', err: '' };
  const exitCode = await runProgram(argv, {
    ...silentCli({ env: {}, cwd: tmpdir(), signal: new AbortController().signal }),
    ...given,
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
  });
  return { exitCode, ...said };
}
