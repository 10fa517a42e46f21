import { describe, expect, it } from 'vitest';
import { containerOptions } from '../../../src/adapters/dockerode/container-options.ts';

const bare = { name: 'edge', image: 'i', labels: { a: 'b' }, network: 'kind' };

describe('containerOptions', () => {
  it('publishes a port on several addresses', () => {
    const tcp = { hostPort: 443, containerPort: 443, protocol: 'tcp' as const };
    const ports = [
      { ...tcp, hostAddress: '127.0.0.1' },
      { ...tcp, hostAddress: '::1' },
    ];
    const options = containerOptions({ ...bare, ports });
    expect(options.ExposedPorts).toEqual({ '443/tcp': {} });
    expect(options.HostConfig?.PortBindings).toEqual({
      '443/tcp': [
        { HostIp: '127.0.0.1', HostPort: '443' },
        { HostIp: '::1', HostPort: '443' },
      ],
    });
  });

  it('leaves to the image what was not said', () => {
    const options = containerOptions(bare);
    for (const key of ['Entrypoint', 'Cmd', 'User', 'StopSignal']) expect(options).not.toHaveProperty(key);
    expect(options.HostConfig).toMatchObject({
      RestartPolicy: { Name: 'no' },
      ReadonlyRootfs: false,
      SecurityOpt: [],
    });
  });

  it('joins one network under its aliases', () => {
    const options = containerOptions({ ...bare, aliases: ['auth.mesh.localhost'] });
    expect(options.NetworkingConfig).toEqual({
      EndpointsConfig: { kind: { Aliases: ['auth.mesh.localhost'] } },
    });
  });
});
