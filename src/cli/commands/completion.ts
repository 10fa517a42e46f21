import { Argument, Command } from 'commander';
import { type Shell, SHELLS } from '../shells.ts';
import type { Act } from '../act.ts';

export function completionCommand(act: Act, program: () => Command): Command {
  return new Command('completion').addArgument(new Argument('<shell>').choices(SHELLS)).action(
    act(async ({ out }, shell: Shell) => {
      const { completionScript } = await import('../completion.ts');
      out(completionScript(program(), shell));
      return 0;
    }),
  );
}
