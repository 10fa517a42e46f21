import { Command } from 'commander';
import { fold } from '../report/fold.ts';
import type { CliContext } from './cli-context.ts';
import { type CommandEntry, COMMANDS } from './command-list.ts';
import { withHabits } from './options.ts';
import { DESCRIPTION, overview } from './overview.ts';
import type { Act } from './act.ts';

/** The commands that these arguments can mean: the one they name, or all of them. */
export function entriesFor(argv: readonly string[]): readonly CommandEntry[] {
  const named = COMMANDS.filter(({ name }) => name === argv[0]);
  // Completion is made from the whole tree; a mistyped name is compared with every name.
  return named.length === 0 || argv[0] === 'completion' ? COMMANDS : named;
}

/** The argument parser for these commands. */
export async function buildTree(
  entries: readonly CommandEntry[],
  act: Act,
  context: Pick<CliContext, 'out' | 'err'>,
): Promise<Command> {
  const program = new Command('meshdev')
    .description(DESCRIPTION)
    .usage('<command> [options]')
    .helpCommand('help [command]', 'print the help of a command')
    .configureHelp({ formatHelp: (_, { helpWidth }) => fold(overview(), helpWidth) });
  const makers = await Promise.all(entries.map(({ load }) => load()));
  for (const [index, { summary }] of entries.entries()) {
    const command = makers[index]?.(act, () => program);
    if (command !== undefined) program.addCommand(command.description(summary));
  }
  settle(program, context);
  return program;
}

/** Columns that are enough for words beside the flags: on a narrow terminal, help is still wrapped. */
const NARROW = 20;

/**
 * Errors are thrown instead of ending the process, on every level of the tree; who catches them says them, in one
 * form for all.
 */
function settle(command: Command, { out, err }: Pick<CliContext, 'out' | 'err'>): void {
  command.exitOverride().configureOutput({ writeOut: out, writeErr: err, outputError: () => undefined });
  if (command.commands.length === 0) withHabits(command);
  for (const child of command.commands) {
    child.configureHelp({ minWidthToWrap: NARROW });
    settle(child, { out, err });
  }
}
