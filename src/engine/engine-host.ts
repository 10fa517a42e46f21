import { access, readFile } from 'node:fs/promises';
import { release } from 'node:os';
import type { ProcessRunner } from '../ports/process-runner.ts';
import { hostKind } from './host-kind.ts';

/** What decides whether and how an engine can be had on this machine. */
export interface EngineHost {
  readonly platform: string;
  readonly wsl: boolean;
  readonly uid: number;
  readonly os: OsRelease;
  /** systemd is the init system that runs now, not merely installed. */
  readonly systemd: boolean;
  readonly appArmor: boolean;
  /** Capability bounding set of this process; undefined where the kernel has no such thing. */
  readonly capabilityBounds: bigint | undefined;
  /** Programs of {@link ENGINE_PROGRAMS} that are on PATH. */
  readonly programs: readonly string[];
}

/** What /etc/os-release says, lower-cased where it is an identifier. */
export interface OsRelease {
  readonly id: string;
  readonly like: readonly string[];
  readonly version: number | undefined;
  readonly name: string;
}

/** What an engine of our own needs on PATH. */
const ENGINE_PROGRAMS = [
  'dockerd',
  'docker',
  'containerd',
  'runc',
  'iptables',
  'jq',
  'apparmor_parser',
] as const;

export interface EngineHostSources {
  readonly runner: ProcessRunner;
  readonly platform: string;
  readonly uid: number;
}

/** Reads the facts; changes nothing, and takes what cannot be read as absent. */
export async function readEngineHost(sources: EngineHostSources): Promise<EngineHost> {
  const [osRelease, status, appArmor, systemd, programs] = await Promise.all([
    readText('/etc/os-release'),
    readText('/proc/self/status'),
    readText('/sys/module/apparmor/parameters/enabled'),
    exists('/run/systemd/system'),
    findPrograms(sources.runner),
  ]);
  return {
    platform: sources.platform,
    wsl: hostKind(sources.platform, release()) === 'wsl',
    uid: sources.uid,
    os: parseOsRelease(osRelease),
    systemd,
    appArmor: appArmor.trim() === 'Y',
    capabilityBounds: parseCapabilityBounds(status),
    programs,
  };
}

export function parseOsRelease(text: string): OsRelease {
  const fields = new Map(text.split('\n').flatMap((line) => osReleaseField(line)));
  const version = Number.parseFloat(fields.get('VERSION_ID') ?? '');
  return {
    id: fields.get('ID')?.toLowerCase() ?? 'unknown',
    like: (fields.get('ID_LIKE') ?? '')
      .toLowerCase()
      .split(' ')
      .filter((part) => part !== ''),
    version: Number.isNaN(version) ? undefined : version,
    name: fields.get('PRETTY_NAME') ?? 'an unknown system',
  };
}

function osReleaseField(line: string): [string, string][] {
  const found = /^([A-Z_]+)=["']?(.*?)["']?$/.exec(line.trim());
  return found?.[1] === undefined || found[2] === undefined ? [] : [[found[1], found[2]]];
}

/** The CapBnd line of /proc/self/status as a bit set. */
export function parseCapabilityBounds(status: string): bigint | undefined {
  const found = /^CapBnd:\s*([0-9a-f]+)$/m.exec(status);
  return found?.[1] === undefined ? undefined : BigInt(`0x${found[1]}`);
}

async function findPrograms(runner: ProcessRunner): Promise<readonly string[]> {
  const found = await Promise.all(ENGINE_PROGRAMS.map((name) => runner.find(name)));
  return ENGINE_PROGRAMS.filter((_, index) => found[index] !== undefined);
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
