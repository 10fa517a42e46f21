import { describe, expect, it } from 'vitest';
import { endpointOf } from '../../../../src/images/registry/endpoint.ts';
import { parseDocument } from '../../../../src/images/registry/manifest.ts';
import { proxyFor } from '../../../../src/images/registry/proxy.ts';
import { parseReference } from '../../../../src/images/registry/reference.ts';
import { parseChallenge, tokenRequest } from '../../../../src/images/registry/token.ts';
import { toolSpecs } from '../../../../src/images/registry/tool-specs.ts';
import { PROFILES } from '../../../../src/profiles.ts';
import { GO_PINS, IN_CLUSTER_IMAGES } from '../../../../src/versions.ts';

const { istio: RELEASE } = PROFILES.official.versions;
const PILOT = parseReference(`docker.io/istio/pilot:${RELEASE}`);
const HTTPBIN = parseReference('ghcr.io/mccutchen/go-httpbin:2.26.0');

describe('where an image is asked for', () => {
  it.each([
    ['Docker Hub', PILOT, {}, 'https://registry-1.docker.io', 'istio/pilot'],
    ['another registry', HTTPBIN, {}, 'https://ghcr.io', 'mccutchen/go-httpbin'],
    ['one mirror for all', HTTPBIN, { '*': 'mirror.test' }, 'https://mirror.test', 'mccutchen/go-httpbin'],
    [
      'a mirror with a prefix',
      PILOT,
      { '*': 'mirror.test:5000/hub/' },
      'https://mirror.test:5000',
      'hub/istio/pilot',
    ],
    [
      'a mirror of its own first',
      PILOT,
      { '*': 'a.test', 'docker.io': 'b.test' },
      'https://b.test',
      'istio/pilot',
    ],
    [
      'a mirror of another registry',
      PILOT,
      { 'ghcr.io': 'a.test' },
      'https://registry-1.docker.io',
      'istio/pilot',
    ],
    ['loopback without TLS', PILOT, { '*': '127.0.0.1:5000' }, 'http://127.0.0.1:5000', 'istio/pilot'],
    [
      'loopback with TLS when it says so',
      PILOT,
      { '*': 'https://localhost:5000' },
      'https://localhost:5000',
      'istio/pilot',
    ],
  ])('%s', (_, reference, mirrors, base, repository) => {
    expect(endpointOf(reference, mirrors)).toMatchObject({ base, repository });
  });

  it('looks for the credentials of Docker Hub where docker login keeps them', () => {
    expect(endpointOf(PILOT, {}).credentialKeys[0]).toBe('https://index.docker.io/v1/');
    expect(endpointOf(PILOT, { '*': 'mirror.test' }).credentialKeys).not.toContain('docker.io');
  });
});

describe('proxyFor', () => {
  const url = new URL('https://registry-1.docker.io/v2/');
  const env = { HTTPS_PROXY: 'http://proxy.test:3128', HTTP_PROXY: 'http://plain.test:3128' };
  it.each([
    ['the proxy of the scheme', 'https://ghcr.io/', {}, [], 'http://proxy.test:3128'],
    ['the proxy of the scheme', 'http://mirror.test/', {}, [], 'http://plain.test:3128'],
    ['lower case wins', 'https://ghcr.io/', { https_proxy: 'low.test:1' }, [], 'http://low.test:1'],
    ['an empty one is none', 'https://ghcr.io/', { https_proxy: '' }, [], undefined],
    ['a host of NO_PROXY', 'https://mirror.test/', { NO_PROXY: 'a, mirror.test' }, [], undefined],
    ['a suffix of NO_PROXY', 'https://m.corp.test/', { NO_PROXY: '.corp.test' }, [], undefined],
    [
      'no other host with that ending',
      'https://notcorp.test/',
      { NO_PROXY: 'corp.test' },
      [],
      'http://proxy.test:3128',
    ],
    ['a port of NO_PROXY', 'https://m.test:5000/', { NO_PROXY: 'm.test:5000' }, [], undefined],
    ['not another port', 'https://m.test:5001/', { NO_PROXY: 'm.test:5000' }, [], 'http://proxy.test:3128'],
    ['a subnet of NO_PROXY', 'https://10.1.2.3/', { NO_PROXY: '10.0.0.0/8' }, [], undefined],
    ['a subnet of Docker', 'https://172.18.0.5:5000/', {}, ['172.18.0.0/16'], undefined],
    ['no address outside of it', 'https://172.19.0.5:5000/', {}, ['172.18.0.0/16'], 'http://proxy.test:3128'],
    ['this machine', 'http://127.0.0.1:5000/', {}, [], undefined],
    ['this machine, IPv6', 'http://[::1]:5000/', {}, [], undefined],
    ['everything', 'https://ghcr.io/', { NO_PROXY: '*' }, [], undefined],
  ])('%s: %s', (_, address, more, direct, proxy) => {
    expect(proxyFor(new URL(address), { ...env, ...more }, direct)).toBe(proxy);
  });

  it('is none where nobody configured one', () => {
    expect(proxyFor(url, {}, [])).toBeUndefined();
  });
});

describe('proof of identity', () => {
  const header = 'Bearer realm="https://auth.test/token",service="registry.test",scope="repository:a/b:pull"';
  it('reads a challenge', () => {
    expect(parseChallenge(header)).toEqual({
      scheme: 'bearer',
      fields: { realm: 'https://auth.test/token', service: 'registry.test', scope: 'repository:a/b:pull' },
    });
    expect(parseChallenge('Basic realm="x"').scheme).toBe('basic');
    expect(parseChallenge('').scheme).toBe('');
  });

  const { fields } = parseChallenge(header);
  it('asks as nobody, with a password, with an identity token', () => {
    const nobody = tokenRequest('https://auth.test/token', fields, undefined);
    expect(nobody.url.href).toBe(
      'https://auth.test/token?service=registry.test&scope=repository%3Aa%2Fb%3Apull',
    );
    expect(nobody.headers).toEqual({});
    const known = tokenRequest('https://auth.test/token', fields, {
      kind: 'password',
      user: 'u',
      secret: 'p',
    });
    expect(known.headers['Authorization']).toBe(`Basic ${btoa('u:p')}`);
    expect(known.url.href).not.toContain('p%3A');
    const exchanged = tokenRequest('https://auth.test/token', fields, { kind: 'refresh', secret: 'r' });
    expect(exchanged.url.search).toBe('');
    expect(Object.fromEntries(exchanged.form ?? [])).toMatchObject({
      grant_type: 'refresh_token',
      refresh_token: 'r',
    });
  });
});

describe('documents of a registry', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const blob = { mediaType: 'x', digest, size: 1 };
  it('are told apart by what is in them', () => {
    expect(parseDocument(JSON.stringify({ config: blob, layers: [blob] }))).toMatchObject({
      kind: 'manifest',
    });
    const entry = { ...blob, platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } };
    expect(parseDocument(JSON.stringify({ manifests: [entry, blob] }))).toMatchObject({
      kind: 'index',
      entries: [{ platform: 'linux/arm64' }, { platform: undefined }],
    });
  });

  it.each([
    '',
    'no json',
    '{}',
    '{"config":{},"layers":[]}',
    JSON.stringify({ config: { ...blob, digest: 'sha256:..' }, layers: [] }),
  ])('and %s is none', (text) => {
    expect(parseDocument(text)).toBeUndefined();
  });
});

describe('release files', () => {
  it.each([
    ['linux', 'x64', 'kind-linux-amd64', `istioctl-${RELEASE}-linux-amd64.tar.gz`],
    ['linux', 'arm64', 'kind-linux-arm64', `istioctl-${RELEASE}-linux-arm64.tar.gz`],
    ['darwin', 'arm64', 'kind-darwin-arm64', `istioctl-${RELEASE}-osx-arm64.tar.gz`],
  ])('for %s on %s', (platform, arch, kind, istioctl) => {
    const names = toolSpecs('official', { platform, arch }).map(({ path }) => path.split('/').at(-1));
    expect(names).toEqual([kind, istioctl]);
  });

  it('reads the versions that the programs say', () => {
    const [kind, istioctl] = toolSpecs('official', { platform: 'linux', arch: 'x64' });
    expect(kind?.readVersion(`kind ${GO_PINS.kind.version} go1.26.8 linux/amd64`)).toBe(GO_PINS.kind.version);
    expect(kind?.readVersion('kind v0.99.1-alpha go1.26.8 linux/amd64')).toBe('v0.99.1-alpha');
    expect(istioctl?.readVersion(`client version: ${RELEASE}\n`)).toBe(RELEASE);
    expect(istioctl?.readVersion(RELEASE)).toBe(RELEASE);
    expect(istioctl?.readVersion('no idea')).toBeUndefined();
  });
});

describe('what is pulled', () => {
  it('names a registry, a repository and a tag everywhere', () => {
    for (const { images } of Object.values(PROFILES))
      for (const { name } of Object.values(images)) expect(parseReference(name).tag).not.toBe('');
  });

  it.each(Object.values(PROFILES))('of $name says the versions that checks hold the lab to', (profile) => {
    const { images, versions } = profile;
    expect(images.node.name).toBe(`docker.io/kindest/node:${versions.kubernetes}`);
    expect(images.pilot.name).toContain(`:${versions.istio}`);
    expect(images.proxyv2.name).toContain(`:${versions.istio}`);
    expect(images.edge.name).toContain(`:${versions.caddy.slice(1)}`);
  });

  it('is of the same lines of Kubernetes and Istio in every profile', () => {
    const lineOf = (version: string): string => /^v?(\d+\.\d+)/.exec(version)?.[1] ?? version;
    const { official, stock } = PROFILES;
    expect(lineOf(official.versions.kubernetes)).toBe(lineOf(stock.versions.kubernetes));
    expect(lineOf(official.versions.istio)).toBe(lineOf(stock.versions.istio));
    expect(lineOf(official.versions.istio)).toBe(IN_CLUSTER_IMAGES.istioTag);
  });
});
