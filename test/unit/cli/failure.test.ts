import { describe, expect, it } from 'vitest';
import { MeshdevError } from '../../../src/errors/meshdev-error.ts';
import { Interruption } from '../../../src/run/interruption.ts';
import { reportFailure } from '../../../src/cli/failure.ts';
import { silentCli } from '../../support/silent-cli.ts';

function reported(thrown: unknown, json = false, reason?: Error) {
  const said = { out: '', err: '' };
  const signal = reason === undefined ? new AbortController().signal : AbortSignal.abort(reason);
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

  it.each([
    ['a program of the same job', new MeshdevError('COMMAND_FAILED', { message: 'kind ended with -1' })],
    ['a call that was cut off', new DOMException('This operation was aborted', 'AbortError')],
    ['what stopped by itself', new MeshdevError('INTERRUPTED', { message: 'stopped kind on request' })],
  ])('is an interruption after a signal, with its code everywhere: %s', (_, thrown) => {
    for (const [name, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      const { exitCode, out, err } = reported(thrown, true, new Interruption(name));
      expect(exitCode).toBe(code);
      expect(JSON.parse(out)).toMatchObject({ kind: 'Error', code: 'INTERRUPTED', exitCode: code });
      expect(err).toMatch(/^meshdev: INTERRUPTED: stopped [^\n]+\n$/);
    }
  });

  it('is a deadline where nobody stopped it, and no deadline where a person left a question', () => {
    const ended = new MeshdevError('INTERRUPTED', { message: 'stopped on request' });
    expect(reported(ended)).toMatchObject({ exitCode: 6, err: expect.stringContaining('--timeout') });
    const left = new MeshdevError('INTERRUPTED', {
      message: 'the prompt was cancelled',
      details: { byPerson: true },
    });
    expect(reported(left)).toMatchObject({
      exitCode: 130,
      err: 'meshdev: INTERRUPTED: the prompt was cancelled\n',
    });
  });

  it('is one JSON document on stdout where that was asked for', () => {
    const { out } = reported(new TypeError('x is undefined'), true);
    expect(JSON.parse(out)).toMatchObject({ kind: 'Error', code: 'BUG', exitCode: 70 });
  });
});
