import { MeshdevError } from '../errors/meshdev-error.ts';
import type { ContainerEngine } from '../ports/container-engine.ts';
import type { DaemonLauncher } from '../ports/daemon-launcher.ts';
import type { ProcessRunner } from '../ports/process-runner.ts';
import type { RunScope } from '../run/run-scope.ts';
import { dockerHostOf } from './endpoint.ts';
import type { EngineEndpoint } from '../ports/engine-endpoint.ts';
import { engineFiles, type EngineFiles, type EnginePlace } from './engine-files.ts';
import { readEngineHost } from './engine-host.ts';
import { readRecord, type EngineRecord } from './engine-record.ts';
import { findEngine, type FoundEngine, type Pinger } from './find-engine.ts';
import { installPackages } from './install.ts';
import { describeChange, planEngine, type EngineChange, type EnginePlan } from './plan-engine.ts';
import { startDaemon, startService, type StartDeps } from './start.ts';
import { isOurs, stopEngine, type StopOutcome } from './stop.ts';

export interface EngineManagerDeps {
  readonly runner: ProcessRunner;
  readonly launcher: DaemonLauncher;
  readonly connect: (endpoint: EngineEndpoint) => ContainerEngine;
  readonly stateDir: string;
  readonly templatesDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: string;
  readonly uid: number;
  /** For tests: how an engine is asked, and where one of ours works. */
  readonly ping?: Pinger;
  readonly place?: EnginePlace;
}

/** What runs, and whose it is. `record` is there when meshdev started it. */
export type EngineStatus =
  | { readonly kind: 'down'; readonly because: string }
  | {
      readonly kind: 'up';
      readonly found: FoundEngine;
      readonly record: EngineRecord | undefined;
      readonly files: EngineFiles;
    };

/** Finds, installs, starts and stops the container engine of this machine. */
export interface EngineManager {
  /** The engine that answers now, or undefined. @throws MeshdevError ENGINE_NOT_FOUND (see findEngine) */
  find(signal: AbortSignal): Promise<FoundEngine | undefined>;
  /** What would have to change; changes nothing. */
  plan(signal: AbortSignal): Promise<EnginePlan>;
  /** Carries a plan out; the caller has asked for consent. @throws MeshdevError ENGINE_NOT_FOUND, ENGINE_START_FAILED, COMMAND_FAILED */
  apply(plan: EnginePlan, run: RunScope): Promise<FoundEngine>;
  status(signal: AbortSignal): Promise<EngineStatus>;
  /** @throws MeshdevError ENGINE_NOT_OURS */
  stop(run: RunScope): Promise<StopOutcome>;
}

export function createEngineManager(deps: EngineManagerDeps): EngineManager {
  const files = engineFiles(deps.stateDir);
  return {
    find: (signal) => findEngine(deps, signal, deps.ping),
    plan: (signal) => plan(deps, files, signal),
    apply: (decided, run) => apply(deps, files, decided, run),
    status: (signal) => status(deps, files, signal),
    stop: async (run) =>
      stopEngine({ ...deps, files }, (await findEngine(deps, run.signal, deps.ping))?.endpoint, run),
  };
}

async function plan(deps: EngineManagerDeps, files: EngineFiles, signal: AbortSignal): Promise<EnginePlan> {
  const [host, found] = await Promise.all([readEngineHost(deps), findEngine(deps, signal, deps.ping)]);
  return planEngine(host, found, files);
}

async function apply(
  deps: EngineManagerDeps,
  files: EngineFiles,
  decided: EnginePlan,
  run: RunScope,
): Promise<FoundEngine> {
  switch (decided.kind) {
    case 'keep':
      return decided.found;
    case 'impossible':
      throw new MeshdevError('ENGINE_NOT_FOUND', {
        message: `no container engine answers, and ${decided.because}`,
        remedies: decided.remedies,
      });
    case 'change': {
      const start = { ...deps, files, packageIsNew: installsEngine(decided.changes) };
      for (const change of decided.changes) await applyChange(start, change, run);
      return reachable(deps, run.signal);
    }
  }
}

/** A tool beside the engine does not count: then the engine was there before, and so was what listens. */
function installsEngine(changes: readonly EngineChange[]): boolean {
  return changes.some((change) => change.kind === 'install' && change.packages.includes('docker.io'));
}

async function applyChange(deps: StartDeps, change: EngineChange, run: RunScope): Promise<void> {
  run.progress(describeChange(change));
  switch (change.kind) {
    case 'install':
      return installPackages(deps.runner, change.packages, run);
    case 'start-service':
      await startService(deps, change.unit, run);
      return;
    case 'start-daemon':
      await startDaemon(deps, change.runtime !== undefined, run);
  }
}

async function reachable(deps: EngineManagerDeps, signal: AbortSignal): Promise<FoundEngine> {
  const found = await findEngine(deps, signal, deps.ping);
  if (found !== undefined) return found;
  throw new MeshdevError('ENGINE_START_FAILED', { message: 'the engine stopped responding' });
}

async function status(
  deps: EngineManagerDeps,
  files: EngineFiles,
  signal: AbortSignal,
): Promise<EngineStatus> {
  const found = await findEngine(deps, signal, deps.ping);
  if (found === undefined)
    return {
      kind: 'down',
      because: 'no engine answers at DOCKER_HOST, a docker context or the default sockets',
    };
  const record = await readRecord(files);
  const ours =
    record !== undefined &&
    dockerHostOf(found.endpoint) === `unix://${record.socket}` &&
    (await isOurs(record, files));
  return { kind: 'up', found, record: ours ? record : undefined, files };
}
