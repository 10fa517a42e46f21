import { readFile } from 'node:fs/promises';
import { machine, release } from 'node:os';
import { parseCapabilityBounds } from '../../engine/engine-host.ts';
import type { Fact, MachineFacts } from '../../ports/host-facts.ts';
import type { ProcessRunner } from '../../ports/process-runner.ts';
import { seen } from './read-fact.ts';

export interface MachineSources {
  readonly runner: ProcessRunner;
  /** As Node.js names them. */
  readonly platform: string;
  readonly arch: string;
  /** With or without the leading v. */
  readonly nodeVersion: string;
  readonly uid: number;
}

export async function readMachine(sources: MachineSources, signal: AbortSignal): Promise<Fact<MachineFacts>> {
  const { runner, platform } = sources;
  const [status, limits, translated, docker] = await Promise.all([
    readFile('/proc/self/status', 'utf8').catch(() => ''),
    readFile('/proc/self/limits', 'utf8').catch(() => ''),
    platform === 'darwin' ? isTranslated(runner, signal) : false,
    runner.find('docker'),
  ]);
  return seen({
    platform,
    release: release(),
    nodeArch: sources.arch,
    machineArch: machine(),
    translated,
    nodeVersion: sources.nodeVersion.replace(/^v/, ''),
    uid: sources.uid,
    capabilityBounds: parseCapabilityBounds(status),
    openFiles: parseOpenFiles(limits),
    dockerCli: docker !== undefined,
  });
}

/** The soft limit of /proc/self/limits; undefined where nothing limits it. Pure. */
export function parseOpenFiles(limits: string): number | undefined {
  const soft = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1]);
  return Number.isNaN(soft) ? undefined : soft;
}

/** Rosetta tells a program that it is on an Intel machine; only this setting does not. */
async function isTranslated(runner: ProcessRunner, signal: AbortSignal): Promise<boolean> {
  const said = await runner.run('sysctl', ['-n', 'sysctl.proc_translated'], { allowFailure: true, signal });
  return said.stdout.trim() === '1';
}
