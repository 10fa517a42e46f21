import { describe, expect, it } from 'vitest';
import { imageSettings, wishesOf } from '../../../src/cli/image-choice.ts';
import { type ConfigInputs, resolveConfig } from '../../../src/config/resolve.ts';

const configOf = (inputs: Partial<ConfigInputs>) => resolveConfig({ flags: {}, env: {}, ...inputs });
const record = {
  schemaVersion: '1' as const,
  name: 'demo',
  domain: 'mesh.localhost',
  httpsPort: 443,
  imageSource: { kind: 'packages' as const, because: 'registry: does not answer' },
  meshdevVersion: '0.1.0',
  settled: true,
};

describe('what is asked for outright', () => {
  it.each([
    [
      'a source',
      { flags: { imageSource: 'registry' }, env: { MESHDEV_BUNDLE: 'lab.mdb' } },
      { kind: 'registry', origin: '--image-source' },
    ],
    ['a bundle', { env: { MESHDEV_BUNDLE: 'lab.mdb' } }, { kind: 'bundle', origin: 'MESHDEV_BUNDLE' }],
    [
      'a bundle on the command line, also where a source is configured,',
      { flags: { bundle: 'lab.mdb' }, env: { MESHDEV_IMAGE_SOURCE: 'packages', MESHDEV_MIRROR: 'm.test' } },
      { kind: 'bundle', origin: '--bundle' },
    ],
    [
      'a bundle that is called one',
      { flags: { bundle: 'lab.mdb', imageSource: 'bundle' } },
      { kind: 'bundle', origin: '--bundle' },
    ],
    [
      'a mirror on the command line, also where a bundle is configured,',
      { flags: { mirror: 'm.test' }, env: { MESHDEV_BUNDLE: 'lab.mdb' } },
      { kind: 'registry', origin: '--mirror' },
    ],
    [
      'a mirror on the command line, also where a source is configured,',
      { flags: { mirror: 'm.test' }, env: { MESHDEV_IMAGE_SOURCE: 'packages' } },
      { kind: 'registry', origin: '--mirror' },
    ],
    [
      'a source on the command line, also beside a mirror,',
      { flags: { mirror: 'm.test', imageSource: 'packages' } },
      { kind: 'packages', origin: '--image-source' },
    ],
  ])('%s beats what the lab was made from', (_, inputs, asked) => {
    expect(wishesOf(configOf(inputs), record)).toEqual({ asked });
  });

  it.each([
    [{ imageSource: 'registry' }, /--bundle names lab\.mdb, and --image-source names registry$/],
    [{ mirror: 'm.test' }, /--bundle names lab\.mdb, and --mirror requires the source registry$/],
  ])('two sources on one command line are refused: a bundle and %o', (other, message) => {
    const config = configOf({ flags: { bundle: 'lab.mdb', ...other } });
    expect(() => wishesOf(config, record)).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.stringMatching(message) }),
    );
  });

  it('a bundle that the lab was made from is no such wish: the lab stays with it', () => {
    const made = { kind: 'bundle' as const, because: 'asked for by --bundle' };
    const images = {
      bundle: '/lab.mdb',
      mirror: {},
      profile: 'official' as const,
      downloads: 'https://d.test',
    };
    const kept = { ...record, imageSource: made, images };
    const config = configOf({ record: kept });
    expect(wishesOf(config, kept)).toEqual({ recorded: made });
    expect(imageSettings(config, { cwd: '/elsewhere', configFile: undefined }).bundle).toBe('/lab.mdb');
  });

  it('a mirror that is only configured is no such wish', () => {
    expect(wishesOf(configOf({ env: { MESHDEV_MIRROR: 'm.test' } }), undefined).asked).toBeUndefined();
  });

  it('else the lab stays with its source', () => {
    expect(wishesOf(configOf({}), record)).toEqual({ recorded: record.imageSource });
  });
});

describe('paths', () => {
  it('are relative to the file that names them, or to the directory of the command', () => {
    const file = { path: '/etc/lab/meshdev.yaml', values: { images: { ca: 'root.pem' } } };
    const config = configOf({ file, env: { MESHDEV_IMAGE_LOCK: 'my.lock' } });
    expect(imageSettings(config, { cwd: '/home/me', configFile: file.path })).toMatchObject({
      ca: '/etc/lab/root.pem',
      lock: '/home/me/my.lock',
    });
  });
});
