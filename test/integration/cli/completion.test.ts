import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/cli/command-list.ts';
import { buildTree } from '../../../src/cli/command-tree.ts';
import { completionScript } from '../../../src/cli/completion.ts';

const program = await buildTree(COMMANDS, () => async () => {}, { out: () => {}, err: () => {} });
const script = completionScript(program, 'bash');
const bash = promisify(execFile);
let home = '';

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'meshdev-completion-'));
  for (const lab of ['blue', 'green'])
    await mkdir(join(home, 'state', 'meshdev', 'labs', lab), { recursive: true });
  await writeFile(join(home, 'my lab.yaml'), '');
  await writeFile(join(home, 'my.bundle'), '');
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** What the real bash offers for a line whose last word is being typed. */
async function offered(...words: readonly string[]): Promise<readonly string[]> {
  const ask = 'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _meshdev; printf "%s\\n" "${COMPREPLY[@]}"';
  const argv = ['--norc', '-c', `${script}\n${ask}`, 'bash', 'meshdev', ...words];
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, XDG_STATE_HOME: join(home, 'state') };
  const { stdout } = await bash('bash', argv, { cwd: home, env });
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
    expect(await offered('up', '--domain', '')).toEqual([]);
    expect(await offered('up', '--timeout', '')).toEqual([]);
    expect(await offered('check', '--skip', 'jwt', '--rep')).toEqual(['--report']);
    expect(await offered('expl')).toEqual(['explain']);
  });

  it('offers what is on the machine: labs, files', async () => {
    expect(await offered('up', '--name', '')).toEqual(['blue', 'green']);
    expect(await offered('down', '-n', 'b')).toEqual(['blue']);
    expect(await offered('up', '--config', 'my')).toEqual(['my lab.yaml', 'my.bundle']);
    expect(await offered('bundle', 'verify', 'my.')).toEqual(['my.bundle']);
    expect(await offered('check', '--report', 'my.')).toEqual(['my.bundle']);
  });

  it('offers selectors, image sources, users, pages and words to explain', async () => {
    expect(await offered('check', 'rb')).toEqual(['rbac']);
    expect(await offered('check', 'MD-EGW-011')).toEqual(['MD-EGW-011']);
    expect((await offered('check', 'jwt', 'edge-')).toSorted()).toEqual(['edge->gateway', 'edge->idp']);
    expect(await offered('check', '--skip', 'MD-RBAC-001')).toEqual(['MD-RBAC-001']);
    expect(await offered('up', '--image-source', '')).toEqual(['registry', 'bundle', 'packages']);
    expect(await offered('docs', 'tut')).toEqual(['tutorial']);
    expect(await offered('explain', 'XF')).toEqual(['XFCC']);
    expect(await offered('explain', 'Jwt_is_exp')).toEqual(['Jwt_is_expired']);
    expect(await offered('explain', 'PORT_')).toEqual(expect.arrayContaining(['PORT_TAKEN']));
  });

  it('offers arguments and no flag where an argument is wanted: a shell would insert the dash', async () => {
    expect(await offered('token', '')).toEqual(['alice', 'bob', 'eve', 'meshdev-ci']);
    expect(await offered('token', '-')).toEqual(expect.arrayContaining(['--scope', '--decode']));
    expect(await offered('status', '')).toEqual([]);
  });

  it('offers help, and commands in it', async () => {
    expect(await offered('hel')).toEqual(['help']);
    expect(await offered('help', 'che')).toEqual(['check']);
  });

  it('does not offer what is taken only out of habit', async () => {
    expect(await offered('status', '--y')).toEqual([]);
    expect(await offered('down', '--y')).toEqual(['--yes']);
  });

  it('keeps off the names that zsh keeps for itself', () => {
    expect(script).not.toMatch(/\b(?:path|words)=/);
  });

  it('offers the shells', async () => {
    expect(await offered('completion', 'z')).toEqual(['zsh']);
  });
});
