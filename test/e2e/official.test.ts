import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { env } from 'node:process';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createExecaRunner } from '../../src/adapters/execa-runner.ts';
import { PROFILES } from '../../src/profiles.ts';
import { createLab } from '../../src/topology/lab.ts';
import { type Machine, settledSnapshot, snapshot } from '../support/e2e-machine.ts';
import { removeLeftover } from '../support/e2e-home.ts';
import { parseUpReport, type SeenReport } from '../support/e2e-lab.ts';
import { type Ended, exited, must, runProgram } from '../support/e2e-program.ts';
import { expectTheVerdictsOfEveryLab } from '../support/e2e-verdicts.ts';
import { type OfficialRegistry, startOfficialRegistry } from '../support/official/registry.ts';
import { DOCKER_ARCH } from '../support/registry/fill.ts';
import { addDockerUser, type DockerUser } from '../support/official/user.ts';
import { temporaryDir } from '../integration/images/workshop.ts';

/*
 * A user of the docker group, without Go, without root, without anything in a cache: a lab of profile
 * `official` from a mirror, whose images say and look like those of the projects. docs/images.md lists what
 * they do not show.
 */

const LAB = createLab({ name: 'e2e-official', domain: 'mesh.localhost', httpsPort: 8447 });
const SHAPE = join(import.meta.dirname, '../support/official-shape.ts');
const { versions, images } = PROFILES.official;

let registry: OfficialRegistry;
let dir: Awaited<ReturnType<typeof temporaryDir>>;
let user: DockerUser;
let before: Machine;
let made: readonly string[] = [];
let check: SeenReport;

beforeAll(async () => {
  dir = await temporaryDir();
  await chmod(dir.path, 0o755);
  const run = { signal: AbortSignal.timeout(40 * 60_000), progress: () => undefined };
  registry = await startOfficialRegistry(createExecaRunner(env), run);
  user = await addDockerUser('meshdev-e2e-official', join(dir.path, 'home'));
  // Left by a run that was killed.
  await removeLeftover({ meshdev: (argv, more) => user.meshdev(SHAPE, argv, more) }, LAB.name);
  before = await settledSnapshot(LAB.name, user.home);
});

afterAll(async () => {
  made = [...made, ...(await imagesOfLab())];
  await meshdev('down');
  for (const reference of new Set(made)) await runProgram('docker', ['image', 'rm', reference]);
  await user[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
  await dir[Symbol.asyncDispose]();
});

/** With the built-in choice of a profile. The digest that is pinned is that of the registry of the test. */
function meshdev(...argv: readonly string[]): Promise<Ended> {
  return user.meshdev(SHAPE, argv, {
    MESHDEV_NAME: LAB.name,
    MESHDEV_DOWNLOADS: registry.downloads,
    OFFICIAL_SHAPE_NODE: nodeDigest(),
  });
}

function nodeDigest(): string {
  return registry.digests.get(images.node.name) ?? 'not published';
}

/** What its containers were made from: no other lab has the same. */
async function imagesOfLab(): Promise<readonly string[]> {
  const containers = [LAB.cluster.node, LAB.containers.edge, LAB.containers.idp];
  const argv = ['inspect', '--format', '{{.Config.Image}}', ...containers];
  return (await runProgram('docker', argv)).stdout.split('\n').filter((line) => line !== '');
}

function inNode(...argv: readonly string[]): Promise<string> {
  return must('docker', ['exec', LAB.cluster.node, ...argv]);
}

const KUBECTL = ['kubectl', '--kubeconfig', '/etc/kubernetes/admin.conf'] as const;

const Index = z.object({
  manifests: z.array(
    z.object({ digest: z.string(), platform: z.object({ os: z.string(), architecture: z.string() }) }),
  ),
});
const Manifest = z.object({ layers: z.array(z.object({ mediaType: z.string() })) });

describe('the registry', () => {
  const document = async (name: string, by: string): Promise<unknown> => {
    const repository = name.slice(name.indexOf('/') + 1, name.lastIndexOf(':'));
    return (await fetch(`http://${registry.address}/v2/${repository}/manifests/${by}`)).json();
  };

  it('has every image of the profile behind an index with attestations, and layers of both forms', async () => {
    const forms = new Set<string>();
    for (const { name } of Object.values(images)) {
      const { manifests } = Index.parse(await document(name, name.slice(name.lastIndexOf(':') + 1)));
      const platforms = manifests.map(({ platform: { os, architecture } }) => `${os}/${architecture}`);
      expect(platforms.toSorted()).toEqual([
        'linux/amd64',
        'linux/arm64',
        'unknown/unknown',
        'unknown/unknown',
      ]);
      const own = manifests[platforms.indexOf(`linux/${DOCKER_ARCH}`)];
      for (const { mediaType } of Manifest.parse(await document(name, own?.digest ?? '')).layers)
        forms.add(mediaType.slice(mediaType.indexOf('+')));
    }
    expect([...forms].toSorted()).toEqual(['+gzip', '+zstd']);
  });
});

describe('up', () => {
  it('is run by somebody who is not root and has no compiler', async () => {
    const { stdout } = await user.run('sh', ['-c', 'id -u; command -v go']);
    expect(stdout).toMatch(/^[1-9]\d*\n$/);
  });

  it('brings a lab up from a mirror and proves its chain', async ({ annotate }) => {
    await registry.fault(undefined);
    const options = ['--mirror', registry.address, '--https-port', String(LAB.httpsPort), '--output', 'json'];
    const { stdout, stderr, durationMs } = exited(await meshdev('up', '--yes', ...options), 0);
    await annotate(`up from an empty cache: ${(durationMs / 1000).toFixed(1)} s`);
    expect(stderr).toMatch(
      /images {7}source registry \(selected by --mirror\) · 6 images to pull, kind and istioctl to download/,
    );
    expect(stderr).toMatch(/loading 4 images into the node · \d+ MB of \d+ MB/);
    ({ check } = parseUpReport(stdout));
    made = await imagesOfLab();
    await annotate(JSON.stringify(check.summary));
    expect(check.summary).toMatchObject({ fail: 0, unknown: 0, exitCode: 0 });
    await expectTheVerdictsOfEveryLab(check);
  });

  it('asks for the node by the digest that the profile pins, and for what has none by its tag', async () => {
    const manifests = (await registry.seen())
      .map(({ path }) => path)
      .filter((path) => path.includes('/manifests/'));
    expect(manifests).toContain(`/v2/kindest/node/manifests/${nodeDigest()}`);
    expect(manifests).not.toContain(`/v2/kindest/node/manifests/${versions.kubernetes}`);
    expect(manifests).toContain(`/v2/istio/pilot/manifests/${versions.istio}`);
  });
});

describe('the lab', () => {
  it('runs the official versions, by what its programs say', async () => {
    const [kubelet, istiod, proxy] = await Promise.all([
      inNode(...KUBECTL, 'get', 'nodes', '-o', 'jsonpath={.items[*].status.nodeInfo.kubeletVersion}'),
      inNode(
        ...KUBECTL,
        '-n',
        'istio-system',
        'exec',
        'deploy/istiod',
        '--',
        'pilot-discovery',
        'version',
        '-s',
      ),
      inNode(
        ...KUBECTL,
        '-n',
        'apps',
        'exec',
        'deploy/httpbin',
        '-c',
        'istio-proxy',
        '--',
        'pilot-agent',
        'version',
        '-s',
      ),
    ]);
    const istio = `client version: ${versions.istio}`;
    expect({ kubelet, istiod: istiod.trim(), proxy: proxy.trim() }).toEqual({
      kubelet: versions.kubernetes,
      istiod: istio,
      proxy: istio,
    });
    const cases = check.checks.filter(({ id }) => id === 'MD-DRIFT-002');
    expect(cases.map(({ case: one }) => one)).toEqual(
      expect.arrayContaining([
        'caddy',
        'kubernetes',
        'istiod',
        'proxy-gateway',
        'proxy-httpbin',
        'node-network',
      ]),
    );
    expect(cases.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
  });

  it('is told by version, status and images list as one of the official pins', async () => {
    const version = exited(await meshdev('version'), 0).stdout;
    expect(version).toMatch(new RegExp(`^kubernetes +${versions.kubernetes}$`, 'm'));
    expect(version).toMatch(new RegExp(`^istio +${versions.istio}$`, 'm'));
    expect(version).toMatch(new RegExp(`^profile +official \\(.*${LAB.name}`, 'm'));
    expect(exited(await meshdev('status'), 0).stdout).toContain('images: registry\n');
    const listed = exited(await meshdev('images', 'list'), 0).stdout;
    for (const { name } of Object.values(images)) expect(listed).toContain(`pulled  ${name} `);
  });

  it('holds in its node what was streamed into it, by the digests of the registry', async () => {
    const listed = await inNode('ctr', '-n', 'k8s.io', 'images', 'ls');
    const pulled = exited(await meshdev('images', 'list'), 0).stdout;
    for (const name of ['istio/pilot', 'istio/proxyv2', 'mccutchen/go-httpbin'])
      expect(listed).toContain(
        new RegExp(`pulled  \\S+${name}:\\S+ .*(sha256:[0-9a-f]{64})`).exec(pulled)?.[1] ?? 'not pulled',
      );
  });
});

it('a second up stays with the registry without being told again, asks nobody, and keeps everything', async ({
  annotate,
}) => {
  await registry.fault({ kind: 'status', path: '', status: 500 });
  const again = exited(await meshdev('up', '--no-check'), 0);
  await annotate(`second up: ${(again.durationMs / 1000).toFixed(1)} s`);
  expect(again.stdout).toMatch(/\b0 changed, 11 kept\b.*images: registry$/m);
});

it('down leaves nothing of the lab but the images in the cache', async ({ annotate }) => {
  const { durationMs } = exited(await meshdev('down'), 0);
  await annotate(`down: ${(durationMs / 1000).toFixed(1)} s`);
  const { files: _before, ...machine } = before;
  const now = async (): Promise<Omit<Machine, 'files'>> => {
    const { files, ...rest } = await snapshot(LAB.name, user.home);
    expect(files.filter((file) => file.includes(LAB.name))).toEqual([]);
    return rest;
  };
  await expect.poll(now, { timeout: 20_000, interval: 1_000 }).toEqual(machine);
});
