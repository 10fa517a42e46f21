import { Argument, Command } from 'commander';
import { completionScript, type Shell, SHELLS } from '../completion.ts';
import type { Act } from '../program.ts';

export function completionCommand(act: Act, program: () => Command): Command {
  return new Command('completion').addArgument(new Argument('<shell>').choices(SHELLS)).action(
    act(async ({ out }, shell: Shell) => {
      out(completionScript(program(), shell));
      return 0;
    }),
  );
}
