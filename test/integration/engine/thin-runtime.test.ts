import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createExecaRunner } from '../../../src/adapters/execa-runner.ts';

const signal = AbortSignal.timeout(60_000);
const runtime = join(import.meta.dirname, '..', '..', '..', 'templates', 'engine', 'meshdev-runc');
const dir = await mkdtemp(join(tmpdir(), 'thin-runtime-'));
const runner = createExecaRunner({ ...env, PATH: `${dir}:${env['PATH'] ?? ''}` });

const asked = {
  args: ['sh', '-c', 'echo "CAP_SYS_RESOURCE"'],
  capabilities: {
    bounding: ['CAP_SYS_ADMIN', 'CAP_SYS_RESOURCE'],
    effective: ['CAP_SYS_RESOURCE'],
    ambient: null,
  },
  oomScoreAdj: -998,
  rlimits: [{ type: 'RLIMIT_NOFILE', hard: 1_048_576, soft: 1_048_576 }],
};
const granted = {
  args: ['sh', '-c', 'echo "CAP_SYS_RESOURCE"'],
  capabilities: { bounding: ['CAP_SYS_ADMIN'], effective: [], ambient: null },
  oomScoreAdj: 0,
};

beforeAll(async () => {
  await writeFile(join(dir, 'runc'), '#!/bin/sh\nprintf "%s\\n" "$@"\n');
  await chmod(join(dir, 'runc'), 0o755);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const json = async (file: string): Promise<unknown> => JSON.parse(await readFile(join(dir, file), 'utf8'));
const write = (file: string, content: unknown) => writeFile(join(dir, file), JSON.stringify(content));
const call = async (args: readonly string[], cwd = '/'): Promise<string> =>
  (await runner.run(runtime, args, { cwd, signal })).stdout;
const GLOBAL = ['--root', '/run', '--log', 'create', '--log-format', 'json'];

describe('the thin runtime', () => {
  it.each([
    ['create', ['create', '--bundle', dir, 'id'], '/'],
    ['create, short', ['create', '-b', dir, 'id'], '/'],
    ['run, joined', ['run', `--bundle=${dir}`, 'id'], '/'],
    ['create in the working directory', ['create', 'id'], dir],
  ])('relaxes the bundle on %s and becomes runc with the same arguments', async (_, args, cwd) => {
    await write('config.json', { ociVersion: '1.0.2', process: asked, hostname: 'x' });
    expect(await call([...GLOBAL, ...args], cwd)).toBe([...GLOBAL, ...args].join('\n'));
    expect(await json('config.json')).toEqual({ ociVersion: '1.0.2', process: granted, hostname: 'x' });
  });

  it.each([['--process'], ['-p']])('relaxes the process of exec %s', async (flag) => {
    await write('process.json', asked);
    await call([...GLOBAL, 'exec', flag, join(dir, 'process.json'), '--detach', 'id']);
    expect(await json('process.json')).toEqual(granted);
  });

  it('leaves alone what does not ask for more', async () => {
    const modest = { args: ['x'], oomScoreAdj: 500 };
    await write('process.json', modest);
    await call(['exec', '-p', join(dir, 'process.json'), 'id']);
    expect(await json('process.json')).toEqual(modest);
  });

  it('passes every other command on', async () => {
    expect(await call(['--root', '/run', 'delete', '--force', 'create'])).toBe(
      '--root\n/run\ndelete\n--force\ncreate',
    );
  });
});
