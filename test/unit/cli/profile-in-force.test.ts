import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ADVISORIES, warningsFor } from '../../../src/advisories.ts';
import { versionsOf } from '../../../src/cli/commands/version.ts';
import { profileOf } from '../../../src/cli/profile-in-force.ts';
import type { LabRecord } from '../../../src/lab/lab-record.ts';
import { PROFILE_NAMES, PROFILES } from '../../../src/profiles.ts';
import { exited, runProgram } from '../../support/e2e-program.ts';

const ROOT = join(import.meta.dirname, '../../..');

const record = (imageSource: Omit<LabRecord['imageSource'], 'because'>): LabRecord => ({
  schemaVersion: '1',
  name: 'demo',
  domain: 'mesh.localhost',
  httpsPort: 443,
  imageSource: { because: 'the default', ...imageSource },
  meshdevVersion: '0.1.0',
  settled: true,
});

describe('the profile in force', () => {
  it.each([
    ['the one that the lab was made with', record({ kind: 'bundle', profile: 'stock' }), 'stock'],
    ['stock, of an older record of packages', record({ kind: 'packages' }), 'stock'],
    ['the configured one, of an older record of a registry', record({ kind: 'registry' }), 'official'],
  ])('is %s', (_, found, name) => {
    expect(profileOf(found, { source: undefined, profile: 'official' })).toMatchObject({
      name,
      because: expect.stringContaining(`lab demo was created with image source ${found.imageSource.kind}`),
    });
  });

  it('without a lab is that of the source that is configured', () => {
    expect(profileOf(undefined, { source: 'packages', profile: 'official' }).name).toBe('stock');
    expect(profileOf(undefined, { source: 'registry', profile: 'stock' }).name).toBe('stock');
    expect(profileOf(undefined, { source: undefined, profile: 'official' }).name).toBe('official');
  });
});

describe('the versions of a profile', () => {
  it.each(PROFILE_NAMES)('%s are those that checks hold a lab to, under the same names', (name) => {
    const { kubernetes, istio, caddy } = PROFILES[name].versions;
    expect(versionsOf(PROFILES[name])).toMatchObject({ kubernetes, istio, caddy });
    expect(Object.keys(versionsOf(PROFILES[name])).toSorted()).toEqual(
      Object.keys(versionsOf(PROFILES.stock)).toSorted(),
    );
  });

  it('official name the image, where it decides what is in it', () => {
    const { images } = PROFILES.official;
    expect(versionsOf(PROFILES.official)).toMatchObject({
      etcd: `in ${images.node.name}`,
      envoy: `in ${images.proxyv2.name}`,
    });
  });
});

describe('advisories', () => {
  it.each(PROFILE_NAMES)('warn of each fix that is not in profile %s, and of no other', (name) => {
    const lacking = ADVISORIES.filter(({ in: seen }) => seen[name].fixed !== 'yes');
    expect(lacking.length).toBeGreaterThan(0);
    expect(warningsFor(name)).toEqual(lacking.map(({ id }) => expect.stringContaining(`: ${id}, `)));
  });
});

describe('meshdev version', () => {
  const version = async (...options: readonly string[]) => {
    const home = await mkdtemp(join(tmpdir(), 'meshdev-version-'));
    try {
      const argv = [...options, join(ROOT, 'src/cli/main.ts'), 'version', '-o', 'json'];
      const env = { HOME: home, XDG_STATE_HOME: home, XDG_CACHE_HOME: home };
      return JSON.parse(exited(await runProgram(process.execPath, argv, { cwd: home, env }), 0).stdout);
    } finally {
      await rm(home, { recursive: true });
    }
  };

  it('says what the images bring that `up` takes here, and what they lack', async () => {
    expect(await version()).toMatchObject({
      kubernetes: PROFILES.official.versions.kubernetes,
      istio: PROFILES.official.versions.istio,
      profile: { name: 'official', envoy: 'istio', cni: 'kindnet' },
      warnings: warningsFor('official'),
    });
  });

  it('reads the profile when it needs it: a test can put another Envoy and network into it', async () => {
    const preload = pathToFileURL(join(ROOT, 'test/support/official-shape.ts')).href;
    expect(await version('--import', preload)).toMatchObject({
      istio: PROFILES.official.versions.istio,
      profile: { name: 'official', envoy: 'upstream', cni: 'static' },
    });
  });
});
