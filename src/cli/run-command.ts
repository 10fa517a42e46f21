import { CommanderError } from 'commander';
import { EXIT } from '../errors/problems.ts';
import type { CliContext } from './cli-context.ts';
import { buildTree, entriesFor } from './command-tree.ts';
import { reportFailure } from './failure.ts';
import { forKubectl } from './kubectl-line.ts';
import type { Act } from './act.ts';
import { refuseUnknownCommand, usageError } from './usage.ts';

/** Runs the command that the arguments name and returns its exit code. Never throws, never exits. */
export async function runCommand(argv: readonly string[], context: CliContext): Promise<number> {
  const end: { code: number } = { code: EXIT.ok };
  const json = wantsJson(argv);
  const act: Act =
    (action) =>
    async (...args) => {
      end.code = await action(context, ...args);
    };
  const program = await buildTree(entriesFor(argv), act, context);
  try {
    refuseUnknownCommand(program, argv);
    await program.parseAsync(forKubectl(argv), { from: 'user' });
    return end.code;
  } catch (thrown) {
    // Help that was asked for, and help in place of a command, which a script must not take for its document.
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return EXIT.ok;
    if (thrown instanceof CommanderError && thrown.code === 'commander.help' && !json) return EXIT.usage;
    return reportFailure(
      thrown instanceof CommanderError ? usageError(thrown, program, argv) : thrown,
      context,
      { json, verbose: argv.includes('--verbose') || argv.includes('-v'), argv },
    );
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
