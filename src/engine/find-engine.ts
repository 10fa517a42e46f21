import { join } from 'node:path';
import { MeshdevError } from '../errors/meshdev-error.ts';
import { throwIfAborted } from '../run/wait-until.ts';
import { readDockerContext, type DockerContext } from './docker-context.ts';
import { dockerHostOf, parseDockerHost, socketEndpoint } from './endpoint.ts';
import type { EngineEndpoint } from '../ports/engine-endpoint.ts';
import { DEFAULT_SOCKET } from './engine-files.ts';
import { pingEngine, type Ping } from './ping.ts';
import { usualSockets } from './usual-sockets.ts';

/** An engine that answered, and why it was the one. */
export interface FoundEngine {
  readonly endpoint: EngineEndpoint;
  readonly version: string;
  readonly because: string;
}

/** A place to look, and why. */
export interface Candidate {
  readonly endpoint: EngineEndpoint;
  readonly because: string;
}

/** Someone said which engine to use (then only that one counts), or the usual places are tried in order. */
export type Candidates =
  | { readonly kind: 'told'; readonly by: string; readonly candidate: Candidate }
  | { readonly kind: 'unusable'; readonly by: string; readonly value: string }
  | { readonly kind: 'usual'; readonly candidates: readonly Candidate[] };

export interface Surroundings {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly uid: number;
}

/** Where to look, in the order of the docker CLI: DOCKER_HOST, the context, then the usual sockets. */
export function engineCandidates(around: Surroundings, context: DockerContext | undefined): Candidates {
  const host = around.env['DOCKER_HOST'];
  if (host !== undefined && host !== '') return fromSetting('DOCKER_HOST', host, tlsDirOf(around));
  if (context !== undefined)
    return fromSetting(`the docker context ${context.name}`, context.host ?? '', context.tlsDir);
  const candidates = usualSockets(around).map(({ path, name }) => ({
    endpoint: socketEndpoint(path),
    because: `${name} ${path}`,
  }));
  return { kind: 'usual', candidates };
}

function fromSetting(by: string, value: string, tlsDir: string | undefined): Candidates {
  const endpoint = parseDockerHost(value, tlsDir);
  if (endpoint === undefined) return { kind: 'unusable', by, value };
  return { kind: 'told', by, candidate: { endpoint, because: `${by} is ${value}` } };
}

function tlsDirOf(around: Surroundings): string | undefined {
  if ((around.env['DOCKER_TLS_VERIFY'] ?? '') === '') return undefined;
  return around.env['DOCKER_CERT_PATH'] ?? join(around.home, '.docker');
}

/** Asked once per candidate; the real one is {@link pingEngine}. */
export type Pinger = (endpoint: EngineEndpoint, signal: AbortSignal) => Promise<Ping>;

/**
 * The engine to use, or undefined when nothing answers at the usual places.
 * @throws MeshdevError ENGINE_NOT_FOUND when DOCKER_HOST or a context names an engine that does not
 *   answer (starting another one would surprise), or when a socket is there that this user may not open.
 */
export async function findEngine(
  around: Surroundings,
  signal: AbortSignal,
  ping: Pinger = pingEngine,
): Promise<FoundEngine | undefined> {
  const context = await readDockerContext(configDirOf(around), around.env['DOCKER_CONTEXT']);
  const candidates = engineCandidates(around, context);
  switch (candidates.kind) {
    case 'unusable':
      throw unusable(candidates.by, candidates.value);
    case 'told':
      return askTold(candidates.by, candidates.candidate, ping, signal);
    case 'usual':
      return askUsual(candidates.candidates, ping, signal);
  }
}

function configDirOf(around: Surroundings): string {
  return around.env['DOCKER_CONFIG'] ?? join(around.home, '.docker');
}

async function askTold(
  by: string,
  candidate: Candidate,
  ping: Pinger,
  signal: AbortSignal,
): Promise<FoundEngine> {
  const answer = await ping(candidate.endpoint, signal);
  throwIfAborted(signal);
  if (answer.kind === 'answers') return { ...candidate, version: answer.version };
  if (answer.code === 'EACCES') throw forbidden(candidate.endpoint);
  const undo = by === 'DOCKER_HOST' ? 'unset DOCKER_HOST' : 'docker context use default';
  throw new MeshdevError('ENGINE_NOT_FOUND', {
    message: `${candidate.because}, and no engine answers there (${answer.seen})`,
    remedies: [`start the engine behind ${dockerHostOf(candidate.endpoint)}`, undo],
  });
}

async function askUsual(
  candidates: readonly Candidate[],
  ping: Pinger,
  signal: AbortSignal,
): Promise<FoundEngine | undefined> {
  const answers = await Promise.all(candidates.map((candidate) => ping(candidate.endpoint, signal)));
  throwIfAborted(signal);
  for (const [index, candidate] of candidates.entries()) {
    const answer = answers[index];
    if (answer?.kind === 'answers') return { ...candidate, version: answer.version };
  }
  const closed = candidates.find((_, index) => isForbidden(answers[index]));
  if (closed !== undefined) throw forbidden(closed.endpoint);
  return undefined;
}

/** Errno names of a socket that nobody listens on: it is not there, or left behind. */
const NOBODY_LISTENS: ReadonlySet<string> = new Set(['ENOENT', 'ECONNREFUSED']);

/**
 * Whoever listens is somebody's engine, however long it takes to answer: nothing may be stopped or started in
 * its place.
 * @throws MeshdevError ENGINE_NOT_FOUND naming what was seen; INTERRUPTED
 */
export async function refuseListener(
  endpoint: EngineEndpoint,
  signal: AbortSignal,
  ping: Pinger = pingEngine,
): Promise<void> {
  const answer = await ping(endpoint, signal);
  throwIfAborted(signal);
  if (answer.kind === 'silent' && NOBODY_LISTENS.has(answer.code)) return;
  const does =
    answer.kind === 'answers' ? `answers now (Docker ${answer.version})` : `does not answer (${answer.seen})`;
  throw new MeshdevError('ENGINE_NOT_FOUND', {
    message: `a process listens on ${dockerHostOf(endpoint)} and ${does}`,
    remedies: ['systemctl status docker', 'meshdev engine status'],
  });
}

function isForbidden(answer: Ping | undefined): boolean {
  return answer?.kind === 'silent' && answer.code === 'EACCES';
}

function forbidden(endpoint: EngineEndpoint): MeshdevError {
  return new MeshdevError('ENGINE_NOT_FOUND', {
    message: `Docker listens on ${dockerHostOf(endpoint)}, but this user is not permitted to open it (EACCES)`,
    remedies: ['sudo usermod -aG docker "$USER" && newgrp docker'],
  });
}

function unusable(by: string, value: string): MeshdevError {
  return new MeshdevError('ENGINE_NOT_FOUND', {
    message: `${by} is "${value}", and meshdev supports only unix:// and tcp://`,
    remedies: [
      'docker context use default',
      'unset DOCKER_HOST',
      `export DOCKER_HOST=unix://${DEFAULT_SOCKET}`,
    ],
  });
}
