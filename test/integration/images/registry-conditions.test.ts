import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exited } from '../../support/e2e-program.ts';
import { tinyRegistryOfFile } from './registry-user.ts';

// A registry under real conditions; docs/images.md has the table of what is said, and what helps.

const MANIFESTS = '/mccutchen/go-httpbin/manifests/';

const tiny = await tinyRegistryOfFile();

/** Requests since the fault was set that name this. */
const asked = async (part: string) => (await tiny.registry.seen()).filter(({ path }) => path.includes(part));

describe('a registry that limits pulls', () => {
  const limit = { 'Retry-After': '2', 'RateLimit-Limit': '100;w=21600' };

  it('is left alone for as long as it asks, and then gives everything', async () => {
    await using user = await tiny.user();
    await tiny.registry.fault({ kind: 'status', path: MANIFESTS, status: 429, headers: limit, times: 1 });
    const { stderr } = exited(await user.build(), 0);
    expect(stderr).toMatch(
      /limits pulls to 100 in 6 h and asks to wait 2 s \(as the test wants it\) · try 2 of 3/,
    );
    const [first, second] = await asked(MANIFESTS);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(2_000);
  });

  it.each([
    ['for an hour', { ...limit, 'Retry-After': '3600' }, 'to 100 in 6 h and asks to wait 3600 s'],
    ['and does not report for how long', {}, 'and does not report for how long'],
  ])('%s is REGISTRY_LIMIT at once, with the ways around', async (_, headers, words) => {
    await using user = await tiny.user();
    await tiny.registry.fault({ kind: 'status', path: MANIFESTS, status: 429, headers });
    const { stderr } = exited(await user.build(), 4);
    const { address } = tiny.registry;
    expect(stderr).toContain(`REGISTRY_LIMIT: pulling ghcr.io/mccutchen/go-httpbin`);
    expect(stderr).toContain(`${address} limits pulls ${words}`);
    expect(stderr).toContain(`docker login ${address}`);
    expect(stderr).toContain('meshdev up --mirror registry.example.com');
    expect(await asked(MANIFESTS)).toHaveLength(1);
    await tiny.registry.fault(undefined);
    exited(await user.build(), 0);
  });
});

describe('a layer that breaks off', () => {
  it('is resumed from the byte where it broke', async () => {
    await using user = await tiny.user();
    const layer = await tiny.layerOf('httpbin');
    await tiny.registry.fault({ kind: 'cut', path: layer, times: 1 });
    const { stderr } = exited(await user.build(), 0);
    const [, came = '0', size = '0'] = /\(received (\d+) of (\d+) bytes\)/.exec(stderr) ?? [];
    expect((await asked(layer)).map(({ range }) => range)).toEqual(['', `bytes=${came}-${Number(size) - 1}`]);
    expect(Number(came)).toBeGreaterThan(0);
  });
});

describe('a credential helper', () => {
  const DOCKER = { credsStore: 'of-the-test' };

  /** A PATH with the helper on it; without a script there is none. */
  async function pathWith(script: string | undefined): Promise<string> {
    const dir = join(tiny.dir, `helper-${String(script?.length ?? 0)}`);
    await mkdir(dir, { recursive: true });
    const program = join(dir, 'docker-credential-of-the-test');
    if (script !== undefined) {
      await writeFile(program, `#!/bin/sh\n${script}\n`);
      await chmod(program, 0o755);
    }
    return `${dir}:${process.env['PATH'] ?? ''}`;
  }

  it.each([
    ['is missing', undefined, 'it is not on PATH'],
    ['fails', 'echo "the keyring is locked" >&2; exit 1', 'it exited with code 1: the keyring is locked'],
    ['hangs', 'sleep 60', 'it did not answer within 10 s'],
  ])('that %s: public images come, and one line says so', async (_, script, because) => {
    await using user = await tiny.user({ docker: DOCKER, env: { PATH: await pathWith(script) } });
    await tiny.registry.fault({ kind: 'token', path: '/v2/' });
    const { stderr } = exited(await user.build(), 0);
    const line = `config.json configures the credential helper docker-credential-of-the-test for ${tiny.registry.address}, and ${because}; continuing without credentials`;
    expect(stderr.split(line)).toHaveLength(2);
  });

  it('that is missing is named with file and key where the registry then refuses', async () => {
    await using user = await tiny.user({ docker: DOCKER, env: { PATH: await pathWith(undefined) } });
    await tiny.registry.fault({ kind: 'password', path: '/v2/' });
    const { stderr } = exited(await user.build(), 3);
    const { address } = tiny.registry;
    expect(stderr).toMatch(
      new RegExp(
        `REGISTRY_AUTH: .* answered 401 to an anonymous request.*; \\S+/docker/config\\.json configures the credential helper docker-credential-of-the-test for ${address}, and it is not on PATH`,
      ),
    );
    expect(stderr).toContain(`echo ${address} | docker-credential-of-the-test get > /dev/null`);
    // The remedy shows what is wrong; with a helper that answers the same command works.
    const answer = '{"Username":"reader","Secret":"let-me-in"}';
    await using helped = await tiny.user({
      docker: DOCKER,
      env: { PATH: await pathWith(`cat > /dev/null; echo '${answer}'`) },
    });
    await tiny.registry.fault({ kind: 'password', path: '/v2/' });
    exited(await helped.build(), 0);
  });
});

describe('a registry that keeps its blobs elsewhere', () => {
  it('is shown the password, and the other host is not', async () => {
    const auths = { [tiny.registry.address]: { auth: btoa('reader:let-me-in') } };
    await using user = await tiny.user({ docker: { auths } });
    await tiny.registry.fault({ kind: 'redirect', path: '/v2/' });
    exited(await user.build(), 0);
    const elsewhere = await asked('/elsewhere/');
    expect(elsewhere.length).toBeGreaterThan(5);
    expect(elsewhere.filter(({ authorization }) => authorization)).toEqual([]);
    const direct = (await tiny.registry.seen()).filter(({ path }) => path.startsWith('/v2/'));
    expect(direct.filter(({ authorization }) => authorization).length).toBeGreaterThan(5);
  });
});
