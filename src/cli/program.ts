import { enableCompileCache } from 'node:module';
import type { CliContext } from './cli-context.ts';
import { overview, wantsOverview, wantsVersion } from './overview.ts';

/** Parses the command line, runs one command, returns its exit code. Never throws, never exits. */
export async function runProgram(argv: readonly string[], context: CliContext): Promise<number> {
  if (wantsOverview(argv)) {
    const { print } = await import('./print.ts');
    print(context, overview());
    return 0;
  }
  if (wantsVersion(argv)) {
    const { meshdevVersion } = await import('./package-version.ts');
    context.out(`meshdev ${await meshdevVersion(context.packageDir)}\n`);
    return 0;
  }
  enableCompileCache();
  const { runCommand } = await import('./run-command.ts');
  return runCommand(argv, context);
}
