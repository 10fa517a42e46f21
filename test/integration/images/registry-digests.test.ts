import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { toolSpecs } from '../../../src/images/registry/tool-specs.ts';
import { PROFILES } from '../../../src/profiles.ts';
import { type Ended, exited } from '../../support/e2e-program.ts';
import { type RegistryUser, tinyRegistryOfFile } from './registry-user.ts';

// What is asked for by digest, what by tag, and whether the remedies of IMAGE_CHANGED work when they are run.

const ROOT = join(import.meta.dirname, '../../..');
const { httpbin } = PROFILES.stock.images;
const TAG = `/mccutchen/go-httpbin/manifests/${httpbin.name.split(':').at(-1) ?? ''}`;
const MANIFESTS = '/mccutchen/go-httpbin/manifests/';
const NODE = '/kindest/node/manifests/';

const tiny = await tinyRegistryOfFile();

/** The commands that an error prints, as a user would run them; for want of a lab, images alone are brought. */
function remediesOf({ stderr }: Ended): readonly string[] {
  return [...stderr.matchAll(/^ *(?:run)? {3,}(meshdev .*)$/gm)].map(([, command = '']) => command);
}

/** Runs every remedy in its order. All of them have to work. */
async function followRemedies(user: RegistryUser, failed: Ended): Promise<readonly Ended[]> {
  const remedies = remediesOf(failed);
  expect(remedies.at(-1)).toBe('meshdev up');
  const ended: Ended[] = [];
  for (const remedy of remedies) {
    const argv = remedy.split(' ').slice(1);
    ended.push(exited(await (argv[0] === 'up' ? user.build() : user.meshdev(...argv)), 0));
  }
  return ended;
}

describe('a digest that is recorded', () => {
  it('is what is pulled, wherever the tag leads meanwhile', async () => {
    await using user = await tiny.user();
    exited(await user.meshdev('images', 'lock', '--update'), 0);
    await tiny.registry.fault({ kind: 'other', path: TAG });
    exited(await user.build(), 0);
    const asked = (await tiny.registry.seen()).map(({ path }) => path);
    expect(asked.filter((path) => path.includes(MANIFESTS))).not.toEqual([]);
    expect(asked.filter((path) => path.includes('/manifests/') && !path.includes('sha256:'))).toEqual([]);
  });

  it('is held against the tag of a mirror that keeps no digests', async () => {
    await using user = await tiny.user();
    exited(await user.meshdev('images', 'lock', '--update'), 0);
    const lock = exited(await user.meshdev('images', 'lock'), 0).stdout;
    const digest = new RegExp(`(sha256:\\S+) +${httpbin.name}`).exec(lock)?.[1] ?? 'not recorded';
    await tiny.registry.fault({ kind: 'status', path: `${MANIFESTS}${digest}`, status: 404 });
    exited(await user.build(), 0);
    expect((await tiny.registry.seen()).map(({ path }) => path)).toContain(`/v2${TAG}`);
  });
});

describe('a mirror with another image than was recorded', () => {
  it('is IMAGE_CHANGED, and every remedy that is printed works', async () => {
    await using user = await tiny.user();
    exited(await user.meshdev('images', 'lock', '--update'), 0);
    const before = await user.list();
    await tiny.registry.fault({ kind: 'moved', path: MANIFESTS });
    const failed = exited(await user.build(), 4);
    expect(failed.stderr).toMatch(
      /IMAGE_CHANGED: ghcr\.io\/mccutchen\S+ is sha256:\S+, and \S+images\.lock\.json has sha256:/,
    );
    expect(await user.list()).toEqual(before);
    const [, updated] = await followRemedies(user, failed);
    expect(updated?.stdout.split('\n').filter((line) => line.startsWith('changed '))).toHaveLength(1);
    expect(await user.list()).toHaveLength(7);
  });

  it('is named in the remedy where it was named on the command line', async () => {
    const { address } = tiny.registry;
    await using user = await tiny.user({ env: { MESHDEV_MIRROR: undefined } });
    exited(await user.meshdev('images', 'lock', '--update', '--mirror', address), 0);
    await tiny.registry.fault({ kind: 'moved', path: MANIFESTS });
    const failed = exited(await user.build('--mirror', address), 4);
    const remedy = remediesOf(failed).find((command) => command.includes('--update')) ?? 'none';
    expect(remedy).toBe(`meshdev images lock --update --mirror ${address}`);
    exited(await user.meshdev(...remedy.split(' ').slice(1)), 0);
    exited(await user.build('--mirror', address), 0);
  });
});

describe('an image that meshdev itself pins', () => {
  /** The program from its sources, with a digest for the node. */
  async function pinning(digest: string): Promise<readonly string[]> {
    const preload = join(tiny.dir, `pin-${digest.slice(7, 15)}.ts`);
    const profiles = pathToFileURL(join(ROOT, 'src/profiles.ts')).href;
    await writeFile(
      preload,
      `import { PROFILES } from '${profiles}';\nObject.assign(PROFILES.stock.images.node, { digest: '${digest}' });\n`,
    );
    return [process.execPath, '--import', pathToFileURL(preload).href, join(ROOT, 'src/cli/main.ts')];
  }

  it('is taken from a mirror as it is there, once that was recorded on purpose', async () => {
    await using user = await tiny.user({ program: await pinning(`sha256:${'a'.repeat(64)}`) });
    const failed = exited(await user.build(), 4);
    expect(failed.stderr).toMatch(
      /IMAGE_CHANGED: docker\.io\/kindest\/node:\S+ is sha256:\S+, and this version of meshdev has sha256:aaaa/,
    );
    const [, updated] = await followRemedies(user, failed);
    expect(updated?.stdout).toMatch(/^new {6}sha256:\S+ {2}docker\.io\/kindest\/node:/m);
  });

  it('needs no entry where a mirror has it, and is pulled by its digest', async () => {
    await using first = await tiny.user();
    exited(await first.meshdev('images', 'lock', '--update'), 0);
    const lock = await readFile(join(first.env['XDG_STATE_HOME'] ?? '', 'meshdev/images.lock.json'), 'utf8');
    const { name } = PROFILES.stock.images.node;
    const digest = new RegExp(`"${name}": "(sha256:[0-9a-f]{64})"`).exec(lock)?.[1] ?? 'not recorded';
    await using user = await tiny.user({ program: await pinning(digest) });
    await tiny.registry.fault({ kind: 'other', path: NODE });
    const updated = exited(await user.meshdev('images', 'lock', '--update'), 0).stdout;
    expect(updated).not.toContain(name);
    await tiny.registry.fault(undefined);
    exited(await user.build(), 0);
    const asked = (await tiny.registry.seen()).find(({ path }) => path.includes(NODE));
    expect(asked?.path).toBe(`/v2${NODE}${digest}`);
  });
});

describe('a release file that was published anew', () => {
  it('is IMAGE_CHANGED, and every remedy that is printed works', async () => {
    await using user = await tiny.user();
    exited(await user.meshdev('images', 'lock', '--update'), 0);
    const [kind] = toolSpecs('stock', { platform: process.platform, arch: process.arch });
    const content = `#!/bin/sh\n# built again\necho 'kind ${kind?.version} test'\n`;
    const place = (path: string | undefined) => join(tiny.dir, 'downloads', path ?? 'none');
    await writeFile(place(kind?.path), content);
    await writeFile(place(kind?.sumPath), createHash('sha256').update(content).digest('hex'));
    const failed = exited(await user.build(), 4);
    expect(failed.stderr).toMatch(/IMAGE_CHANGED: the release file kubernetes-sigs\/kind\S+ is sha256:/);
    const [, updated] = await followRemedies(user, failed);
    expect(updated?.stdout.split('\n').filter((line) => line.startsWith('changed '))).toHaveLength(1);
  });
});
