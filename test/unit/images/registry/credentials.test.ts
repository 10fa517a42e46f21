import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { dockerCredentials } from '../../../../src/images/registry/credentials.ts';
import { endpointOf } from '../../../../src/images/registry/endpoint.ts';
import type { ProcessRunner, RunOptions } from '../../../../src/ports/process-runner.ts';

const signal = AbortSignal.timeout(5_000);
const MIRROR = endpointOf(
  { registry: 'docker.io', repository: 'a/b', tag: '1' },
  { '*': 'mirror.test:5000' },
);
const HUB = endpointOf({ registry: 'docker.io', repository: 'a/b', tag: '1' }, {});
const dirs: string[] = [];

afterEach(async () => {
  for (const dir of dirs.splice(0)) await rm(dir, { recursive: true });
});

/** Helpers that know these keys; anything else they refuse, as real ones do. */
function runnerWith(known: Readonly<Record<string, string>>, asked: string[] = []): ProcessRunner {
  return {
    find: async () => undefined,
    run: async (command: string, args: readonly string[], { stdin }: RunOptions) => {
      asked.push(`${command} ${args.join(' ')} < ${String(stdin)}`);
      const answer = known[String(stdin)];
      return {
        exitCode: answer === undefined ? 1 : 0,
        stdout: answer ?? 'credentials not found',
        stderr: '',
      };
    },
  };
}

async function find(config: unknown, endpoint = MIRROR, runner = runnerWith({})) {
  const dir = await mkdtemp(join(tmpdir(), 'meshdev-credentials-'));
  dirs.push(dir);
  if (config !== undefined)
    await writeFile(join(dir, 'config.json'), typeof config === 'string' ? config : JSON.stringify(config));
  return dockerCredentials(dir, runner)(endpoint, signal);
}

describe('credentials of Docker', () => {
  it('are none where nobody logged in', async () => {
    expect(await find(undefined)).toBeUndefined();
    expect(await find({ auths: { 'other.test': { auth: btoa('u:p') } } })).toBeUndefined();
  });

  it('come from the file, also with a colon in the password', async () => {
    const auths = { 'mirror.test:5000': { auth: btoa('reader:a:b') } };
    expect(await find({ auths })).toEqual({ kind: 'password', user: 'reader', secret: 'a:b' });
  });

  it('of Docker Hub are under its old key', async () => {
    const auths = { 'https://index.docker.io/v1/': { auth: btoa('u:p') } };
    expect(await find({ auths }, HUB)).toMatchObject({ user: 'u' });
    expect(await find({ auths })).toBeUndefined();
  });

  it('may be an identity token', async () => {
    const auths = { 'mirror.test:5000': { auth: btoa('u:'), identitytoken: 'long' } };
    expect(await find({ auths })).toEqual({ kind: 'refresh', secret: 'long' });
  });

  it('come from the helper of the registry before that of all, which get the key on stdin', async () => {
    const asked: string[] = [];
    const runner = runnerWith({ 'mirror.test:5000': '{"Username":"<token>","Secret":"s"}' }, asked);
    const config = {
      credsStore: 'all',
      credHelpers: { 'mirror.test:5000': 'own' },
      auths: { 'mirror.test:5000': {} },
    };
    expect(await find(config, MIRROR, runner)).toEqual({ kind: 'refresh', secret: 's' });
    expect(asked).toEqual(['docker-credential-own get < mirror.test:5000']);
  });

  it('that cannot be read are an error, not nobody', async () => {
    await expect(find('{ broken')).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});
