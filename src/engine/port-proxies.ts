import { readdir } from 'node:fs/promises';
import { kill } from 'node:process';
import { hasCode } from '../errors/system-error.ts';
import { waitUntil } from '../run/wait-until.ts';
import { isRunning, isSameProcess, readProcess, type SeenProcess } from './process-identity.ts';

/** A process of Docker that listens on a port of this machine and passes connections on to a container. */
export interface PortProxy extends SeenProcess {
  readonly hostAddress: string;
  readonly hostPort: number;
  readonly containerAddress: string;
}

const PROGRAM = 'docker-proxy';

/** Pure: by name and arguments; undefined for any other process. */
export function portProxyOf(seen: SeenProcess): PortProxy | undefined {
  if (seen.name !== PROGRAM || !isRunning(seen)) return undefined;
  const [protocol, hostAddress, hostPort, containerAddress] = [
    '-proto',
    '-host-ip',
    '-host-port',
    '-container-ip',
  ].map((flag) => seen.argv[seen.argv.indexOf(flag) + 1]);
  if (protocol !== 'tcp' || hostAddress === undefined || containerAddress === undefined) return undefined;
  return { ...seen, hostAddress, hostPort: Number(hostPort), containerAddress };
}

/** Those whose engine is gone: their parent is no engine any more. Empty where there is no /proc. */
export async function orphanedProxies(): Promise<readonly PortProxy[]> {
  const names = await readdir('/proc').catch(() => []);
  const found = await Promise.all(
    names
      .filter((name) => /^\d+$/.test(name))
      .map(async (name) => {
        const seen = await readProcess(Number(name));
        const proxy = seen === undefined ? undefined : portProxyOf(seen);
        return proxy === undefined || isEngine(await readProcess(proxy.parent)) ? [] : [proxy];
      }),
  );
  return found.flat();
}

/** Rootless engines have a helper between. */
function isEngine(seen: SeenProcess | undefined): boolean {
  return isRunning(seen) && (seen.name === 'dockerd' || seen.name.startsWith('rootlesskit'));
}

export function describeProxy({ pid, hostAddress, hostPort, containerAddress }: PortProxy): string {
  return `${PROGRAM} (process ${pid}), left over from an engine that was killed, uses ${hostAddress}:${hostPort} for ${containerAddress}`;
}

/** @throws MeshdevError TIMED_OUT naming one that does not end */
export async function endProxies(proxies: readonly PortProxy[], signal: AbortSignal): Promise<void> {
  await Promise.all(proxies.map((proxy) => endProxy(proxy, signal)));
}

async function endProxy(proxy: PortProxy, signal: AbortSignal): Promise<void> {
  await waitUntil(
    async () => {
      // Again before each signal: the number may belong to another process by now.
      if (!(await isSameProcess(proxy)) || !terminate(proxy.pid)) return { done: true };
      return { seen: describeProxy(proxy) };
    },
    {
      what: `process ${proxy.pid} to exit`,
      timeoutMs: 5_000,
      intervalMs: 50,
      signal,
      remedies: [`kill -KILL ${proxy.pid}`],
    },
  );
}

/** @returns false when it is gone */
function terminate(pid: number): boolean {
  try {
    return kill(pid, 'SIGTERM');
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return false;
    throw error;
  }
}
