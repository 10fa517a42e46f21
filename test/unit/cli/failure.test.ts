import { describe, expect, it } from 'vitest';
import { reportFailure } from '../../../src/cli/failure.ts';
import { silentCli } from '../../support/silent-cli.ts';

function reported(thrown: unknown, json = false) {
  const said = { out: '', err: '' };
  const { signal } = new AbortController();
  const context = {
    ...silentCli({ env: { HOME: '/home/a' }, cwd: '/', signal }),
    out: (text: string) => void (said.out += text),
    err: (text: string) => void (said.err += text),
  };
  const exitCode = reportFailure(thrown, context, { json, verbose: false, argv: ['up'] });
  return { exitCode, ...said };
}

describe('what escapes a command', () => {
  it('is the machine’s fault where the disk is full: no stack, and what to look at', () => {
    const full = Object.assign(new Error("ENOSPC: no space left on device, open '/s/a.json'"), {
      code: 'ENOSPC',
      path: '/s/a.json',
    });
    expect(reported(full)).toEqual({
      exitCode: 3,
      out: '',
      err: "meshdev: DISK_FULL: ENOSPC: no space left on device, open '/s/a.json'\n  run    df -h /s\n",
    });
  });

  it('is a bug otherwise, with its stack', () => {
    const { exitCode, err } = reported(new TypeError('x is undefined'));
    expect(exitCode).toBe(70);
    expect(err).toMatch(/^meshdev: BUG: x is undefined\n[^]*caused by TypeError: x is undefined/);
  });

  it('is one JSON document on stdout where that was asked for', () => {
    const { out } = reported(new TypeError('x is undefined'), true);
    expect(JSON.parse(out)).toMatchObject({ kind: 'Error', code: 'BUG', exitCode: 70 });
  });
});
