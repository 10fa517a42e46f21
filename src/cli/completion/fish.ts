import type { Values } from '../completion-values.ts';
import type { CompletionFlag, CompletionNode } from './node.ts';

const LABS = `function __meshdev_labs
  set -l state $XDG_STATE_HOME
  test -n "$state"; or set state $HOME/.local/state
  command ls $state/meshdev/labs 2>/dev/null
end
`;

export function fishScript(nodes: readonly CompletionNode[]): string {
  return `${LABS}complete -c meshdev -f\n${nodes.flatMap(linesOf).join('\n')}\n`;
}

function linesOf({ path, children, values, flags }: CompletionNode): readonly string[] {
  const seen = path.split(' ').map((word) => `__fish_seen_subcommand_from ${word}`);
  const here = path === '' ? '__fish_use_subcommand' : seen.join('; and ');
  const unfinished =
    path === '' || children.length === 0
      ? here
      : `${here}; and not __fish_seen_subcommand_from ${children.join(' ')}`;
  const own: Values = children.length === 0 ? values : { kind: 'words', words: children };
  const offered = own.kind === 'words' && own.words.length === 0 ? undefined : offerOf(own);
  return [
    ...(offered === undefined ? [] : [`complete -c meshdev -n '${unfinished}' ${offered}`]),
    ...flags.map((flag) => flagLine(here, flag)),
  ];
}

function flagLine(condition: string, { names, values }: CompletionFlag): string {
  const spelt = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  return ['complete -c meshdev', `-n '${condition}'`, ...spelt, ...valueOf(values)].join(' ');
}

function valueOf(values: Values | undefined): readonly string[] {
  if (values === undefined) return [];
  if (values.kind === 'files') return ['-r', offerOf(values)];
  // A value that is needed would be a file unless it says otherwise.
  const nothing = values.kind === 'words' && values.words.length === 0;
  return ['-x', ...(nothing ? [] : [offerOf(values)])];
}

/** Files are off for all of meshdev, and on again where one is wanted. */
function offerOf(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `-a ${quoted(values.words.map(escaped).join(' '))}`;
    case 'labs':
      return `-a '(__meshdev_labs)'`;
    case 'files':
      return '-F';
  }
}

/** fish reads the words as a command line of its own: a hop has a > in it. */
function escaped(word: string): string {
  return word.replaceAll(/[^\w./:@%+=,-]/g, String.raw`\$&`);
}

function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`;
}
