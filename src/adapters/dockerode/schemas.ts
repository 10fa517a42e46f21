import { z } from 'zod';
import type {
  Joined,
  Attachment,
  Container,
  EngineInfo,
  Image,
  Mount,
  Network,
  PublishedPort,
  Volume,
} from '../../ports/container-engine.ts';
import type { DiskUsage } from '../../ports/engine-resources.ts';

/* What we read of the engine's answers, and nothing else. Lists and maps may be null: Go writes empty ones so. */

const labels = z
  .record(z.string(), z.string())
  .nullish()
  .transform((value) => value ?? {});
const strings = z
  .array(z.string())
  .nullish()
  .transform((value) => value ?? []);

export const InfoAnswer = z
  .object({
    ServerVersion: z.string(),
    CgroupVersion: z.string().default('1'),
    CgroupDriver: z.string(),
    Driver: z.string(),
    DockerRootDir: z.string(),
    NCPU: z.int(),
    MemTotal: z.int(),
    Architecture: z.string(),
    OperatingSystem: z.string(),
    OSType: z.string(),
    KernelVersion: z.string(),
    SecurityOptions: strings,
    DefaultRuntime: z.string().default('runc'),
    SystemTime: z.string(),
    Name: z.string().default(''),
    // Podman's answer has this member, and Docker's has not.
    BuildahVersion: z.string().optional(),
    MemoryLimit: z.boolean().default(true),
    CPUShares: z.boolean().default(true),
    PidsLimit: z.boolean().default(true),
    DefaultAddressPools: z.array(z.object({ Base: z.string(), Size: z.int() })).nullish(),
  })
  .transform((seen): EngineInfo => ({
    version: seen.ServerVersion,
    cgroupVersion: seen.CgroupVersion,
    cgroupDriver: seen.CgroupDriver,
    storageDriver: seen.Driver,
    dataRoot: seen.DockerRootDir,
    cpus: seen.NCPU,
    memoryBytes: seen.MemTotal,
    arch: seen.Architecture,
    os: seen.OperatingSystem,
    osType: seen.OSType,
    kernel: seen.KernelVersion,
    securityOptions: seen.SecurityOptions,
    defaultRuntime: seen.DefaultRuntime,
    systemTime: seen.SystemTime,
    product: seen.BuildahVersion === undefined ? 'docker' : 'podman',
    hostName: seen.Name,
    limits: { memory: seen.MemoryLimit, cpu: seen.CPUShares, pids: seen.PidsLimit },
    addressPools: (seen.DefaultAddressPools ?? []).map(({ Base, Size }) => ({ base: Base, size: Size })),
  }));

/** The engine leaves out what it has not measured, or says -1. */
const measured = z.number().default(-1);

export const DiskUsageAnswer = z
  .object({
    Containers: z.array(z.object({ Id: z.string(), SizeRw: measured })).nullish(),
    Volumes: z
      .array(z.object({ Name: z.string(), UsageData: z.object({ Size: measured }).nullish() }))
      .nullish(),
  })
  .transform((seen): DiskUsage => ({
    containers: new Map(known((seen.Containers ?? []).map(({ Id, SizeRw }) => [Id, SizeRw]))),
    volumes: new Map(known((seen.Volumes ?? []).map(({ Name, UsageData }) => [Name, UsageData?.Size ?? -1]))),
  }));

function known(sizes: readonly (readonly [name: string, bytes: number])[]): typeof sizes {
  return sizes.filter(([, bytes]) => bytes >= 0);
}

export const ListedContainers = z.array(z.object({ Id: z.string() }));

const Binding = z.object({ HostIp: z.string(), HostPort: z.string() });
const Bindings = z.record(z.string(), z.array(Binding).nullable()).nullish();

const Place = z.object({
  IPAddress: z.string().default(''),
  GlobalIPv6Address: z.string().default(''),
  Aliases: strings,
});

const MountSeen = z
  .object({
    Type: z.string(),
    Name: z.string().optional(),
    Source: z.string().default(''),
    Destination: z.string(),
    RW: z.boolean(),
  })
  .transform((seen): Mount => ({
    kind: seen.Type,
    source: seen.Name ?? seen.Source,
    target: seen.Destination,
    readOnly: !seen.RW,
  }));

export const ContainerAnswer = z
  .object({
    Id: z.string(),
    Name: z.string(),
    Image: z.string(),
    RestartCount: z.int(),
    State: z.object({
      Status: z
        .enum(['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'])
        .or(z.literal('unknown'))
        .catch('unknown'),
      ExitCode: z.int(),
      OOMKilled: z.boolean(),
      StartedAt: z.string(),
      Health: z.object({ Status: z.enum(['none', 'starting', 'healthy', 'unhealthy']) }).nullish(),
    }),
    Config: z.object({ Image: z.string(), Labels: labels, Tty: z.boolean() }),
    HostConfig: z.object({
      PortBindings: Bindings,
      NetworkMode: z.string().nullish(),
      PidMode: z.string().nullish(),
      IpcMode: z.string().nullish(),
    }),
    NetworkSettings: z.object({ Ports: Bindings, Networks: z.record(z.string(), Place).nullish() }),
    Mounts: z.array(MountSeen).nullish(),
  })
  .transform((seen): Container & { readonly tty: boolean } => ({
    id: seen.Id,
    name: seen.Name.replace(/^\//, ''),
    image: seen.Config.Image,
    imageId: seen.Image,
    labels: seen.Config.Labels,
    state: seen.State.Status,
    health: seen.State.Health?.Status ?? 'none',
    exitCode: seen.State.ExitCode,
    outOfMemory: seen.State.OOMKilled,
    restarts: seen.RestartCount,
    startedAt: seen.State.StartedAt,
    // The live ports are known only while it runs; the wanted ones always are.
    ports: portsOf(
      ['running', 'paused'].includes(seen.State.Status)
        ? seen.NetworkSettings.Ports
        : seen.HostConfig.PortBindings,
    ),
    networks: Object.entries(seen.NetworkSettings.Networks ?? {}).map(([name, place]) =>
      attachment(name, place),
    ),
    mounts: seen.Mounts ?? [],
    joins: joinsOf(seen.HostConfig),
    tty: seen.Config.Tty,
  }));

/** `container:<id>`: the namespace of that one. */
function joinsOf(host: {
  readonly NetworkMode?: string | null | undefined;
  readonly PidMode?: string | null | undefined;
  readonly IpcMode?: string | null | undefined;
}): readonly Joined[] {
  const modes = [
    ['network', host.NetworkMode],
    ['processes', host.PidMode],
    ['memory', host.IpcMode],
  ] as const;
  return modes.flatMap(([what, mode]) => {
    const container = /^container:(.+)$/.exec(mode ?? '')?.[1];
    return container === undefined ? [] : [{ what, container }];
  });
}

function attachment(network: string, place: z.infer<typeof Place>): Attachment {
  return { network, address: place.IPAddress, addressV6: place.GlobalIPv6Address, aliases: place.Aliases };
}

function portsOf(bindings: z.infer<typeof Bindings>): readonly PublishedPort[] {
  return Object.entries(bindings ?? {}).flatMap(([key, hosts]) =>
    (hosts ?? []).map((host) => portOf(key, host)),
  );
}

/** The engine's key for a container port is "443/tcp". */
function portOf(key: string, host: z.infer<typeof Binding>): PublishedPort {
  const [containerPort, protocol] = key.split('/');
  return {
    hostAddress: host.HostIp,
    hostPort: Number(host.HostPort),
    containerPort: Number(containerPort),
    protocol: protocol === 'udp' ? 'udp' : 'tcp',
  };
}

export const NetworkAnswer = z
  .object({
    Id: z.string(),
    Name: z.string(),
    Labels: labels,
    EnableIPv6: z.boolean(),
    IPAM: z.object({ Config: z.array(z.object({ Subnet: z.string().default('') })).nullish() }),
    Containers: z.record(z.string(), z.object({ Name: z.string() })).nullish(),
  })
  .transform((seen): Network => ({
    id: seen.Id,
    name: seen.Name,
    labels: seen.Labels,
    ipv6: seen.EnableIPv6,
    subnets: (seen.IPAM.Config ?? []).map((config) => config.Subnet),
    containers: Object.values(seen.Containers ?? {}).map((container) => container.Name),
  }));

export const VolumeAnswer = z
  .object({ Name: z.string(), Labels: labels })
  .transform((seen): Volume => ({ name: seen.Name, labels: seen.Labels }));

export const ImageAnswer = z
  .object({
    Id: z.string(),
    RepoTags: strings,
    Size: z.int(),
    Config: z.object({ Labels: labels }).nullish(),
  })
  .transform((seen): Image => ({
    id: seen.Id,
    tags: seen.RepoTags,
    labels: seen.Config?.Labels ?? {},
    sizeBytes: seen.Size,
  }));

/** How engines before version 25 list an image without a name. */
const NO_NAME = '<none>:<none>';

export const ListedImage = z
  .object({ Id: z.string(), RepoTags: strings, Size: z.int(), Labels: labels })
  .transform((seen): Image => ({
    id: seen.Id,
    tags: seen.RepoTags.filter((tag) => tag !== NO_NAME),
    labels: seen.Labels,
    sizeBytes: seen.Size,
  }));

export const CreatedAnswer = z.object({ id: z.string() });
export const ExecAnswer = z.object({ Running: z.boolean(), ExitCode: z.int().nullable() });
