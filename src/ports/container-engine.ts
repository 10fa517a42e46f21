import type { Readable } from 'node:stream';
import type { EngineEndpoint } from './engine-endpoint.ts';
import type { AddressPool, DiskUsage } from './engine-resources.ts';
import type { BuildEnd, BuildSpec } from './image-build.ts';

/*
 * The container engine by roles. Contract of every call: `signal` ends it (MeshdevError INTERRUPTED); a call
 * that does not answer in time is TIMED_OUT; an engine that is not there is ENGINE_NOT_FOUND; anything
 * else that it refuses is ENGINE_CALL_FAILED with the engine's own words and `details.status`.
 * What does not exist is `undefined` when read and no error when removed.
 */

export type Labels = Readonly<Record<string, string>>;

export interface ContainerEngine {
  readonly endpoint: EngineEndpoint;
  info(signal: AbortSignal): Promise<EngineInfo>;
  /** What containers and volumes take on its disk; takes it half a second and more. */
  diskUsage(signal: AbortSignal): Promise<DiskUsage>;
  readonly containers: Containers;
  readonly networks: Networks;
  readonly volumes: Volumes;
  readonly images: Images;
}

export interface EngineInfo {
  readonly version: string;
  readonly cgroupVersion: string;
  readonly cgroupDriver: string;
  readonly storageDriver: string;
  /** Where images and volumes are, on the engine's own machine. */
  readonly dataRoot: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  /** As `uname -m` says it: x86_64, aarch64. */
  readonly arch: string;
  readonly os: string;
  /** linux or windows: what its containers are. */
  readonly osType: string;
  readonly kernel: string;
  readonly securityOptions: readonly string[];
  readonly defaultRuntime: string;
  /** The engine's clock, RFC 3339. */
  readonly systemTime: string;
  /** Which program answers: Podman has an API of the same form. */
  readonly product: 'docker' | 'podman';
  /** Name of the engine's own machine. */
  readonly hostName: string;
  /** Whether it can limit what a container uses; a rootless engine needs delegated cgroup controllers for that. */
  readonly limits: { readonly memory: boolean; readonly cpu: boolean; readonly pids: boolean };
  /** Where it takes subnets of new networks from; empty where it uses those that it was built with. */
  readonly addressPools: readonly AddressPool[];
}

export type ContainerState =
  | 'created'
  | 'running'
  | 'paused'
  | 'restarting'
  | 'removing'
  | 'exited'
  | 'dead'
  | 'unknown';

export interface Container {
  readonly id: string;
  /** Without the leading slash. */
  readonly name: string;
  /** The reference it was created from. */
  readonly image: string;
  readonly imageId: string;
  readonly labels: Labels;
  readonly state: ContainerState;
  readonly health: 'none' | 'starting' | 'healthy' | 'unhealthy';
  /** Of the last run; 0 while none has ended. */
  readonly exitCode: number;
  readonly outOfMemory: boolean;
  readonly restarts: number;
  /** RFC 3339; of the last start. */
  readonly startedAt: string;
  readonly ports: readonly PublishedPort[];
  readonly networks: readonly Attachment[];
  readonly mounts: readonly Mount[];
  /** Whose network, processes or memory it shares; absent: nobody’s. */
  readonly joins?: readonly Joined[];
}

/** A container that shares a namespace with another one. */
export interface Joined {
  readonly what: 'network' | 'processes' | 'memory';
  /** Id or name of the other one. */
  readonly container: string;
}

export interface PublishedPort {
  readonly hostAddress: string;
  readonly hostPort: number;
  readonly containerPort: number;
  readonly protocol: 'tcp' | 'udp';
}

/** A container's place in one network; the address is empty while the container does not run. */
export interface Attachment {
  readonly network: string;
  readonly address: string;
  readonly addressV6: string;
  readonly aliases: readonly string[];
}

export interface Mount {
  readonly kind: string;
  /** Name of the volume; a path for bind mounts. */
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly labels: Labels;
  readonly network: string;
  /** Names under which others in the network find it, beside its own. */
  readonly aliases?: readonly string[];
  readonly ports?: readonly PublishedPort[];
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  /** Never secrets: anybody who may inspect the container reads them. Put those in as files. */
  readonly env?: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly restart?: 'no' | 'on-failure' | 'unless-stopped';
  readonly capDrop?: readonly string[];
  readonly capAdd?: readonly string[];
  /** Root filesystem read-only; then files can be put only into volumes. */
  readonly readOnly?: boolean;
  /** No process gains rights that it was not started with. */
  readonly noNewPrivileges?: boolean;
  readonly volumes?: readonly { readonly name: string; readonly target: string }[];
  readonly tmpfs?: readonly string[];
  readonly stopSignal?: string;
}

/** A file or, without content, a directory that is made in a container. Owner root unless said. */
export interface ContainerFile {
  /** Absolute path in the container. Directories that are missing on the way are made, root's, 0755. */
  readonly path: string;
  readonly mode: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly content?: string | Uint8Array;
}

export interface ExecSpec {
  readonly argv: readonly string[];
  /** A stream is sent as it comes; its failure ends the input, and the call with it. */
  readonly stdin?: string | Uint8Array | Readable;
  /** Is handed stdout as it comes; the result has none of it then. */
  readonly onStdout?: (chunk: Buffer) => void;
  /** The same of stderr. */
  readonly onStderr?: (chunk: Buffer) => void;
  readonly env?: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly cwd?: string;
  readonly privileged?: boolean;
  /** Default 60 s. The program itself goes on: the engine has no call to end it. */
  readonly timeoutMs?: number;
}

export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

export interface LogOptions {
  /** Only what was written at or after this time. */
  readonly since?: Date;
  /** Only the last so many lines. */
  readonly tail?: number;
}

export interface FollowedContainerLog {
  readonly since: Date;
  /**
   * At most so many entries that are there already (a line of more than 16 KiB has several): an engine reads
   * all of a log that it looks for a time in.
   */
  readonly tail: number;
  /** Of both streams, without the line end. */
  readonly onLine: (text: string) => void;
}

export interface LogLine {
  readonly stream: 'stdout' | 'stderr';
  /** When the engine got it, RFC 3339 with nanoseconds. */
  readonly at: string;
  /** Without the line end. */
  readonly text: string;
}

export interface Containers {
  /** All of them, running or not, that carry each of the labels. */
  list(labels: Labels, signal: AbortSignal): Promise<readonly Container[]>;
  inspect(idOrName: string, signal: AbortSignal): Promise<Container | undefined>;
  /**
   * Creates, does not start; the image must be there (nothing is pulled).
   * @returns its id
   * @throws MeshdevError LAB_FOREIGN when the name belongs to a container that is not meshdev's.
   */
  create(spec: ContainerSpec, signal: AbortSignal): Promise<string>;
  /** Idempotent. */
  start(idOrName: string, signal: AbortSignal): Promise<void>;
  /** Idempotent; SIGKILL after `graceSeconds`. */
  stop(idOrName: string, graceSeconds: number, signal: AbortSignal): Promise<void>;
  /** Freezes its processes; idempotent. The engine refuses it for one that does not run. */
  pause(idOrName: string, signal: AbortSignal): Promise<void>;
  /** Lets a paused one go on; nothing is done to another. */
  unpause(idOrName: string, signal: AbortSignal): Promise<void>;
  /** Removes it with its anonymous volumes, running or not; idempotent. */
  remove(idOrName: string, signal: AbortSignal): Promise<void>;
  connect(idOrName: string, network: string, aliases: readonly string[], signal: AbortSignal): Promise<void>;
  /** Idempotent. */
  disconnect(idOrName: string, network: string, signal: AbortSignal): Promise<void>;
  /** Works on containers that do not run yet, and with remote engines: nothing is bind-mounted. */
  putFiles(idOrName: string, files: readonly ContainerFile[], signal: AbortSignal): Promise<void>;
  readFile(idOrName: string, path: string, signal: AbortSignal): Promise<Buffer | undefined>;
  /** A non-zero exit code is a result, not an error. */
  exec(idOrName: string, spec: ExecSpec, signal: AbortSignal): Promise<ExecResult>;
  logs(idOrName: string, options: LogOptions, signal: AbortSignal): Promise<readonly LogLine[]>;
  /** Returns when the log has ended or there is no such container; throws when the signal fires before. */
  followLogs(idOrName: string, log: FollowedContainerLog, signal: AbortSignal): Promise<void>;
}

export interface Network {
  readonly id: string;
  readonly name: string;
  readonly labels: Labels;
  readonly subnets: readonly string[];
  readonly ipv6: boolean;
  /** Names of the containers that are in it and run. */
  readonly containers: readonly string[];
}

export interface NetworkSpec {
  readonly name: string;
  readonly labels: Labels;
  readonly ipv6: boolean;
}

export interface Networks {
  list(labels: Labels, signal: AbortSignal): Promise<readonly Network[]>;
  inspect(idOrName: string, signal: AbortSignal): Promise<Network | undefined>;
  /** The network of that name, made when missing; one that exists is returned as it is. */
  ensure(spec: NetworkSpec, signal: AbortSignal): Promise<Network>;
  /** Idempotent; refused by the engine while containers are in it. */
  remove(idOrName: string, signal: AbortSignal): Promise<void>;
}

export interface Volume {
  readonly name: string;
  readonly labels: Labels;
}

export interface Volumes {
  list(labels: Labels, signal: AbortSignal): Promise<readonly Volume[]>;
  inspect(name: string, signal: AbortSignal): Promise<Volume | undefined>;
  ensure(volume: Volume, signal: AbortSignal): Promise<Volume>;
  remove(name: string, signal: AbortSignal): Promise<void>;
}

export interface Image {
  readonly id: string;
  readonly tags: readonly string[];
  readonly labels: Labels;
  readonly sizeBytes: number;
}

export interface Images {
  list(labels: Labels, signal: AbortSignal): Promise<readonly Image[]>;
  inspect(reference: string, signal: AbortSignal): Promise<Image | undefined>;
  /** Those of which a reference matches the pattern, such as `meshdev.local/*`. */
  matching(pattern: string, signal: AbortSignal): Promise<readonly Image[]>;
  /** Hands `read` an archive of these images, in whatever form the engine exports. */
  save<T>(
    references: readonly string[],
    read: (archive: AsyncIterable<Uint8Array>) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T>;
  /** Takes images out of an archive (`docker save` format); `archive` fails: nothing of it is kept. */
  load(archive: Readable, timeoutMs: number, signal: AbortSignal): Promise<void>;
  /** Builds an image. Its base images must be there. The signal ends the build in the engine too. */
  build(spec: BuildSpec, signal: AbortSignal): Promise<BuildEnd>;
  /**
   * Gives an image one more name; a name that another image has is moved. Idempotent.
   * @param source an id or a reference that is there
   */
  tag(source: string, reference: string, signal: AbortSignal): Promise<void>;
  /** Idempotent. */
  remove(reference: string, signal: AbortSignal): Promise<void>;
}
