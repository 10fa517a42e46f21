import type { CliContext } from './cli-context.ts';

/** What a command's action is wrapped in: it returns the exit code, or throws. */
export type Act = <Args extends unknown[]>(
  action: (context: CliContext, ...args: Args) => Promise<number>,
) => (...args: Args) => Promise<void>;
