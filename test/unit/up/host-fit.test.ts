import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineInfo } from '../../../src/ports/container-engine.ts';
import type { ProcessRunner } from '../../../src/ports/process-runner.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { ensureEngineFits, ensureMachineFits, ensureSpaceLeft } from '../../../src/up/host-fit.ts';
import type { UpStepId } from '../../../src/up/plan/up-steps.ts';
import { createFakeEngine, FAKE_INFO } from '../../support/fake-engine.ts';

const { signal } = new AbortController();
const lab = createLab(DEFAULT_CHOICE);

interface Situation {
  readonly info?: Partial<EngineInfo>;
  readonly docker?: boolean;
  /** Networks that the engine has. */
  readonly networks?: readonly string[];
  readonly changes?: readonly UpStepId[];
}

async function judge({ info, docker = true, networks = [], changes = [] }: Situation): Promise<void> {
  const fake = createFakeEngine();
  for (const name of networks) await fake.networks.ensure({ name, labels: {}, ipv6: false }, signal);
  const said = { ...FAKE_INFO, systemTime: new Date().toISOString(), ...info };
  const runner: ProcessRunner = {
    run: () => Promise.reject(new Error('nothing is run')),
    find: async () => (docker ? '/usr/bin/docker' : undefined),
  };
  const context = { lab, runner, engine: async () => ({ ...fake, info: async () => said }) };
  await ensureEngineFits(context, (id) => changes.includes(id), signal);
}

/** One subnet. */
const SMALL = { addressPools: [{ base: '10.9.0.0/24', size: 24 }] };

describe('before the first change, up refuses', () => {
  it.each<[string, Situation, string]>([
    ['Podman', { info: { product: 'podman' } }, 'ENGINE_NOT_FIT'],
    ['too little memory', { info: { memoryBytes: 1024 ** 3 } }, 'ENGINE_NOT_FIT'],
    ['an engine of another time', { info: { systemTime: '2030-01-01T00:00:00Z' } }, 'ENGINE_NOT_FIT'],
    ['pools without two subnets', { info: SMALL, changes: ['network'] }, 'ENGINE_NOT_FIT'],
    ['a missing docker command', { docker: false, changes: ['cluster'] }, 'TOOL_MISSING'],
  ])('%s', async (_, situation, code) => {
    await expect(judge(situation)).rejects.toMatchObject({ code, exitCode: 3 });
  });

  it.each<[string, Situation]>([
    ['an engine that fits', { changes: ['network', 'cluster'] }],
    ['pools without subnets, when no network is made', { info: SMALL }],
    [
      'pools without subnets, when the networks exist',
      { info: SMALL, networks: [lab.network, lab.idpNetwork], changes: ['network'] },
    ],
    ['a missing docker command, when no cluster is made', { docker: false, changes: ['edge'] }],
  ])('but not %s', async (_, situation) => {
    await expect(judge(situation)).resolves.toBeUndefined();
  });

  it('a clock before the first release, and WSL1', () => {
    expect(() => ensureMachineFits(0, '6.1.0')).toThrow(expect.objectContaining({ code: 'HOST_NOT_FIT' }));
    expect(() => ensureMachineFits(Date.now(), '4.4.0-19041-Microsoft')).toThrow(/WSL1/);
    expect(() => ensureMachineFits(Date.now(), '6.6.87.2-microsoft-standard-WSL2')).not.toThrow();
  });
});

describe('directories with room', () => {
  let dir = '';
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'meshdev-fit-'));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  it('are not refused, also where they do not exist yet', async () => {
    const paths = { stateDir: dir, cacheDir: join(dir, 'not', 'yet') };
    await expect(ensureSpaceLeft({ paths }, 'cache')).resolves.toBeUndefined();
  });
});
