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
      { flags: { imageSource: 'registry', bundle: 'lab.mdb' } },
      { kind: 'registry', origin: '--image-source' },
    ],
    ['a bundle', { env: { MESHDEV_BUNDLE: 'lab.mdb' } }, { kind: 'bundle', origin: 'MESHDEV_BUNDLE' }],
    [
      'a mirror on the command line',
      { flags: { mirror: 'm.test' } },
      { kind: 'registry', origin: '--mirror' },
    ],
  ])('%s beats what the lab was made from', (_, inputs, asked) => {
    expect(wishesOf(configOf(inputs), record)).toEqual({ asked });
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
