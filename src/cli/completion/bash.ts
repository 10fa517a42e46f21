import type { Values } from '../completion-values.ts';
import type { CompletionNode } from './node.ts';

/**
 * For bash, and for zsh through bashcompinit: no variable may be called `path` or `words`, which zsh keeps for itself,
 * and zsh takes a letter after the colon of a slice for a modifier.
 * Only words that lead to a known command count: values of flags and arguments stand between them.
 */
export function bashScript(nodes: readonly CompletionNode[]): string {
  const paths = nodes.filter(({ path }) => path !== '').map(({ path }) => `"${path}"`);
  return `_meshdev() {
  local current at kind offer word
  local IFS=$' \\t\\n'
  current="\${COMP_WORDS[COMP_CWORD]}"
  at=""
  kind=words
  offer=""
  for word in "\${COMP_WORDS[@]:1:$((COMP_CWORD - 1))}"; do
    case "\${at:+$at }$word" in
      ${paths.join('|')}) at="\${at:+$at }$word" ;;
    esac
  done
  case "$at \${COMP_WORDS[COMP_CWORD-1]}" in
${afterFlags(nodes).join('\n')}
    *)
      case "$current" in
        -*)
          case "$at" in
${flagsOf(nodes).join('\n')}
          esac
          ;;
        *)
          case "$at" in
${argumentsOf(nodes).join('\n')}
          esac
          ;;
      esac
      ;;
  esac
${OFFER}}
complete -F _meshdev meshdev
`;
}

const OFFER = `  if [ "$kind" = labs ]; then
    offer="$(command ls "\${XDG_STATE_HOME:-$HOME/.local/state}/meshdev/labs" 2>/dev/null | tr '\\n' ' ')"
  fi
  # The shell quotes what it inserts: file names with blanks, and hops, which have a > in them.
  compopt -o filenames 2>/dev/null
  IFS=$'\\n'
  if [ "$kind" = files ]; then
    COMPREPLY=($(compgen -f -- "$current"))
  else
    COMPREPLY=($(IFS=' '; compgen -W "$offer" -- "$current"))
  fi
`;

function afterFlags(nodes: readonly CompletionNode[]): readonly string[] {
  return nodes.flatMap(({ path, flags }) =>
    flags.flatMap(({ names, values }) =>
      values === undefined
        ? []
        : [`    ${names.map((name) => `"${path} ${name}"`).join('|')}) ${offers(values)} ;;`],
    ),
  );
}

function flagsOf(nodes: readonly CompletionNode[]): readonly string[] {
  return nodes.map(({ path, flags }) => {
    const names = flags.flatMap((flag) => flag.names);
    return `          "${path}") offer="${names.join(' ')}" ;;`;
  });
}

function argumentsOf(nodes: readonly CompletionNode[]): readonly string[] {
  return nodes.map(({ path, children, values }) => {
    const own: Values = children.length === 0 ? values : { kind: 'words', words: children };
    return `          "${path}") ${offers(own)} ;;`;
  });
}

function offers(values: Values): string {
  return values.kind === 'words' ? `offer="${values.words.join(' ')}"` : `kind=${values.kind}`;
}
