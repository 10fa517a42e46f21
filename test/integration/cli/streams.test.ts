import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const MAIN = join(import.meta.dirname, '../../../dist/bin/main.js');
const run = promisify(execFile);
let home = '';

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'meshdev-streams-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** A line of bash with `meshdev` in it; its last word on stdout is the exit code of meshdev. */
async function bash(line: string) {
  const script = `meshdev() { "${process.execPath}" "${MAIN}" "$@"; }\n${line}`;
  const env = { ...process.env, HOME: home, XDG_STATE_HOME: join(home, 'state') };
  return run('bash', ['--norc', '-c', script], { env });
}

describe('streams that nobody reads or that cannot be written', () => {
  it.each([
    ['all went well', 'meshdev check --list | true', '0'],
    ['there is no lab', 'meshdev check --name nowhere -o json | true', '5'],
    ['nobody reads stderr', 'meshdev check --name nowhere 2>&1 >/dev/null | true', '5'],
  ])('keep the exit code: %s', async (_, line, code) => {
    const { stdout } = await bash(`${line}; echo "\${PIPESTATUS[0]}"`);
    expect(stdout.trim()).toBe(code);
  });

  it('are no success when the disk of stdout is full', async () => {
    const { stdout, stderr } = await bash('meshdev version 2>&1 >/dev/full; echo "$?"');
    expect(stdout).toMatch(/writing to stdout: ENOSPC/);
    expect(stdout.trim().split('\n').at(-1)).toBe('3');
    expect(stderr).toBe('');
  });

  it('a report that cannot be written takes nothing from what is said about the check', async () => {
    const { stdout, stderr } = await bash(
      'meshdev check --name nowhere -o json --report /nowhere/report.html; echo "[$?]"',
    );
    const [document = '', code] = stdout.trim().split('\n[');
    expect(z.object({ code: z.string() }).parse(JSON.parse(document)).code).toBe('LAB_NOT_UP');
    expect(code).toBe('5]');
    expect(stderr).toMatch(/writing \/nowhere\/report\.html: ENOENT/);
    expect(stderr).toMatch(/LAB_NOT_UP/);
  });
});
