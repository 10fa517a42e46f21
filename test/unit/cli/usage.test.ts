import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/cli/command-list.ts';
import { runCli } from '../../support/run-cli.ts';

describe('a command that does not exist', () => {
  it.each([
    ['login', 'token'],
    ['delete', 'down'],
    ['destroy', 'down'],
    ['rm', 'down'],
    ['unpause', 'resume'],
    ['halt', 'stop'],
    ['ls', 'status'],
    ['chekc', 'check'],
    ['stauts', 'start or status'],
    ['tokn', 'token'],
    ['dwn', 'down'],
    ['engine up', 'start'],
    ['images ls', 'list'],
    ['images rm', 'prune'],
    ['bundle show', 'inspect'],
    ['bundle verfy', 'verify'],
  ])('%s: an error that suggests %s, with --help and in help too', async (words, meant) => {
    const argv = words.split(' ');
    for (const line of [argv, [...argv, '--help'], ['help', ...argv]]) {
      const { exitCode, out, err } = await runCli(line);
      expect({ line, exitCode, out }).toEqual({ line, exitCode: 2, out: '' });
      expect(err).toMatch(/^meshdev: USAGE: reading the command line: meshdev.* has no command /);
      expect(err).toContain(`; did you mean ${meant}?\n`);
    }
  });

  it('gets no suggestion where nothing is near, and help to run', async () => {
    const { exitCode, err } = await runCli(['zzzzzzz', '--help']);
    expect(exitCode).toBe(2);
    expect(err).toBe(
      'meshdev: USAGE: reading the command line: meshdev has no command "zzzzzzz"\n  run    meshdev --help\n',
    );
  });

  it('is no help that is asked for', async () => {
    expect(await runCli(['help', 'up'])).toMatchObject({ exitCode: 0, err: '' });
    expect(await runCli(['engine', 'start', '--help'])).toMatchObject({ exitCode: 0, err: '' });
  });
});

describe('a mistake in the command line', () => {
  it.each([
    [['up', '--nmae', 'blue'], "unknown option '--nmae'; did you mean --name?", 'meshdev up --help'],
    [['token'], "missing required argument 'user'", 'meshdev token --help'],
    [['check', '--timeout', 'soon'], 'Use a duration such as 90s or 10m', 'meshdev check --help'],
    [['engine', 'stop', '--force'], "unknown option '--force'", 'meshdev engine stop --help'],
    [['-n', 'blue', 'status'], "unknown option '-n'", 'meshdev status -n blue'],
  ])('%j: is said once, with what to run', async (argv, what, run) => {
    const { exitCode, out, err } = await runCli(argv);
    expect(exitCode).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(what);
    expect(err.split('\n').slice(1)).toEqual([expect.stringContaining(run), '']);
  });
});

describe('the version', () => {
  it.each(['--version', '-V'])('%s is one line', async (flag) => {
    const { exitCode, out } = await runCli([flag]);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^meshdev \d+\.\d+\.\d+\n$/);
  });
});

describe('a flag that a habit adds', () => {
  it.each(['explain MD-EGW-011', 'version', 'docs', 'check --list'])(
    '-y and --no-input change nothing in %s',
    async (line) => {
      const argv = line.split(' ');
      expect(await runCli([...argv, '-y', '--no-input'])).toEqual(await runCli(argv));
    },
  );

  it.each(['down', 'status', 'engine stop', 'images prune'])('is taken by %s', async (line) => {
    const argv = [...line.split(' '), '-y', '--help'];
    expect(await runCli(argv)).toMatchObject({ exitCode: 0, err: '' });
    const { err } = await runCli([...line.split(' '), '-y', '--nonsense']);
    expect(err).toContain("unknown option '--nonsense'");
  });

  it('is not listed where it does nothing', async () => {
    expect((await runCli(['status', '--help'])).out).not.toContain('--yes');
    expect((await runCli(['up', '--help'])).out).toContain('-y, --yes');
  });
});

it('every command has its help', async () => {
  for (const { name } of COMMANDS)
    expect(await runCli([name, '--help'])).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining(`meshdev ${name}`),
    });
});
