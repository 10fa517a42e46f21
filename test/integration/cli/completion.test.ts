import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/cli/command-list.ts';
import { buildTree } from '../../../src/cli/command-tree.ts';
import { completionScript } from '../../../src/cli/completion.ts';

const program = await buildTree(COMMANDS, () => async () => {}, { out: () => {}, err: () => {} });
const script = completionScript(program, 'bash');
const bash = promisify(execFile);

/** What the real bash offers for a line whose last word is being typed. */
async function offered(...words: readonly string[]): Promise<readonly string[]> {
  const ask = 'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _meshdev; printf "%s\\n" "${COMPREPLY[@]}"';
  const argv = ['--norc', '-c', `${script}\n${ask}`, 'bash', 'meshdev', ...words];
  const { stdout } = await bash('bash', argv);
  return stdout.split('\n').filter((word) => word !== '');
}

describe('completion in bash', () => {
  it('is a script that bash can read, and registers itself', async () => {
    await expect(bash('bash', ['--norc', '-n', '-c', script])).resolves.toMatchObject({ stderr: '' });
    const { stdout } = await bash('bash', ['--norc', '-c', `${script}\ncomplete -p meshdev`]);
    expect(stdout.trim()).toBe('complete -F _meshdev meshdev');
  });

  it('offers all commands first', async () => {
    const commands = program.commands.map((command) => command.name());
    expect(await offered('')).toEqual(expect.arrayContaining(commands));
  });

  it('completes a word', async () => {
    expect(await offered('che')).toEqual(['check']);
    expect(await offered('check', '--out')).toEqual(['--output']);
  });

  it('completes commands below commands', async () => {
    expect(await offered('engine', 's')).toEqual(expect.arrayContaining(['status', 'start', 'stop']));
    expect(await offered('engine', 'start', '--y')).toEqual(['--yes']);
  });

  it('is not led astray by values of flags and by arguments', async () => {
    expect(await offered('up', '--name', 'blue', '--htt')).toEqual(['--https-port']);
    expect(await offered('--verbose', 'up', '--nam')).toEqual(['--name']);
    expect(await offered('check', 'MD-EGW-011', '--li')).toEqual(['--list']);
  });

  it('offers the values of a flag, and nothing where only the user knows', async () => {
    expect(await offered('check', '-o', '')).toEqual(['text', 'json', 'junit', 'github', 'tap']);
    expect(await offered('check', '--output', 'j')).toEqual(['json', 'junit']);
    expect(await offered('up', '--name', '')).toEqual([]);
    expect(await offered('check', '--skip', '')).toEqual([]);
    expect(await offered('check', '--skip', 'jwt', '--rep')).toEqual(['--report']);
    expect(await offered('expl')).toEqual(['explain']);
  });

  it('offers the shells', async () => {
    expect(await offered('completion', 'z')).toEqual(['zsh']);
  });
});
