import type { Command, Option } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** What may follow one command: its path is empty for the program itself. */
interface Node {
  readonly path: string;
  readonly children: readonly string[];
  /** Values of its first argument, where they are known. */
  readonly values: readonly string[];
  readonly flags: readonly Flag[];
}

interface Flag {
  readonly names: readonly string[];
  readonly takesValue: boolean;
  readonly values: readonly string[];
}

/** A completion script for one shell, made from the command tree itself so that it cannot lag behind. */
export function completionScript(program: Command, shell: Shell): string {
  const nodes = allNodes(program, '');
  switch (shell) {
    case 'bash':
      return bashScript(nodes);
    case 'zsh':
      return `#compdef meshdev\nautoload -U +X bashcompinit && bashcompinit\n${bashScript(nodes)}`;
    case 'fish':
      return fishScript(nodes);
  }
}

function allNodes(command: Command, path: string): readonly Node[] {
  const own = {
    path,
    children: command.commands.map((child) => child.name()),
    values: command.registeredArguments[0]?.argChoices ?? [],
    flags: command.options.map(flagOf),
  };
  return [own, ...command.commands.flatMap((child) => allNodes(child, `${path} ${child.name()}`.trim()))];
}

function flagOf({ long, short, required, optional, argChoices }: Option): Flag {
  const names = [long, short].filter((name) => typeof name === 'string');
  return { names, takesValue: required || optional, values: argChoices ?? [] };
}

/** Only words that lead to a known command count: values of flags and arguments stand between them. */
function bashScript(nodes: readonly Node[]): string {
  const paths = nodes.filter(({ path }) => path !== '').map(({ path }) => `"${path}"`);
  const after = nodes.flatMap(({ path, flags }) =>
    flags
      .filter((flag) => flag.takesValue)
      .map(({ names, values }) => {
        const patterns = names.map((name) => `"${path} ${name}"`).join('|');
        return `    ${patterns}) words="${values.join(' ')}" ;;`;
      }),
  );
  const words = nodes.map(({ path, children, values, flags }) => {
    const all = [...children, ...values, ...flags.flatMap((flag) => flag.names)];
    return `        "${path}") words="${all.join(' ')}" ;;`;
  });
  return `_meshdev() {
  local current path words word
  current="\${COMP_WORDS[COMP_CWORD]}"
  path=""
  words=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${path:+$path }$word" in
      ${paths.join('|')}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path \${COMP_WORDS[COMP_CWORD-1]}" in
${after.join('\n')}
    *)
      case "$path" in
${words.join('\n')}
      esac
      ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _meshdev meshdev
`;
}

function fishScript(nodes: readonly Node[]): string {
  return `complete -c meshdev -f\n${nodes.flatMap(fishLines).join('\n')}\n`;
}

function fishLines({ path, children, values, flags }: Node): readonly string[] {
  const seen = path.split(' ').map((word) => `__fish_seen_subcommand_from ${word}`);
  const here = path === '' ? '__fish_use_subcommand' : seen.join('; and ');
  const unfinished =
    path === '' || children.length === 0
      ? here
      : `${here}; and not __fish_seen_subcommand_from ${children.join(' ')}`;
  const words = [...children, ...values];
  return [
    ...(words.length === 0 ? [] : [`complete -c meshdev -n '${unfinished}' -a '${words.join(' ')}'`]),
    ...flags.map((flag) => fishFlag(here, flag)),
  ];
}

function fishFlag(condition: string, { names, takesValue, values }: Flag): string {
  const spelt = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const value = takesValue ? [values.length === 0 ? '-r' : `-x -a '${values.join(' ')}'`] : [];
  return ['complete -c meshdev', `-n '${condition}'`, ...spelt, ...value].join(' ');
}
