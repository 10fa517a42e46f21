import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createExecaRunner } from '../../../../src/adapters/execa-runner.ts';
import { dockerCredentials } from '../../../../src/images/registry/credentials.ts';
import { endpointOf } from '../../../../src/images/registry/endpoint.ts';
import type { ProcessRunner, RunOptions } from '../../../../src/ports/process-runner.ts';

const signal = AbortSignal.timeout(60_000);
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

/** As `docker login` left it. */
async function configDir(config: unknown): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'meshdev-credentials-'));
  dirs.push(dir);
  if (config !== undefined)
    await writeFile(join(dir, 'config.json'), typeof config === 'string' ? config : JSON.stringify(config));
  return dir;
}

async function find(config: unknown, endpoint = MIRROR, runner = runnerWith({})) {
  const helpers = { runner, env: {}, say: () => undefined };
  const found = await dockerCredentials(await configDir(config), helpers)(endpoint, signal);
  expect(found.trouble).toBeUndefined();
  return found.credential;
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

describe('a helper that', () => {
  /** Programs on PATH, and a lookup with all that it said meanwhile. */
  async function withHelper(
    script: string,
    more: { readonly env?: Record<string, string>; readonly patienceMs?: number } = {},
  ) {
    const dir = await configDir({ credsStore: 'own' });
    const program = join(dir, 'docker-credential-own');
    if (script !== '') await writeFile(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const env = { PATH: `${dir}:/usr/bin:/bin`, ...more.env };
    const said: string[] = [];
    const helpers = { runner: createExecaRunner(env), env, say: (line: string) => void said.push(line) };
    const credentials = dockerCredentials(dir, { ...helpers, patienceMs: more.patienceMs ?? 15_000 });
    return { dir, said, ask: () => credentials(MIRROR, AbortSignal.timeout(18_000)) };
  }

  it.each([
    ['is missing', '', 'it is not on PATH'],
    ['fails', 'echo "no session bus" >&2; exit 1', 'it exited with code 1: no session bus'],
    ['hangs', 'sleep 30', 'it did not answer within 0.3 s'],
    ['speaks another language', 'echo "{}"', 'its output cannot be parsed'],
  ])('%s is said once, with file, key and helper, and nobody is asked for', async (_, script, because) => {
    // Only one that hangs is waited for: a machine at work takes its time to start a program.
    const { dir, said, ask } = await withHelper(
      script,
      script.startsWith('sleep') ? { patienceMs: 300 } : {},
    );
    const seen = `${dir}/config.json configures the credential helper docker-credential-own for mirror.test:5000, and ${because}`;
    const answers = [await ask(), await ask()];
    for (const answer of answers)
      expect(answer).toEqual({
        trouble: { seen, remedy: 'echo mirror.test:5000 | docker-credential-own get > /dev/null' },
      });
    expect(said).toEqual([`${seen}; continuing without credentials`]);
  });

  it('knows nothing of a registry is no trouble', async () => {
    const { said, ask } = await withHelper('echo "credentials not found in native keychain"; exit 1');
    expect(await ask()).toEqual({});
    expect(said).toEqual([]);
  });

  it('is told everything that the user’s own programs are told', async () => {
    const script = 'printf \'{"Username":"u","Secret":"%s"}\' "$DBUS_SESSION_BUS_ADDRESS"';
    const { ask } = await withHelper(script, { env: { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/bus' } });
    expect(await ask()).toEqual({
      credential: { kind: 'password', user: 'u', secret: 'unix:path=/run/bus' },
    });
  });

  it('answers with words that are no answer does not have them in a message', async () => {
    const { said, ask } = await withHelper('echo "Secret=let-me-in"');
    expect(JSON.stringify([await ask(), said])).not.toContain('let-me-in');
  });
});
