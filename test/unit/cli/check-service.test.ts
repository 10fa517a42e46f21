import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runProgram } from '../../../src/cli/program.ts';
import { silentCli } from '../../support/silent-cli.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'meshdev-service-'));
});
afterAll(() => rm(dir, { recursive: true }));

async function run(...argv: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
  let out = '';
  const env = { XDG_STATE_HOME: dir, XDG_CACHE_HOME: dir, HOME: dir };
  const cli = {
    ...silentCli({ env, cwd: dir, signal: new AbortController().signal }),
    out: (text: string) => {
      out += text;
    },
  };
  const code = await runProgram(['check', ...argv, '-o', 'json'], cli);
  return { code, out };
}

it('check --service refuses a service that the lab does not have, before anything is sent', async () => {
  const { code, out } = await run('--service', 'orders');
  expect(code).toBe(2);
  expect(JSON.parse(out)).toMatchObject({
    kind: 'Error',
    code: 'USAGE',
    message: expect.stringContaining('the lab has no service "orders"'),
  });
});

it('a mistake in a selector is told first', async () => {
  const { code, out } = await run('nonsense', '--service', 'orders');
  expect(code).toBe(2);
  expect(out).toContain('no check, category or hop is called');
});
