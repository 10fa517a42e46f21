import { CommanderError } from 'commander';
import { EXIT } from '../errors/problems.ts';
import type { CliContext } from './cli-context.ts';
import { buildTree, entriesFor } from './command-tree.ts';
import { reportFailure } from './failure.ts';
import type { Act } from './program.ts';

/** Runs the command that the arguments name and returns its exit code. Never throws, never exits. */
export async function runCommand(argv: readonly string[], context: CliContext): Promise<number> {
  const end: { code: number } = { code: EXIT.ok };
  const act: Act =
    (action) =>
    async (...args) => {
      end.code = await action(context, ...args);
    };
  try {
    const program = await buildTree(entriesFor(argv), act, context);
    await program.parseAsync(argv, { from: 'user' });
    return end.code;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return reportFailure(thrown, context, {
      json: wantsJson(argv),
      verbose: argv.includes('--verbose') || argv.includes('-v'),
      argv,
    });
  }
}

function wantsJson(argv: readonly string[]): boolean {
  return argv.some(
    (arg, index) =>
      arg === '--output=json' ||
      arg === '-ojson' ||
      (arg === 'json' && ['-o', '--output'].includes(argv[index - 1] ?? '')),
  );
}
