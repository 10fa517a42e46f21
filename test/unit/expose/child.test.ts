import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChildOptions, startChild } from '../../../src/expose/child.ts';

let cwd = '';
beforeAll(async () => {
  cwd = await realpath(await mkdtemp(join(tmpdir(), 'meshdev-child-')));
});
afterAll(() => rm(cwd, { recursive: true }));

function started(command: string, more: Partial<ChildOptions> = {}) {
  const said = { out: '', err: '' };
  const child = startChild({
    command,
    cwd,
    env: { PATH: process.env['PATH'], PORT: '5173' },
    onStdout: (chunk) => (said.out += chunk.toString()),
    onStderr: (chunk) => (said.err += chunk.toString()),
    ...more,
  });
  return { child, said };
}

describe('the process of a local service', () => {
  it('is run by the shell, in its directory, with its variables', async () => {
    const { child, said } = started('echo "$PORT" && pwd && echo told >&2');
    expect(await child.ended).toMatchObject({ how: 'exit code 0', isSuccess: true });
    expect(said).toEqual({ out: `5173\n${cwd}\n`, err: 'told\n' });
  });

  it('tells how it failed, with its last lines', async () => {
    const { child } = started('for i in $(seq 30); do echo line $i; done; exit 7');
    const end = await child.ended;
    expect(end).toMatchObject({ how: 'exit code 7', isSuccess: false });
    expect(end.lastLines).toHaveLength(12);
    expect(end.lastLines.at(-1)).toBe('line 30');
  });

  it('tells why it could not be started', async () => {
    const { child } = started('true', { cwd: join(cwd, 'nowhere') });
    expect(await child.ended).toMatchObject({ how: expect.stringContaining('ENOENT'), isSuccess: false });
  });

  it('ends with all that it started', async () => {
    const inner = 'trap "echo inner ended; exit" TERM; echo ready; while :; do sleep 0.1; done';
    const { child, said } = started(`sh -c '${inner}'; echo never`);
    await expect.poll(() => said.out).toBe('ready\n');
    await child.stop();
    expect(await child.ended).toMatchObject({ isSuccess: false });
    expect(said.out).toBe('ready\ninner ended\n');
  });
});
