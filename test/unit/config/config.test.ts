import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/read.ts';
import { choiceOf, resolveConfig } from '../../../src/config/resolve.ts';

describe('resolveConfig', () => {
  it('prefers flag, then environment, then file, then default, and remembers which', () => {
    const config = resolveConfig({
      flags: { name: 'flagged' },
      env: { MESHDEV_NAME: 'env', MESHDEV_DOMAIN: 'env.test' },
      file: { path: 'meshdev.yaml', values: { domain: 'file.test', httpsPort: 8443 } },
    });
    expect(config).toMatchObject({
      name: { value: 'flagged', origin: '--name' },
      domain: { value: 'env.test', origin: 'MESHDEV_DOMAIN' },
      httpsPort: { value: 8443, origin: 'meshdev.yaml' },
      imageSource: { value: undefined, origin: 'default' },
      images: {
        bundle: { value: undefined, origin: 'default' },
        mirror: { value: {}, origin: 'default' },
        profile: { value: 'official', origin: 'default' },
        downloads: { value: 'https://github.com', origin: 'default' },
        ca: { value: undefined, origin: 'default' },
        lock: { value: undefined, origin: 'default' },
      },
    });
  });

  it('names every bad value at once, with its origin', () => {
    const bad = () =>
      resolveConfig({ flags: { name: 'Bad Name', httpsPort: '70000' }, env: { MESHDEV_DOMAIN: 'single' } });
    expect(bad).toThrow(/--name is "Bad Name".*MESHDEV_DOMAIN is "single".*--https-port is "70000"/s);
  });

  it('takes one mirror for all registries or one for each, and keeps what the lab was made with', () => {
    const mirrorOf = (inputs: Partial<Parameters<typeof resolveConfig>[0]>) =>
      resolveConfig({ flags: {}, env: {}, ...inputs }).images.mirror;
    expect(mirrorOf({ flags: { mirror: 'mirror.test/hub' } })).toEqual({
      value: { '*': 'mirror.test/hub' },
      origin: '--mirror',
    });
    const values = parseConfig('m.yaml', 'images: { mirror: { docker.io: "https://m.test:5000" } }');
    expect(mirrorOf({ file: { path: 'm.yaml', values } }).value).toEqual({
      'docker.io': 'https://m.test:5000',
    });
    const record = { domain: 'a.test', httpsPort: 443, images: { mirror: { '*': '127.0.0.1:5000' } } };
    expect(mirrorOf({ record })).toEqual({
      value: { '*': '127.0.0.1:5000' },
      origin: 'the record of the lab',
    });
  });

  it.each(['http://mirror.test', 'user:secret@mirror.test', 'https://u@mirror.test', 'mirror test', ''])(
    'refuses the mirror %s',
    (mirror) => {
      expect(() => resolveConfig({ flags: { mirror }, env: {} })).toThrow('--mirror');
    },
  );

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

describe('edge', () => {
  const parse = (text: string) => parseConfig('m.yaml', text);

  it('takes trusted headers and strict paths from the file, and keeps what the lab was made with', () => {
    const values = parse('edge: { trustedHeaders: [X-Roles, X-Tenant-Id], strictPaths: true }');
    const file = { path: 'm.yaml', values };
    const record = {
      domain: 'a.test',
      httpsPort: 443,
      edge: { trustedHeaders: ['X-Old'], strictPaths: true },
    };
    expect(resolveConfig({ flags: {}, env: {}, file, record })).toMatchObject({
      trustedHeaders: { value: ['X-Roles', 'X-Tenant-Id'], origin: 'm.yaml' },
      strictPaths: { value: true, origin: 'm.yaml' },
    });
    const off = { path: 'm.yaml', values: parse('edge: { trustedHeaders: [], strictPaths: false }') };
    expect(choiceOf(resolveConfig({ flags: {}, env: {}, file: off, record }))).toMatchObject({
      trustedHeaders: [],
      strictPaths: false,
    });
    expect(choiceOf(resolveConfig({ flags: {}, env: {}, record }))).toMatchObject({
      trustedHeaders: ['X-Old'],
      strictPaths: true,
    });
    expect(choiceOf(resolveConfig({ flags: {}, env: {} }))).toMatchObject({
      trustedHeaders: [],
      strictPaths: false,
    });
  });

  it.each([
    ['[X-Forwarded-For]', '1:26 edge.trustedHeaders.0: must not be a header that the chain itself sets'],
    ['[X-Roles, X_Tenant]', 'edge.trustedHeaders.1: must be a header name of letters, digits and "-"'],
    ['[X-Roles, x-roles]', 'edge.trustedHeaders: names a header twice'],
    ['X-Roles', 'edge.trustedHeaders: Invalid input: expected array'],
  ])('refuses the trusted headers %s', (headers, problem) => {
    expect(() => parse(`edge: { trustedHeaders: ${headers} }`)).toThrow(problem);
  });

  it('refuses a strictness that is no truth value, and keys that it does not know', () => {
    expect(() => parse('edge: { strictPaths: maybe }')).toThrow('edge.strictPaths: must be true or false');
    expect(() => parse('edge: { trusted: [] }')).toThrow('Unrecognized key: "trusted"');
  });
});
