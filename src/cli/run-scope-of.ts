import { fold } from '../report/fold.ts';
import { createProgressLines } from '../report/progress-lines.ts';
import type { RunScope } from '../run/run-scope.ts';
import type { CliContext } from './cli-context.ts';
import { withDeadline } from './deadline.ts';

/** Between two lines that differ in numbers only; milliseconds. Nobody watches a log. */
const WATCHED_MS = 1000;
const LOGGED_MS = 10_000;

/** What a command hands down: its deadline, and stderr for how it goes. */
export function runScopeOf(
  cli: Pick<CliContext, 'signal' | 'err' | 'interactive' | 'columns'>,
  { timeout }: { readonly timeout?: number | undefined },
): RunScope {
  const write = (line: string): void => cli.err(`${fold(line, cli.columns.err())}\n`);
  return {
    signal: withDeadline(cli.signal, timeout),
    progress: createProgressLines(write, cli.interactive ? WATCHED_MS : LOGGED_MS),
  };
}
