import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DOCS_TOPICS } from '../../../src/cli/docs-topics.ts';
import { type Ended, exited, must, runProgram } from '../../support/e2e-program.ts';
import { type InstalledPackage, installPackage } from '../../support/installed-package.ts';
import { lowestNode, NEWEST_24, nodeProgram } from '../../support/node-versions.ts';

// Without an engine: what the installed package does with one is in test/e2e/bundle.test.ts.

const ROOT = join(import.meta.dirname, '../../..');
const Manifest = z.object({ version: z.string(), scripts: z.record(z.string(), z.string()) });
const NODES = [await lowestNode(), NEWEST_24];

let installed: InstalledPackage;

const meshdev = (version: string, argv: readonly string[]): Promise<Ended> =>
  installed.meshdev(version, argv, { env: { DOCKER_HOST: `unix://${installed.path}/nobody.sock` } });

beforeAll(async () => {
  installed = await installPackage(NODES);
}, 300_000);
afterAll(() => installed[Symbol.asyncDispose]());

describe('the package', () => {
  it('holds what a command reads, and nothing of the tests', async () => {
    const read = [
      'schemas/check-report.schema.json',
      'schemas/doctor-report.schema.json',
      'schemas/meshdev-config.schema.json',
      'kind-config/single-node.yaml',
      'CHANGELOG.md',
      'README.md',
    ];
    const { files } = installed;
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
    [['explain', 'MD-MESH-005'], 0, /^MD-MESH-005 {2}the sidecar closes plaintext/],
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
    expect(await readdir(installed.empty)).toEqual([]);
  });

  it.for([['env'], ['down'], ['up', '--dry-run']])('%j says which engine does not answer', async (argv) => {
    const { stderr } = exited(await meshdev(version, argv), 3);
    expect(stderr).toMatch(/^meshdev: ENGINE_NOT_FOUND: DOCKER_HOST is unix:/);
  });

  it('runs with that Node.js', async () => {
    const said = await must(installed.node(version), ['--version']);
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
