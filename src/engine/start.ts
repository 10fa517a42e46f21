import { chmod, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MeshdevError } from '../errors/meshdev-error.ts';
import type { DaemonLauncher } from '../ports/daemon-launcher.ts';
import type { ProcessRunner } from '../ports/process-runner.ts';
import type { RunScope } from '../run/run-scope.ts';
import { waitUntil } from '../run/wait-until.ts';
import { daemonArguments, daemonConfig, daemonEnvironment } from './daemon-config.ts';
import { socketEndpoint } from './endpoint.ts';
import {
  DEFAULT_PLACE,
  DEFAULT_SOCKET,
  RUNTIME_NAME,
  type EngineFiles,
  type EnginePlace,
} from './engine-files.ts';
import { readRecord, removeRecord, writeRecord, type EngineRecord } from './engine-record.ts';
import { type Pinger, refuseListener } from './find-engine.ts';
import { clearLeftovers } from './leftovers.ts';
import { lastWords } from './last-words.ts';
import { pingEngine } from './ping.ts';
import {
  isRunning,
  isSameProcess,
  readProcess,
  type ProcessIdentity,
  type SeenProcess,
} from './process-identity.ts';

export interface StartDeps {
  readonly runner: ProcessRunner;
  readonly launcher: DaemonLauncher;
  readonly files: EngineFiles;
  readonly templatesDir: string;
  readonly place?: EnginePlace;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly ping?: Pinger;
  /** The package of the engine was installed a moment ago: what listens now came with it. */
  readonly packageIsNew?: boolean;
}

const START_LIMIT_MS = 60_000;

/**
 * Starts dockerd detached and waits until it answers; what an earlier one left behind is cleared first.
 * One that is already starting is waited for.
 * @throws MeshdevError ENGINE_NOT_FOUND when something else listens there, ENGINE_START_FAILED with
 *   the last lines of its log, TIMED_OUT, INTERRUPTED (it goes on starting then, and the next start or stop
 *   finds it).
 */
export async function startDaemon(
  deps: StartDeps,
  thinRuntime: boolean,
  run: RunScope,
): Promise<EngineRecord> {
  const { files } = deps;
  const place = deps.place ?? DEFAULT_PLACE;
  await mkdir(files.dir, { recursive: true, mode: 0o700 });
  await clearLeftovers(files, place, run.signal);
  const record = (await startingRecord(files)) ?? (await launch(deps, place, thinRuntime, run));
  const version = await answering(record.process.pid, deps, place, run);
  return remember(files, { ...record, version });
}

type DaemonRecord = EngineRecord & { readonly process: ProcessIdentity };

/** Ours, running, but not answering yet: an interrupted start. */
async function startingRecord(files: EngineFiles): Promise<DaemonRecord | undefined> {
  const record = await readRecord(files);
  if (record?.how !== 'daemon' || record.process === undefined) return undefined;
  if (!(await isSameProcess(record.process))) return undefined;
  return { ...record, process: record.process };
}

async function launch(
  deps: StartDeps,
  place: EnginePlace,
  thinRuntime: boolean,
  run: RunScope,
): Promise<DaemonRecord> {
  const { files } = deps;
  if (place.socket === DEFAULT_SOCKET) await freeDefaultSocket(deps, run.signal);
  if (thinRuntime) await installThinRuntime(deps);
  const config = JSON.stringify(daemonConfig(files, thinRuntime), null, 2);
  await writeFile(files.config, `${config}\n`, { mode: 0o600 });
  run.progress(`starting dockerd, log in ${files.log}`);
  const options = { env: daemonEnvironment(deps.env), logFile: files.log, signal: run.signal };
  const pid = await deps.launcher.launch('dockerd', daemonArguments(files, place), options);
  const seen = await readProcess(pid);
  if (!isRunning(seen)) throw await diedEarly(pid, files);
  const process = identityOf(seen);
  const record = newRecord('daemon', place.socket, thinRuntime);
  await writeRecord(files, { ...record, process });
  return { ...record, process };
}

/** Starts the service that the package brought, and remembers its process: a later one was started by others. */
export async function startService(deps: StartDeps, unit: string, run: RunScope): Promise<EngineRecord> {
  await deps.runner.run('systemctl', ['start', unit], { timeoutMs: START_LIMIT_MS, signal: run.signal });
  const version = await waitUntil(() => lookForAnswer(deps, DEFAULT_SOCKET, run.signal), {
    what: `the service ${unit} to answer on ${DEFAULT_SOCKET}`,
    timeoutMs: START_LIMIT_MS,
    remedies: [`journalctl -u ${unit} --no-pager -n 50`],
    signal: run.signal,
  });
  const seen = await mainProcess(deps.runner, unit, run.signal);
  return remember(deps.files, {
    ...newRecord('service', DEFAULT_SOCKET, false),
    ...(seen === undefined ? {} : { process: identityOf(seen) }),
    version,
  });
}

/** systemd says 0 for a unit that runs no process. */
async function mainProcess(
  runner: ProcessRunner,
  unit: string,
  signal: AbortSignal,
): Promise<SeenProcess | undefined> {
  const show = ['show', '--property', 'MainPID', '--value', unit];
  const { stdout } = await runner.run('systemctl', show, { allowFailure: true, signal });
  const pid = Number.parseInt(stdout, 10);
  return pid > 0 ? readProcess(pid) : undefined;
}

function identityOf({ pid, startTicks }: SeenProcess): ProcessIdentity {
  return { pid, startTicks };
}

function newRecord(how: EngineRecord['how'], socket: string, thinRuntime: boolean): EngineRecord {
  return { schemaVersion: 1, how, thinRuntime, socket, startedAt: new Date().toISOString() };
}

async function remember(files: EngineFiles, record: EngineRecord): Promise<EngineRecord> {
  await writeRecord(files, record);
  return record;
}

/** Installing the package may have started its own dockerd, without our settings and on the same socket. */
async function freeDefaultSocket(deps: StartDeps, signal: AbortSignal): Promise<void> {
  if (deps.packageIsNew !== true) await refuseListener(socketEndpoint(DEFAULT_SOCKET), signal, deps.ping);
  await stopPackaged(deps.runner, signal);
}

async function stopPackaged(runner: ProcessRunner, signal: AbortSignal): Promise<void> {
  const options = { allowFailure: true, timeoutMs: START_LIMIT_MS, signal };
  if ((await runner.find('systemctl')) !== undefined)
    await runner.run('systemctl', ['stop', 'docker.socket', 'docker.service'], options);
  if ((await runner.find('service')) !== undefined) await runner.run('service', ['docker', 'stop'], options);
}

async function installThinRuntime(deps: StartDeps): Promise<void> {
  // In the state directory, not run from the checkout: containers outlive the checkout.
  await copyFile(join(deps.templatesDir, 'engine', RUNTIME_NAME), deps.files.runtime);
  await chmod(deps.files.runtime, 0o755);
}

async function answering(
  pid: number,
  deps: StartDeps,
  { socket }: EnginePlace,
  run: RunScope,
): Promise<string> {
  const { files } = deps;
  const look = async (): Promise<{ done: string | undefined } | { seen: string }> => {
    const answer = await lookForAnswer(deps, socket, run.signal);
    if ('done' in answer || isRunning(await readProcess(pid))) return answer;
    return { done: undefined };
  };
  const version = await waitUntil(look, {
    what: `dockerd (process ${pid}) to answer on ${socket}`,
    timeoutMs: START_LIMIT_MS,
    intervalMs: 100,
    remedies: [`tail -n 50 ${files.log}`],
    onSeen: run.progress,
    signal: run.signal,
  });
  if (version === undefined) throw await diedEarly(pid, files);
  return version;
}

async function lookForAnswer(
  { ping = pingEngine }: StartDeps,
  socket: string,
  signal: AbortSignal,
): Promise<{ done: string } | { seen: string }> {
  const answer = await ping(socketEndpoint(socket), signal);
  return answer.kind === 'answers' ? { done: answer.version } : { seen: answer.seen };
}

async function diedEarly(pid: number, files: EngineFiles): Promise<MeshdevError> {
  await Promise.all([rm(files.pid, { force: true }), removeRecord(files)]);
  const said = await lastWords(files.log);
  return new MeshdevError('ENGINE_START_FAILED', {
    message: `dockerd (process ${pid}) exited during its start; its last output: ${said}`,
    remedies: [`tail -n 50 ${files.log}`],
  });
}
