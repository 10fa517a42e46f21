import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/read.ts';
import { resolveConfig } from '../../../src/config/resolve.ts';

describe('resolveConfig', () => {
  it('prefers flag, then environment, then file, then default, and remembers which', () => {
    const config = resolveConfig({
      flags: { name: 'flagged' },
      env: { MESHDEV_NAME: 'env', MESHDEV_DOMAIN: 'env.test' },
      file: { path: 'meshdev.yaml', values: { domain: 'file.test', httpsPort: 8443 } },
    });
    expect(config).toEqual({
      name: { value: 'flagged', origin: '--name' },
      domain: { value: 'env.test', origin: 'MESHDEV_DOMAIN' },
      httpsPort: { value: 8443, origin: 'meshdev.yaml' },
      imageSource: { value: undefined, origin: 'default' },
    });
  });

  it('names every bad value at once, with its origin', () => {
    const bad = () =>
      resolveConfig({ flags: { name: 'Bad Name', httpsPort: '70000' }, env: { MESHDEV_DOMAIN: 'single' } });
    expect(bad).toThrow(/--name is "Bad Name".*MESHDEV_DOMAIN is "single".*--https-port is "70000"/s);
  });

  it.each(['-a.test', 'a..test', 'UPPER.test', 'a.test.', 'a b.test', '*.test', '127.0.0.1:443', 'x'])(
    'refuses the domain %s',
    (domain) => {
      expect(() => resolveConfig({ flags: { domain }, env: {} })).toThrow('--domain');
    },
  );
});

describe('parseConfig', () => {
  it('points at line and column of every problem', () => {
    expect(() => parseConfig('m.yaml', 'name: ok\nhttpsPort: 0\ndomain: X\n')).toThrow(
      /m\.yaml:2:12 httpsPort.*\n.*m\.yaml:3:9 domain/,
    );
  });

  it('refuses unknown keys', () => {
    expect(() => parseConfig('m.yaml', 'nmae: demo\n')).toThrow('nmae');
  });

  it('reads an empty file as no choices', () => {
    expect(parseConfig('m.yaml', '')).toEqual({});
  });
});
