import type { CliContext } from '../../../src/cli/cli-context.ts';
import { silentCli } from '../silent-cli.ts';

/** What a command sees of a real terminal: the programs beside this one are played in one. */
export function terminalCli(
  draws: (note: ((text: string) => void) | undefined) => void = () => {},
): CliContext {
  const { signal } = new AbortController();
  return {
    ...silentCli({ env: process.env, cwd: process.cwd(), signal }),
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    outIsTty: true,
    interactive: true,
    terminal: {
      stream: () => process.stderr,
      draws: (note) => {
        draws(note);
        return { [Symbol.dispose]: () => draws(undefined) };
      },
    },
    columns: { out: () => process.stdout.columns, err: () => process.stderr.columns },
  };
}
