import { COMMANDS } from './command-list.ts';

export const DESCRIPTION = 'A small production on your machine, its trust chain verified on the wire.';

/** Whether only the overview is asked for: it is answered without loading the argument parser. */
export function wantsOverview(argv: readonly string[]): boolean {
  const [first, ...rest] = argv;
  return rest.length === 0 && ['--help', '-h', 'help'].includes(first ?? '');
}

/** Whether only the version of meshdev is asked for. */
export function wantsVersion(argv: readonly string[]): boolean {
  return argv.length === 1 && ['--version', '-V'].includes(argv[0] ?? '');
}

/** What `meshdev --help` prints. */
export function overview(): string {
  const lines = [...COMMANDS, { name: 'help', summary: 'help for a command: meshdev help up' }].map(
    ({ name, summary }) => `  ${name.padEnd(11)} ${summary}\n`,
  );
  return `Usage: meshdev <command> [options]

${DESCRIPTION}

Commands:
${lines.join('')}
meshdev <command> --help lists the options of a command.
meshdev --version prints the version.
`;
}
