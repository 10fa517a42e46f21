import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { COMMANDS } from '../../../src/cli/command-list.ts';
import { buildTree } from '../../../src/cli/command-tree.ts';
import { renderTokens } from '../../../src/cli/commands/token.ts';
import { DOCUMENT_KINDS } from '../../../src/report/json.ts';
import { runCli } from '../../support/run-cli.ts';

const Document = z.looseObject({ schemaVersion: z.literal('1'), kind: z.enum(DOCUMENT_KINDS) });

/** Everything on stdout is one document. */
function documentOf(out: string): z.infer<typeof Document> {
  return Document.parse(JSON.parse(out));
}

const silent = { out: () => {}, err: () => {} };
const program = await buildTree(COMMANDS, () => async () => {}, silent);

/** Every command that has `-o json`, as words. */
function withJson(command: Command, above: readonly string[]): readonly (readonly string[])[] {
  return command.commands.flatMap((child) => {
    const path = [...above, child.name()];
    if (child.commands.length > 0) return withJson(child, path);
    return child.options.some(({ long }) => long === '--output') ? [path] : [];
  });
}

let home = '';
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'meshdev-json-'));
  const lab = join(home, 'state', 'meshdev', 'labs', 'here');
  await mkdir(lab, { recursive: true });
  await writeFile(join(lab, 'edge-root.crt'), 'a certificate');
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** No engine answers there, and nothing of this machine is read. */
const run = (argv: readonly string[]) =>
  runCli(argv, {
    cwd: home,
    env: {
      HOME: home,
      XDG_STATE_HOME: join(home, 'state'),
      XDG_CACHE_HOME: join(home, 'cache'),
      DOCKER_HOST: `unix://${join(home, 'nobody.sock')}`,
    },
  });

describe('-o json is one document with kind and schemaVersion', () => {
  it('on nearly every command', () => {
    const names = new Set(withJson(program, []).map(([first]) => first));
    const without = COMMANDS.map(({ name }) => name).filter((name) => !names.has(name));
    expect(without).toEqual(['kubectl', 'expose', 'completion']);
  });

  it.each(withJson(program, []).map((path) => [path.join(' ')]))('%s: a mistake', async (path) => {
    const { exitCode, out, err } = await run([...path.split(' '), '-o', 'json', '--nonsense']);
    expect(exitCode).toBe(2);
    expect(documentOf(out)).toMatchObject({ kind: 'Error', code: 'USAGE', exitCode: 2 });
    expect(err).toMatch(/^meshdev: USAGE: /);
  });

  it.each([['nonsense'], ['engine'], ['engine', 'nonsense'], ['token'], ['help', 'nonsense'], []])(
    '%s %s: a mistake beside the commands',
    async (...argv) => {
      const { exitCode, out } = await run([...argv.filter((word) => word !== undefined), '-o', 'json']);
      expect(exitCode).toBe(2);
      expect(documentOf(out)).toMatchObject({ kind: 'Error', code: 'USAGE' });
    },
  );

  it.each([
    [['version'], 0, { kind: 'Versions', versions: { kind: expect.stringMatching(/^v?\d/) } }],
    [['explain', 'MD-EGW-011'], 0, { kind: 'Explanation' }],
    [['explain', 'nothing-like-it-at-all'], 2, { kind: 'Error' }],
    [['check', '--list'], 0, { kind: 'CheckList', checks: expect.any(Array) }],
    [['config', 'validate'], 2, { kind: 'Error', code: 'CONFIG_INVALID' }],
    [['config', 'show'], 0, { kind: 'Config', domain: 'mesh.localhost', services: {} }],
    [['config', 'show', '--origin'], 0, { kind: 'Config', origins: { domain: 'default' } }],
    [['config', 'schema'], 0, { kind: 'ConfigSchema', schema: { title: 'meshdev.yaml' } }],
    [['init', '--config', 'no-such-directory/a.yaml'], 2, { kind: 'Error', code: 'USAGE' }],
    [['docs'], 0, { kind: 'DocsTopics' }],
    [['docs', 'errors'], 0, { kind: 'DocsPage', topic: 'errors' }],
    [['env', '-n', 'here'], 0, { kind: 'Environment', KUBECONFIG: expect.any(String) }],
    [['env', '-n', 'here', '--ca'], 0, { kind: 'Environment', MESHDEV_CA: expect.any(String) }],
    [['env', '-n', 'here', '--kubeconfig'], 0, { kind: 'Environment', KUBECONFIG: expect.any(String) }],
    [['env', '-n', 'nowhere'], 3, { kind: 'Error', code: 'ENGINE_NOT_FOUND' }],
    [['token', 'alice', '-n', 'nowhere'], 3, { kind: 'Error', code: 'ENGINE_NOT_FOUND' }],
    [['check', '-n', 'nowhere'], 3, { kind: 'Error', code: 'ENGINE_NOT_FOUND' }],
    [['down', '-n', 'nowhere'], 3, { kind: 'Error', code: 'ENGINE_NOT_FOUND' }],
    [['down', '-n', 'nowhere', '--dry-run'], 3, { kind: 'Error', code: 'ENGINE_NOT_FOUND' }],
    [['list'], 3, { kind: 'Error', code: 'ENGINE_NOT_FOUND' }],
    [['down', '--all'], 2, { kind: 'Error', code: 'CONSENT_NEEDED' }],
    [['down', '--all', '-n', 'here'], 2, { kind: 'Error', code: 'USAGE' }],
    [['doctor', '-n', 'nowhere'], 3, { kind: 'DoctorReport', lab: 'nowhere' }],
    [['engine', 'status'], 3, { kind: 'Error', code: 'ENGINE_NOT_FOUND' }],
    [['images', 'lock'], 0, { kind: 'ImageLock', images: {} }],
    [['bundle', 'inspect', 'no-such-file'], 2, { kind: 'Error', code: 'BUNDLE_UNREADABLE' }],
  ] as const)('%j', async (argv, exitCode, wanted) => {
    const ended = await run([...argv, '-o', 'json']);
    expect(documentOf(ended.out)).toMatchObject(wanted);
    expect(ended.exitCode).toBe(exitCode);
  });

  it('of a path is a document too, and without it the path alone', async () => {
    const { out } = await run(['env', '-n', 'here', '--ca']);
    expect(out).toBe(`${join(home, 'state', 'meshdev', 'labs', 'here', 'edge-root.crt')}\n`);
  });
});

describe('a token as a document', () => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const accessToken = `${part({ alg: 'ES256' })}.${part({ sub: 'alice' })}.c2ln`;
  const access = { sub: 'alice', iss: 'https://a.test', aud: ['b'], roles: [], iat: 1, exp: 2, alg: 'ES256' };
  const tokens = { accessToken, access };

  it('has kind, schemaVersion and the keys that it had', async () => {
    expect(documentOf(await renderTokens(tokens, { output: 'json' }))).toMatchObject({
      kind: 'Token',
      ...tokens,
    });
  });

  it('decoded says what it is, also to people', async () => {
    for (const output of ['json', 'text']) {
      const text = await renderTokens(tokens, { output, decode: true });
      expect(documentOf(text)).toMatchObject({ kind: 'DecodedToken', form: 'jwt', claims: { sub: 'alice' } });
    }
  });

  it('is a bare token otherwise', async () => {
    expect(await renderTokens(tokens, { output: 'text' })).toBe(`${accessToken}\n`);
  });
});
