import { kill } from 'node:process';
import { rm } from 'node:fs/promises';
import { MeshdevError } from '../errors/meshdev-error.ts';
import type { ContainerEngine } from '../ports/container-engine.ts';
import type { ProcessRunner } from '../ports/process-runner.ts';
import type { RunScope } from '../run/run-scope.ts';
import { waitUntil } from '../run/wait-until.ts';
import { dockerHostOf } from './endpoint.ts';
import type { EngineEndpoint } from '../ports/engine-endpoint.ts';
import { isLive } from './is-live.ts';
import type { EngineFiles } from './engine-files.ts';
import { readRecord, removeRecord, type EngineRecord } from './engine-record.ts';
import { isRunning, isSameProcess, readProcess, type ProcessIdentity } from './process-identity.ts';

export interface StopDeps {
  readonly runner: ProcessRunner;
  readonly files: EngineFiles;
  readonly connect: (endpoint: EngineEndpoint) => ContainerEngine;
}

/** `containers` are the names of those that ran until then. */
export type StopOutcome =
  | { readonly kind: 'nothing-ran' }
  | { readonly kind: 'stopped'; readonly containers: readonly string[] };

/** dockerd gives each container up to 10 s, several at a time. */
const STOP_LIMIT_MS = 120_000;

/**
 * Stops the engine that meshdev started; its images, volumes and stopped containers stay on disk.
 * @param answering the engine that answers now, if any
 * @throws MeshdevError ENGINE_NOT_OURS when an engine answers that somebody else started, TIMED_OUT.
 */
export async function stopEngine(
  deps: StopDeps,
  answering: EngineEndpoint | undefined,
  run: RunScope,
): Promise<StopOutcome> {
  const record = await readRecord(deps.files);
  const ours = record !== undefined && (await isOurs(record, deps.files));
  if (!ours && answering !== undefined) throw notOurs(answering);
  const containers =
    ours && answering !== undefined ? await runningIn(deps.connect(answering), run.signal) : [];
  if (ours) await end(record, deps, run);
  await forget(deps.files);
  return ours ? { kind: 'stopped', containers } : { kind: 'nothing-ran' };
}

async function runningIn(engine: ContainerEngine, signal: AbortSignal): Promise<readonly string[]> {
  const all = await engine.containers.list({}, signal);
  return all.filter(isLive).map((container) => container.name);
}

/** Whether the recorded engine is the one that runs: same process, not merely the same number. */
export async function isOurs({ how, process }: EngineRecord, files: EngineFiles): Promise<boolean> {
  if (process === undefined) return false;
  return how === 'service' ? isSameProcess(process) : isOurDaemon(process, files);
}

async function isOurDaemon(identity: ProcessIdentity, files: EngineFiles): Promise<boolean> {
  const seen = await readProcess(identity.pid);
  return isRunning(seen) && seen.startTicks === identity.startTicks && seen.argv.includes(files.config);
}

async function end(record: EngineRecord, deps: StopDeps, run: RunScope): Promise<void> {
  if (record.how === 'service') await endService(deps.runner, run.signal);
  else if (record.process !== undefined) await endDaemon(record.process.pid, deps.files, run);
}

async function endService(runner: ProcessRunner, signal: AbortSignal): Promise<void> {
  // The socket unit would start the service again at the next call.
  const units = ['docker.socket', 'docker.service'];
  await runner.run('systemctl', ['stop', ...units], { timeoutMs: STOP_LIMIT_MS, signal });
}

async function endDaemon(pid: number, files: EngineFiles, run: RunScope): Promise<void> {
  kill(pid, 'SIGTERM');
  await waitUntil(() => lookGone(pid), {
    what: `dockerd (process ${pid}) to exit`,
    timeoutMs: STOP_LIMIT_MS,
    intervalMs: 100,
    onSeen: run.progress,
    remedies: [`tail -n 50 ${files.log}`, `kill -KILL ${pid}`],
    signal: run.signal,
  });
}

async function lookGone(pid: number): Promise<{ done: true } | { seen: string }> {
  const seen = await readProcess(pid);
  return isRunning(seen)
    ? { seen: `process ${pid} (${seen.name}) is still stopping its containers` }
    : { done: true };
}

/** The log stays, for whoever wants to know what happened. */
async function forget(files: EngineFiles): Promise<void> {
  await removeRecord(files);
  await Promise.all([files.pid, files.config].map((path) => rm(path, { force: true })));
}

function notOurs(answering: EngineEndpoint): MeshdevError {
  return new MeshdevError('ENGINE_NOT_OURS', {
    message: `the engine on ${dockerHostOf(answering)} was not started by meshdev, so meshdev does not stop it`,
    remedies: ['sudo systemctl stop docker.socket docker.service'],
  });
}
