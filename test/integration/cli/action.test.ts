import { chmod, cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { type Ended, exited, runProgram } from '../../support/e2e-program.ts';

const ROOT = join(import.meta.dirname, '../../..');
const Action = z.object({
  inputs: z.record(z.string(), z.object({ default: z.string(), description: z.string() })),
  outputs: z.record(z.string(), z.object({ description: z.string() })),
  runs: z.object({
    using: z.literal('node24'),
    main: z.string(),
    post: z.string(),
    'post-if': z.literal('always()'),
  }),
});
const action = Action.parse(parse(await readFile(join(ROOT, 'action.yml'), 'utf8')));

const VARIABLES = {
  schemaVersion: '1',
  kind: 'Environment',
  KUBECONFIG: '/labs/kubeconfig',
  MESHDEV_CA: '/labs/edge-root.crt',
  MESHDEV_URL: 'https://httpbin.mesh.localhost:8443',
  MESHDEV_ISSUER: 'https://auth.mesh.localhost:8443',
};

let dir = '';
const at = (name: string): string => join(dir, name);

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'meshdev-action-'));
  for (const name of ['state', 'output', 'env', 'path', 'calls']) await writeFile(at(name), '');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** A meshdev that notes what it is asked, and ends as it is told. */
async function stub(codes: Readonly<Record<string, number>> = {}): Promise<void> {
  const ends = Object.entries(codes).map(([command, code]) => `${command}) exit ${code} ;;`);
  await writeFile(
    at('meshdev'),
    `#!/bin/sh\necho "$*" >>"${at('calls')}"\ncase $1 in\n${ends.join('\n')}\nenv) echo '${JSON.stringify(VARIABLES)}' ;;\nesac\n`,
  );
  await chmod(at('meshdev'), 0o755);
}

/** What the runner sets for a step: an input has its default where the workflow gives none. */
function runnerEnv(given: Readonly<Record<string, string>>): Record<string, string> {
  const inputs = Object.entries(action.inputs).map(
    ([name, { default: value }]) => [`INPUT_${name.toUpperCase()}`, given[name] ?? value] as const,
  );
  return {
    ...Object.fromEntries(inputs),
    PATH: `${dir}:${process.env['PATH'] ?? ''}`,
    RUNNER_TEMP: dir,
    GITHUB_STATE: at('state'),
    GITHUB_OUTPUT: at('output'),
    GITHUB_ENV: at('env'),
    GITHUB_PATH: at('path'),
  };
}

/** The file of a runner, as the runner reads it. */
async function written(name: string): Promise<Record<string, string>> {
  const text = await readFile(at(name), 'utf8');
  const found = text.matchAll(/^(\w+)<<(\S+)\n([^]*?)\n\2\n/gm);
  return Object.fromEntries([...found].map(([, key = '', , value = '']) => [key, value]));
}

/** Main, then post with what main saved, whatever main ended with. */
async function job(given: Readonly<Record<string, string>> = {}): Promise<{ main: Ended; post: Ended }> {
  const env = runnerEnv({ meshdev: 'meshdev', ...given });
  const main = await runProgram(process.execPath, [join(ROOT, action.runs.main)], { env });
  const state = Object.entries(await written('state')).map(
    ([name, value]) => [`STATE_${name}`, value] as const,
  );
  const post = await runProgram(process.execPath, [join(ROOT, action.runs.post)], {
    env: { ...env, ...Object.fromEntries(state) },
  });
  return { main, post };
}

const calls = async (): Promise<readonly string[]> =>
  (await readFile(at('calls'), 'utf8')).split('\n').filter((line) => line !== '');

describe('the action', () => {
  it('brings the lab up, checks it, tells later steps where it is, and removes it', async () => {
    await stub();
    const { main, post } = await job();
    exited(main, 0);
    exited(post, 0);
    const report = at('meshdev-demo.html');
    expect(await calls()).toEqual([
      'up --yes --no-check --name demo --timeout 60m',
      'env --name demo -o json',
      `check --name demo -o github --report ${report}`,
      'down --name demo',
    ]);
    const outputs = await written('output');
    expect(outputs).toEqual({
      url: VARIABLES.MESHDEV_URL,
      ca: VARIABLES.MESHDEV_CA,
      kubeconfig: VARIABLES.KUBECONFIG,
      report,
    });
    expect(Object.keys(outputs).toSorted()).toEqual(Object.keys(action.outputs).toSorted());
    const { schemaVersion: _, kind: __, ...variables } = VARIABLES;
    expect(await written('env')).toEqual(variables);
  });

  it('hands its inputs on', async () => {
    await stub();
    await job({
      name: 'ci',
      'https-port': '8443',
      mirror: 'm.test/a b',
      timeout: '',
      check: ' jwt  "edge->gateway" ',
    });
    const [up, , check] = await calls();
    expect(up).toBe('up --yes --no-check --name ci --https-port 8443 --mirror m.test/a b');
    expect(check).toMatch(/^check jwt "edge->gateway" --name ci -o github /);
  });

  it('checks nothing where that is wanted', async () => {
    await stub();
    exited((await job({ check: 'none' })).main, 0);
    expect((await calls()).map((line) => line.split(' ', 1)[0])).toEqual(['up', 'env', 'down']);
    expect((await written('output'))['report']).toBe('');
  });

  it.each([
    ['up', 4, ['up', 'down']],
    ['check', 1, ['up', 'env', 'check', 'down']],
    ['env', 5, ['up', 'env', 'down']],
  ])('fails with %s, and removes the lab all the same', async (command, code, wanted) => {
    await stub({ [command]: code });
    const { main, post } = await job();
    expect(main.exitCode).toBe(command === 'env' ? 1 : code);
    exited(post, 0);
    expect((await calls()).map((line) => line.split(' ', 1)[0])).toEqual(wanted);
  });

  it('runs the meshdev of its own checkout where no other is named, and later steps find it', async () => {
    const root = at('checkout');
    await cp(join(ROOT, 'action'), join(root, 'action'), { recursive: true });
    await writeFile(join(root, 'package.json'), '{"type":"module"}');
    await stub();
    await mkdir(join(root, 'bin'));
    await rename(at('meshdev'), join(root, 'bin', 'meshdev'));
    exited(await runProgram(process.execPath, [join(root, action.runs.main)], { env: runnerEnv({}) }), 0);
    expect((await calls())[0]).toMatch(/^up /);
    expect(await readFile(at('path'), 'utf8')).toBe(`${join(root, 'bin')}\n`);
    expect((await written('state'))['program']).toBe(join(root, 'bin', 'meshdev'));
  });

  it('fails where the lab cannot be removed', async () => {
    await stub({ down: 3 });
    expect((await job()).post.exitCode).toBe(3);
  });

  it('removes nothing where the main step never began', async () => {
    await stub();
    const post = await runProgram(process.execPath, [join(ROOT, action.runs.post)], { env: runnerEnv({}) });
    exited(post, 0);
    expect(await calls()).toEqual([]);
  });
});
