import { expect, it } from 'vitest';
import { openShell } from '../../support/docs/shell.ts';

it('keeps variables and prints both streams in their order, command by command', async () => {
  await using shell = openShell({ FROM_OUTSIDE: 'given' }, '/');
  expect(await shell.run('A=one')).toBe('');
  expect(await shell.run('echo "$A $FROM_OUTSIDE"; echo two >&2; pwd   # a comment')).toBe(
    'one given\ntwo\n/\n',
  );
  expect(await shell.run('printf none; false; echo "exit $?"')).toBe('noneexit 1\n');
});

it('gives a command no more input than none', async () => {
  await using shell = openShell({}, '/');
  expect(await shell.run('cat; echo end')).toBe('end\n');
});

it('says what was printed before a shell that ended', async () => {
  await using shell = openShell({}, '/');
  await expect(shell.run('echo last; exit 3')).rejects.toThrow(/the shell ended; it printed:\nlast/);
});
