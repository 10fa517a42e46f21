import type { ContainerCreateOptions, HostConfig } from 'dockerode';
import type { ContainerSpec, PublishedPort } from '../../ports/container-engine.ts';

/** Our specification in the engine's words. Pure. */
export function containerOptions(spec: ContainerSpec): ContainerCreateOptions {
  return {
    name: spec.name,
    Image: spec.image,
    Labels: { ...spec.labels },
    Env: Object.entries(spec.env ?? {}).map(([name, value]) => `${name}=${value}`),
    ExposedPorts: Object.fromEntries((spec.ports ?? []).map((port) => [portKey(port), {}])),
    HostConfig: hostConfig(spec),
    NetworkingConfig: { EndpointsConfig: { [spec.network]: { Aliases: [...(spec.aliases ?? [])] } } },
    ...(spec.entrypoint === undefined ? {} : { Entrypoint: [...spec.entrypoint] }),
    ...(spec.command === undefined ? {} : { Cmd: [...spec.command] }),
    ...(spec.user === undefined ? {} : { User: spec.user }),
    ...(spec.stopSignal === undefined ? {} : { StopSignal: spec.stopSignal }),
  };
}

function hostConfig(spec: ContainerSpec): HostConfig {
  return {
    NetworkMode: spec.network,
    PortBindings: portBindings(spec.ports ?? []),
    RestartPolicy: { Name: spec.restart ?? 'no' },
    CapDrop: [...(spec.capDrop ?? [])],
    CapAdd: [...(spec.capAdd ?? [])],
    ReadonlyRootfs: spec.readOnly ?? false,
    // Every check makes the edge write some megabytes.
    LogConfig: { Type: 'json-file', Config: { 'max-size': '64m', 'max-file': '2' } },
    SecurityOpt: spec.noNewPrivileges === true ? ['no-new-privileges'] : [],
    Mounts: (spec.volumes ?? []).map(({ name, target }) => ({
      Type: 'volume',
      Source: name,
      Target: target,
    })),
    Tmpfs: Object.fromEntries((spec.tmpfs ?? []).map((path) => [path, ''])),
  };
}

function portBindings(
  ports: readonly PublishedPort[],
): Record<string, { HostIp: string; HostPort: string }[]> {
  const grouped = Map.groupBy(ports, portKey);
  return Object.fromEntries([...grouped].map(([key, same]) => [key, same.map(binding)]));
}

function binding(port: PublishedPort): { HostIp: string; HostPort: string } {
  return { HostIp: port.hostAddress, HostPort: String(port.hostPort) };
}

function portKey(port: PublishedPort): string {
  return `${port.containerPort}/${port.protocol}`;
}
