import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dockerHostOf, engineEnvironment, parseDockerHost } from '../../../src/engine/endpoint.ts';

describe('parseDockerHost', () => {
  it.each([
    ['unix:///var/run/docker.sock', { kind: 'socket', path: '/var/run/docker.sock' }],
    ['unix:///home/a%20b/docker.sock', { kind: 'socket', path: '/home/a b/docker.sock' }],
    ['tcp://10.0.0.1:2375', { kind: 'tcp', host: '10.0.0.1', port: 2375 }],
    ['tcp://build-host', { kind: 'tcp', host: 'build-host', port: 2375 }],
    ['tcp://[::1]:1234', { kind: 'tcp', host: '::1', port: 1234 }],
  ])('reads %s', (text, endpoint) => {
    expect(parseDockerHost(text)).toEqual(endpoint);
  });

  it('takes TLS files from the given directory, and then the port for TLS', () => {
    expect(parseDockerHost('tcp://far', '/certs')).toEqual({
      kind: 'tcp',
      host: 'far',
      port: 2376,
      tls: { caFile: '/certs/ca.pem', certFile: '/certs/cert.pem', keyFile: '/certs/key.pem' },
    });
  });

  it.each(['ssh://me@far', 'npipe:////./pipe/docker_engine', 'fd://', '', 'nonsense'])(
    'does not know "%s"',
    (text) => {
      expect(parseDockerHost(text)).toBeUndefined();
    },
  );

  it('is the inverse of dockerHostOf', () => {
    const port = fc.integer({ min: 1, max: 65_535 });
    const host = fc.oneof(fc.domain(), fc.ipV4(), fc.constantFrom('::1', 'fd00::2'));
    fc.assert(
      fc.property(host, port, (name, number) => {
        const endpoint = { kind: 'tcp', host: name, port: number } as const;
        expect(parseDockerHost(dockerHostOf(endpoint))).toEqual(endpoint);
      }),
    );
  });
});

describe('engineEnvironment', () => {
  it('leads docker and kind to the same engine', () => {
    expect(engineEnvironment({ kind: 'socket', path: '/run/x.sock' })).toEqual({
      DOCKER_HOST: 'unix:///run/x.sock',
    });
    const remote = parseDockerHost('tcp://far:1', '/certs');
    expect(remote && engineEnvironment(remote)).toEqual({
      DOCKER_HOST: 'tcp://far:1',
      DOCKER_TLS_VERIFY: '1',
      DOCKER_CERT_PATH: '/certs',
    });
  });
});
