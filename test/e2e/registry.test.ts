import { chmod, chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { env } from 'node:process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createExecaRunner } from '../../src/adapters/execa-runner.ts';
import { createLab } from '../../src/topology/lab.ts';
import { MESHDEV } from '../support/e2e-home.ts';
import { parseUpReport } from '../support/e2e-lab.ts';
import { exited, must, runProgram } from '../support/e2e-program.ts';
import { expectTheVerdictsOfEveryLab } from '../support/e2e-verdicts.ts';
import { realTools, stockLayout } from '../support/registry/fill.ts';
import { type Registry, startRegistry } from '../support/registry/registry-server.ts';
import { temporaryDir } from '../integration/images/workshop.ts';

// A user of the docker group, without Go, without root, without anything in a cache: a lab from a mirror.

const USER = 'meshdev-e2e-registry';
const LAB = createLab({ name: 'e2e-registry', domain: 'mesh.localhost', httpsPort: 8447 });
const SIGNAL = AbortSignal.timeout(20 * 60_000);

let registry: Registry;
let dir: Awaited<ReturnType<typeof temporaryDir>>;
let home: string;

beforeAll(async () => {
  await removeUser();
  dir = await temporaryDir();
  home = join(dir.path, 'home');
  await must('useradd', [
    '--no-create-home',
    '--home-dir',
    home,
    '--groups',
    'docker',
    '--shell',
    '/bin/sh',
    USER,
  ]);
  await mkdir(home);
  const uid = Number((await must('id', ['-u', USER])).trim());
  await chown(home, uid, uid);
  await chmod(dir.path, 0o755);
  registry = await startRegistry(
    await stockLayout(dir.path, createExecaRunner(env), SIGNAL),
    await realTools(dir.path),
  );
});

afterAll(async () => {
  const made = await imagesOfLab();
  await meshdev('down', '--name', LAB.name);
  for (const reference of made) await runProgram('docker', ['image', 'rm', reference]);
  await registry[Symbol.asyncDispose]();
  await removeUser();
  await dir[Symbol.asyncDispose]();
});

/** What its containers were made from: no other lab has the same. */
async function imagesOfLab(): Promise<readonly string[]> {
  const containers = [LAB.cluster.node, LAB.containers.edge, LAB.containers.idp];
  const argv = ['inspect', '--format', '{{.Config.Image}}', ...containers];
  return (await runProgram('docker', argv)).stdout.split('\n').filter((line) => line !== '');
}

async function removeUser(): Promise<void> {
  await runProgram('userdel', [USER]);
}

/** As a login of that user would run it, on a PATH that has no compiler. */
function meshdev(...argv: readonly string[]) {
  const clean = [
    `HOME=${home}`,
    'PATH=/usr/local/bin:/usr/bin:/bin',
    'MESHDEV_IMAGE_PROFILE=stock',
    `MESHDEV_DOWNLOADS=${registry.downloads}`,
    // Where a proxy stands before the registry of npm, its authority is part of the machine.
    ...(env['NODE_EXTRA_CA_CERTS'] === undefined
      ? []
      : [`NODE_EXTRA_CA_CERTS=${env['NODE_EXTRA_CA_CERTS']}`]),
  ];
  return runProgram('setpriv', [
    '--reuid',
    USER,
    '--regid',
    USER,
    '--init-groups',
    'env',
    '-i',
    '-C',
    home,
    ...clean,
    MESHDEV,
    ...argv,
  ]);
}

it('brings a lab up from a mirror and proves its chain', async ({ annotate }) => {
  expect(
    (
      await runProgram('setpriv', [
        '--reuid',
        USER,
        '--regid',
        USER,
        '--init-groups',
        'env',
        '-i',
        'PATH=/usr/local/bin:/usr/bin:/bin',
        'sh',
        '-c',
        'id -u; command -v go',
      ])
    ).stdout,
  ).toMatch(/^[1-9]\d*\n$/);
  const argv = [
    'up',
    '--yes',
    '--mirror',
    registry.address,
    '--name',
    LAB.name,
    '--https-port',
    String(LAB.httpsPort),
    '--output',
    'json',
  ];
  const { stdout, stderr, durationMs } = exited(await meshdev(...argv), 0);
  await annotate(`up from an empty cache: ${(durationMs / 1000).toFixed(1)} s`);
  expect(stderr).toMatch(
    /images {7}source registry \(asked for by --mirror\) · 6 images to pull, kind and istioctl to bring/,
  );
  expect(stderr).toMatch(/loading 4 images into the node · \d+ MB of \d+ MB/);
  const { check } = parseUpReport(stdout);
  expect(check.summary).toMatchObject({ fail: 0, unknown: 0, exitCode: 0 });
  await expectTheVerdictsOfEveryLab(check);
});

it('the node holds what was streamed into it, by the digests of the registry', async () => {
  const listed = await must('docker', ['exec', LAB.cluster.node, 'ctr', '-n', 'k8s.io', 'images', 'ls']);
  const pulled = exited(await meshdev('images', 'list'), 0).stdout;
  for (const name of ['istio/pilot', 'istio/proxyv2', 'mccutchen/go-httpbin'])
    expect(listed).toContain(
      new RegExp(`pulled  \\S+${name}:\\S+ .*(sha256:[0-9a-f]{64})`).exec(pulled)?.[1] ?? 'not pulled',
    );
});

it('stays with the registry without being told again, asks nobody, and keeps everything', async ({
  annotate,
}) => {
  await registry.fault({ kind: 'status', path: '', status: 500 });
  const again = exited(await meshdev('up', '--no-check', '--name', LAB.name), 0);
  await annotate(`second up: ${(again.durationMs / 1000).toFixed(1)} s`);
  expect(again.stdout).toMatch(/\b0 changed, 11 kept\b.*images: registry$/m);
  expect(exited(await meshdev('status', '--name', LAB.name), 0).stdout).toContain('images: registry\n');
});
