import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/cli/command-list.ts';
import { buildTree } from '../../../src/cli/command-tree.ts';
import { completionScript } from '../../../src/cli/completion.ts';
import { SHELLS } from '../../../src/cli/shells.ts';

const program = await buildTree(COMMANDS, () => async () => {}, { out: () => {}, err: () => {} });

describe.each(SHELLS)('the completion script for %s', (shell) => {
  const script = completionScript(program, shell);

  it('knows every command and every flag of the tree', () => {
    const commands = [program, ...program.commands].flatMap(({ commands: inner }) => inner);
    for (const command of commands) {
      expect(script).toContain(command.name());
      for (const { long } of command.options.filter(({ hidden }) => !hidden))
        expect(script).toContain((long ?? '').replace(/^--/, ''));
    }
  });

  it('knows the formats of check and the shells', () => {
    expect(script).toContain('text json junit github tap');
    expect(script).toContain(SHELLS.join(' '));
  });
});

it('is loaded by zsh as a function of its own', () => {
  expect(completionScript(program, 'zsh')).toMatch(/^#compdef meshdev\n/);
});
