import type { Container, EngineInfo, Network } from './container-engine.ts';
import type { EngineEndpoint } from './engine-endpoint.ts';

/*
 * What a machine is like, as far as it decides whether a lab can run on it. `src/host/facts` reads it, `src/doctor`
 * judges it. A fact that could not be read says why, and takes no other one with it.
 */

export type Fact<T> =
  | { readonly kind: 'seen'; readonly value: T }
  /** A machine of this kind has no such thing. */
  | { readonly kind: 'absent'; readonly because: string }
  | { readonly kind: 'unknown'; readonly because: string };

export interface MachineFacts {
  /** As Node.js names it: linux (also in WSL2), darwin, win32. */
  readonly platform: string;
  /** Of the kernel. */
  readonly release: string;
  /** As Node.js names it: x64, arm64. */
  readonly nodeArch: string;
  /** As `uname -m` says it. */
  readonly machineArch: string;
  /** Node.js runs in Rosetta. */
  readonly translated: boolean;
  /** Without the leading v. */
  readonly nodeVersion: string;
  readonly uid: number;
  /** Capability bounding set of this process; undefined where the kernel has no such thing. */
  readonly capabilityBounds: bigint | undefined;
  /** How many files this process may open; undefined where nothing limits it. */
  readonly openFiles: number | undefined;
  /** Whether there is a `docker` program, which kind calls. */
  readonly dockerCli: boolean;
}

/** What came of looking for an engine. */
export type EngineAnswer =
  | { readonly kind: 'answers'; readonly version: string; readonly because: string }
  | { readonly kind: 'silent'; readonly because: string; readonly remedies: readonly string[] };

export interface EngineSeen {
  readonly endpoint: EngineEndpoint;
  readonly info: EngineInfo;
  /** Milliseconds since the epoch by the clock of this machine, around the answer with the engine's time. */
  readonly askedAt: number;
  readonly answeredAt: number;
  /** Its data directory is on a disk of this machine. */
  readonly diskIsHere: boolean;
}

export interface Route {
  /** In CIDR notation; 0.0.0.0/0 is the default route. */
  readonly destination: string;
  readonly device: string;
}

export interface Link {
  readonly name: string;
  readonly mtu: number;
  readonly bridge: boolean;
}

export type PlaceRole = 'cache' | 'state' | 'engine';

/** A directory that meshdev or the engine writes to, and the file system below it. */
export interface Place {
  readonly role: PlaceRole;
  readonly path: string;
  readonly space: Fact<Space>;
}

export interface Space {
  /** The nearest directory that exists. */
  readonly at: string;
  readonly freeBytes: number;
  readonly freeInodes: number;
  /** 0 where the file system makes inodes as it needs them. */
  readonly inodes: number;
  readonly writable: boolean;
  /** Permission bits and owner of the directory itself; undefined while it does not exist. */
  readonly owned: { readonly mode: number; readonly uid: number } | undefined;
  /** NFS, SMB, 9p …; undefined for a file system of a local disk. */
  readonly networkFileSystem: string | undefined;
}

export interface InotifyLimits {
  readonly instances: number;
  readonly watches: number;
}

/** One way in which programs look names up, and what it said. */
export interface NamesSeen {
  readonly resolver: 'getaddrinfo' | 'node' | 'systemd-resolved';
  readonly answers: Fact<readonly NameAnswer[]>;
}

export interface NameAnswer {
  readonly name: string;
  /** Empty when there is no such name. */
  readonly addresses: readonly string[];
  /** In the words of the resolver; undefined when it gave addresses. */
  readonly error: string | undefined;
}

export interface ClockSeen {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The newest file of meshdev's own directories. */
  readonly newest: { readonly path: string; readonly at: number } | undefined;
}

export interface TimeSync {
  readonly synchronized: boolean;
  /** Whether a service for it is switched on. */
  readonly enabled: boolean;
}

export interface KernelModule {
  readonly name: string;
  readonly state: 'loaded' | 'built-in' | 'loadable' | 'missing';
}

/** A lab that is on the engine and of which no state directory holds the keys any more. */
export interface LostLab {
  readonly name: string;
  /** `container meshdev-demo-edge`, … */
  readonly what: readonly string[];
  /** The state directory that it was made from; undefined where nothing records it. */
  readonly from: string | undefined;
}

/** What the state directory has of the lab. */
export interface LabSeen {
  readonly meshdevVersion: string;
  /** The link to the istioctl of the lab leads to a file. */
  readonly istioctl: boolean;
}

export interface TrustSeen {
  /** SHA-256 of the root of this lab, as `9C:41:…`; undefined while there is none. */
  readonly labRoot: string | undefined;
  /** Those of all labs in the state directory. */
  readonly labRoots: readonly string[];
  /** Roots of meshdev in the store of the system. */
  readonly installed: readonly {
    readonly store: string;
    readonly fingerprint: string;
    readonly name: string;
  }[];
}

/** What each fact is, by name. */
export interface HostFactMap {
  readonly machine: MachineFacts;
  readonly engineAnswer: EngineAnswer;
  readonly engine: EngineSeen;
  readonly containers: readonly Container[];
  readonly networks: readonly Network[];
  readonly routes: readonly Route[];
  readonly links: readonly Link[];
  readonly places: readonly Place[];
  readonly inotify: InotifyLimits;
  readonly port: PortFinding;
  readonly names: readonly NamesSeen[];
  readonly clock: ClockSeen;
  readonly timeSync: TimeSync;
  readonly modules: readonly KernelModule[];
  readonly lost: readonly LostLab[];
  readonly lab: LabSeen;
  readonly trust: TrustSeen;
}

export type HostFactKey = keyof HostFactMap;

export type HostFacts = { readonly [Key in HostFactKey]: Fact<HostFactMap[Key]> };

/** A process that holds a port. */
export interface SocketOwner {
  readonly pid: number;
  readonly program: string;
}

/** Who has a port: a container that publishes it is more telling than the engine's proxy process. */
export type PortHolder =
  | { readonly kind: 'container'; readonly container: Container }
  | { readonly kind: 'process'; readonly owner: SocketOwner }
  | { readonly kind: 'hidden' };

export type PortFinding =
  | { readonly kind: 'free'; readonly port: number }
  /** `suggestion` is a port that could be had a moment ago. */
  | {
      readonly kind: 'taken';
      readonly port: number;
      readonly holder: PortHolder;
      readonly suggestion: number;
    }
  | {
      readonly kind: 'forbidden';
      readonly port: number;
      readonly floor: number;
      readonly suggestion: number;
    };
