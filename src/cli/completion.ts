import type { Command, Option } from 'commander';
import { valuesOfArgument, valuesOfFlag } from './completion-values.ts';
import { bashScript } from './completion/bash.ts';
import { fishScript } from './completion/fish.ts';
import type { CompletionFlag, CompletionNode } from './completion/node.ts';
import type { Shell } from './shells.ts';

/** A completion script for one shell, made from the command tree itself so that it cannot lag behind. */
export function completionScript(program: Command, shell: Shell): string {
  const nodes = [...allNodes(program, ''), helpNode(program)];
  switch (shell) {
    case 'bash':
      return bashScript(nodes);
    case 'zsh':
      return `#compdef meshdev\nautoload -U +X bashcompinit && bashcompinit\n${bashScript(nodes)}`;
    case 'fish':
      return fishScript(nodes);
  }
}

function allNodes(command: Command, path: string): readonly CompletionNode[] {
  const names = command.commands.map((child) => child.name());
  const own = {
    path,
    children: path === '' ? [...names, 'help'] : names,
    values: valuesOfArgument(command, path),
    flags: command.options.filter(({ hidden }) => !hidden).map(flagOf),
  };
  return [own, ...command.commands.flatMap((child) => allNodes(child, `${path} ${child.name()}`.trim()))];
}

/** The parser brings `help` itself: it is in no list of commands. */
function helpNode(program: Command): CompletionNode {
  const words = program.commands.map((command) => command.name());
  return { path: 'help', children: [], values: { kind: 'words', words }, flags: [] };
}

function flagOf(option: Option): CompletionFlag {
  const names = [option.long, option.short].filter((name) => typeof name === 'string');
  return { names, values: option.required || option.optional ? valuesOfFlag(option) : undefined };
}
