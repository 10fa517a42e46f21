import { describe, expect, it } from 'vitest';
import { buildTree, entriesFor } from '../../../src/cli/command-tree.ts';
import { COMMANDS } from '../../../src/cli/command-list.ts';
import { overview, wantsOverview } from '../../../src/cli/overview.ts';
import type { Act } from '../../../src/cli/act.ts';

const silent: Act = () => async () => {};
const streams = { out: () => {}, err: () => {} };

describe('overview', () => {
  it('fits a terminal of 80 columns and ends its last line', () => {
    const lines = overview().split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.at(-1)).toBe('');
  });

  it('is what the argument parser answers to its own help', async () => {
    const program = await buildTree(COMMANDS, silent, streams);
    expect(program.helpInformation()).toBe(overview());
  });

  it.each(['--help', '-h', 'help'])('is all that %s alone asks for', (word) => {
    expect(wantsOverview([word])).toBe(true);
    expect(wantsOverview([word, 'up'])).toBe(false);
    expect(wantsOverview(['up', word])).toBe(false);
  });

  it('is not what an empty command line asks for: that is a usage error', () => {
    expect(wantsOverview([])).toBe(false);
  });
});

describe('the command list', () => {
  it('names each command as the command names itself', async () => {
    const program = await buildTree(COMMANDS, silent, streams);
    expect(program.commands.map((command) => command.name())).toEqual(COMMANDS.map(({ name }) => name));
  });

  it('gives each command its summary and leaves the help of commands to the parser', async () => {
    const program = await buildTree(COMMANDS, silent, streams);
    const texts = program.commands.map((command) => command.helpInformation({ error: false }));
    texts.forEach((text, index) => {
      const { name, summary } = COMMANDS[index] ?? { name: '?', summary: '?' };
      expect(text).toContain(`Usage: meshdev ${name} `);
      expect(text.replaceAll(/\s+/g, ' ')).toContain(summary);
    });
  });

  it('loads only the command that is named', () => {
    expect(entriesFor(['up', '--yes']).map(({ name }) => name)).toEqual(['up']);
  });

  it.each([['completion', 'bash'], ['help', 'up'], ['upp'], [], ['--verbose', 'up']])(
    'loads every command for %s',
    (...argv) => {
      expect(entriesFor(argv)).toBe(COMMANDS);
    },
  );
});
