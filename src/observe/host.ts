import { readFile } from 'node:fs/promises';
import { arch, availableParallelism, freemem, release, totalmem } from 'node:os';
import type { EngineInfo } from '../ports/container-engine.ts';

/** What preflight and `doctor` judge of this machine. */
export interface HostFacts {
  readonly cpus: number;
  readonly memoryBytes: number;
  /** What can be had without swapping. */
  readonly availableMemoryBytes: number;
  readonly arch: string;
  readonly kernel: string;
  /** Limits that a cluster with many watchers meets first; undefined where there are none. */
  readonly inotifyInstances: number | undefined;
  readonly inotifyWatches: number | undefined;
  /** This machine's clock, milliseconds since the epoch. */
  readonly now: number;
}

export async function observeHost(): Promise<HostFacts> {
  const [instances, watches, meminfo] = await Promise.all([
    readNumber('/proc/sys/fs/inotify/max_user_instances'),
    readNumber('/proc/sys/fs/inotify/max_user_watches'),
    readFile('/proc/meminfo', 'utf8').catch(() => ''),
  ]);
  return {
    cpus: availableParallelism(),
    memoryBytes: totalmem(),
    availableMemoryBytes: parseAvailableMemory(meminfo) ?? freemem(),
    arch: arch(),
    kernel: release(),
    inotifyInstances: instances,
    inotifyWatches: watches,
    now: Date.now(),
  };
}

/** MemAvailable of /proc/meminfo, in bytes. */
export function parseAvailableMemory(meminfo: string): number | undefined {
  const found = /^MemAvailable:\s+(\d+) kB$/m.exec(meminfo);
  return found?.[1] === undefined ? undefined : Number(found[1]) * 1024;
}

/**
 * How far the engine's clock is ahead of ours, in milliseconds; a virtual machine that slept lags behind,
 * and then certificates are not valid yet and tokens expired.
 */
export function clockAhead(host: Pick<HostFacts, 'now'>, engine: Pick<EngineInfo, 'systemTime'>): number {
  return Date.parse(engine.systemTime) - host.now;
}

async function readNumber(path: string): Promise<number | undefined> {
  const value = Number.parseInt(await readFile(path, 'utf8').catch(() => ''), 10);
  return Number.isNaN(value) ? undefined : value;
}
