import { chmod, chown, copyFile, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DOCS_TOPICS } from '../../../src/cli/docs-topics.ts';
import {
  type Ended,
  type Environment,
  exited,
  must,
  runProgram,
  type StartOptions,
} from '../../support/e2e-program.ts';
import { lowestNode, NEWEST_24, nodeProgram } from '../../support/node-versions.ts';

const ROOT = join(import.meta.dirname, '../../..');
const Manifest = z.object({ version: z.string(), scripts: z.record(z.string(), z.string()) });
const Packed = z.tuple([z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) })]);

/** A user who owns nothing of this machine. */
const NOBODY = 65_534;
const NODES = [await lowestNode(), NEWEST_24];

let home = '';
const at = (...names: readonly string[]): string => join(home, ...names);
let files: readonly string[] = [];
/** The machine’s own: that user has no configuration. */
let registry = '';

/** Without root where the test has it: as a user installs and runs a tool. */
function asUser(program: string, argv: readonly string[], options: StartOptions): Promise<Ended> {
  if (process.getuid?.() !== 0) return runProgram(program, argv, options);
  const user = ['--reuid', String(NOBODY), '--regid', String(NOBODY), '--clear-groups'];
  return runProgram('setpriv', [...user, program, ...argv], options);
}

/** The environment of that user, with this Node.js first on PATH. */
function envWith(version: string): Environment {
  return {
    HOME: at('home'),
    PATH: `${at('node', version)}:${process.env['PATH'] ?? ''}`,
    XDG_STATE_HOME: undefined,
    XDG_CACHE_HOME: undefined,
    DOCKER_HOST: `unix://${at('nobody.sock')}`,
    npm_config_cache: at('home', 'npm-cache'),
    npm_config_userconfig: at('home', '.npmrc'),
    npm_config_registry: registry,
  };
}

const meshdev = (version: string, argv: readonly string[]): Promise<Ended> =>
  asUser(at('prefix', 'bin', 'meshdev'), argv, { cwd: at('empty'), env: envWith(version) });

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'meshdev-package-'));
  await chmod(home, 0o755);
  for (const name of ['home', 'prefix', 'empty']) {
    await mkdir(at(name));
    if (process.getuid?.() === 0) await chown(at(name), NOBODY, NOBODY);
  }
  registry = (await must('npm', ['config', 'get', 'registry'])).trim();
  for (const version of NODES) {
    await mkdir(at('node', version), { recursive: true });
    await copyFile(await nodeProgram(version), at('node', version, 'node'));
  }
  // dist is that of this run: building it anew would take it from the tests beside this one.
  const said = await must('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', home], {
    cwd: ROOT,
  });
  const [{ filename, files: packed }] = Packed.parse(JSON.parse(said));
  files = packed.map(({ path }) => path);
  const quietly = ['--no-audit', '--no-fund'];
  const argv = ['install', '--global', at(filename), '--prefix', at('prefix'), ...quietly];
  exited(
    await asUser('npm', argv, { cwd: at('empty'), env: { ...envWith(''), PATH: process.env['PATH'] } }),
    0,
  );
}, 300_000);
afterAll(() => rm(home, { recursive: true, force: true }));

describe('the package', () => {
  it('holds what a command reads, and nothing of the tests', async () => {
    const read = [
      'schemas/check-report.schema.json',
      'schemas/meshdev-config.schema.json',
      'kind-config/single-node.yaml',
      'CHANGELOG.md',
      'README.md',
    ];
    expect(files).toEqual(
      expect.arrayContaining([...read, 'dist/bin/main.js', 'dist/agent/program/main.js']),
    );
    expect(files).toEqual(expect.arrayContaining(DOCS_TOPICS.map(({ topic }) => `docs/${topic}.md`)));
    expect(files.filter((path) => /^(?:test|src|node_modules|scripts|\.ci)\//.test(path))).toEqual([]);
    const templates = await readdir(join(ROOT, 'templates'), { recursive: true, withFileTypes: true });
    const wanted = templates
      // npm leaves out every file of that name; it holds defaults of `npm install` in a checkout.
      .filter((entry) => entry.isFile() && entry.name !== '.npmrc')
      .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1));
    expect(wanted.filter((path) => !files.includes(path))).toEqual([]);
  });

  it('is built before it is packed, and published by the release workflow alone', async () => {
    const { scripts, version } = Manifest.parse(
      JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')),
    );
    expect(scripts['prepack']).toBe('npm run build');
    const [program = '', ...argv] = (scripts['prepublishOnly'] ?? '').split(' ');
    const refused = exited(
      await runProgram(program, argv, { cwd: ROOT, env: { MESHDEV_RELEASE: undefined } }),
      1,
    );
    expect(refused.stderr).toMatch(/is not published from here: MESHDEV_RELEASE is not set/);
    exited(await runProgram(program, argv, { cwd: ROOT, env: { MESHDEV_RELEASE: '0.0.1' } }), 1);
    exited(await runProgram(program, argv, { cwd: ROOT, env: { MESHDEV_RELEASE: version } }), 0);
  });
});

describe.for(NODES)('installed by a user, on Node.js %s', (version) => {
  it.for([
    [['--help'], 0, /^Usage: meshdev <command>/],
    [['--version'], 0, /^meshdev \d+\.\d+\.\d+\n$/],
    [['version'], 0, /^meshdev +\d+\.\d+\.\d+\n[^]*istio +/],
    [['explain', 'MD-MESH-005'], 0, /^MD-MESH-005 {2}plaintext/],
    [['docs'], 0, /^meshdev docs <topic> prints a page:/],
    [['docs', 'tutorial'], 0, /^# Tutorial/],
    [['docs', 'errors'], 0, /^# Errors/],
    [['check', '--list'], 0, /^MD-EDGE-001 /m],
    [['up', '--help'], 0, /^Usage: meshdev up/],
    [['completion', 'bash'], 0, /complete -F _meshdev meshdev/],
  ] as const)('%j from an empty directory', async ([argv, exitCode, says]) => {
    const { stdout, stderr } = exited(await meshdev(version, argv), exitCode);
    expect(stdout).toMatch(says);
    expect(stderr).toBe('');
    expect(await readdir(at('empty'))).toEqual([]);
  });

  it.for([['env'], ['down'], ['up', '--dry-run']])('%j says which engine does not answer', async (argv) => {
    const { stderr } = exited(await meshdev(version, argv), 3);
    expect(stderr).toMatch(/^meshdev: ENGINE_NOT_FOUND: DOCKER_HOST says /);
  });

  it('runs with that Node.js', async () => {
    const said = await must(at('node', version, 'node'), ['--version']);
    expect(said.trim()).toBe(`v${version}`);
  });
});

describe('a Node.js that is too old', () => {
  it.for(['22.21.1', '12.22.12', '8.17.0'])('%s: is named with what is needed', async (version) => {
    const ended = await runProgram(await nodeProgram(version), [join(ROOT, 'bin', 'meshdev.cjs'), 'version']);
    const { stdout, stderr } = exited(ended, 3);
    expect(stdout).toBe('');
    expect(stderr).toContain(
      `meshdev: Node.js ${await lowestNode()} or newer is needed, and this is ${version} (`,
    );
    expect(stderr).not.toMatch(/SyntaxError|at Object/);
  });
});
