import { readFile } from 'node:fs/promises';
import type Docker from 'dockerode';
import { z } from 'zod';
import { causeOf } from '../../engine/engine-words.ts';
import { dockerHostOf } from '../../engine/endpoint.ts';
import type { EngineEndpoint } from '../../ports/engine-endpoint.ts';
import { MeshdevError, textOf } from '../../errors/meshdev-error.ts';
import { patientTimeout } from '../../run/patience.ts';

const CALL_LIMIT_MS = 60_000;

/** What a call needs: the client, and a signal that also ends it at its deadline. */
export type Request<T> = (docker: Docker, abortSignal: AbortSignal) => Promise<T>;

export interface CallOptions {
  /** A phrase for error messages: "inspecting container edge". */
  readonly doing: string;
  /** Statuses that mean "there is nothing" or "nothing to do": the answer is then undefined. */
  readonly fine?: readonly number[];
  readonly timeoutMs?: number;
  readonly signal: AbortSignal;
}

/** The one way to the engine: deadline, abort and translation of errors are here and nowhere else. */
export interface EngineClient {
  readonly endpoint: EngineEndpoint;
  call<T>(options: CallOptions, request: Request<T>): Promise<T | undefined>;
}

export function createEngineClient(endpoint: EngineEndpoint): EngineClient {
  let connected: Promise<Docker> | undefined;
  const connect = (): Promise<Docker> => (connected ??= connectTo(endpoint));
  return { endpoint, call: (options, request) => call(endpoint, connect, options, request) };
}

async function connectTo(endpoint: EngineEndpoint): Promise<Docker> {
  // Loading the client costs a quarter of a second: only commands that use it pay.
  const { default: Client } = await import('dockerode');
  // An empty host: otherwise a DOCKER_HOST in our environment would win over the socket.
  if (endpoint.kind === 'socket')
    return new Client({ socketPath: endpoint.path, host: '', protocol: 'http' });
  const { host, port, tls } = endpoint;
  if (tls === undefined) return new Client({ host, port, protocol: 'http' });
  const [ca, cert, key] = await Promise.all(
    [tls.caFile, tls.certFile, tls.keyFile].map((path) => readFile(path)),
  );
  return new Client({ host, port, protocol: 'https', ca, cert, key });
}

async function call<T>(
  endpoint: EngineEndpoint,
  connect: () => Promise<Docker>,
  options: CallOptions,
  request: Request<T>,
): Promise<T | undefined> {
  const timeoutMs = options.timeoutMs ?? CALL_LIMIT_MS;
  const deadline = patientTimeout(timeoutMs);
  try {
    const signal = AbortSignal.any([options.signal, deadline]);
    return await endedBy(signal, request(await connect(), signal));
  } catch (error) {
    if (options.signal.aborted)
      throw new MeshdevError('INTERRUPTED', { message: `stopped on request while ${options.doing}` });
    if (deadline.aborted) throw timedOut(endpoint, options.doing, timeoutMs, error);
    if (options.fine?.includes(statusOf(error) ?? 0) === true) return undefined;
    throw translate(error, endpoint, options.doing);
  }
}

/** Not every call of the client takes a signal: this one ends the wait in any case. */
async function endedBy<T>(signal: AbortSignal, pending: Promise<T>): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const end = (): void => reject(signal.reason);
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  try {
    return await Promise.race([pending, aborted]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

const Refusal = z.object({
  statusCode: z.int(),
  json: z.object({ message: z.string() }).optional().catch(undefined),
});

/** HTTP status of the engine's refusal, or undefined when it did not even answer. */
function statusOf(error: unknown): number | undefined {
  return Refusal.safeParse(error).data?.statusCode;
}

/** Foreign error in, MeshdevError out; ours pass. */
function translate(error: unknown, endpoint: EngineEndpoint, doing: string): MeshdevError {
  if (error instanceof MeshdevError) return error;
  const refusal = Refusal.safeParse(error).data;
  if (refusal !== undefined) {
    const said = refusal.json?.message ?? textOf(error);
    const known = causeOf(said);
    return new MeshdevError('ENGINE_CALL_FAILED', {
      message: `${doing} · the engine answered ${refusal.statusCode}: ${said}${known === undefined ? '' : ` (${known.because})`}`,
      ...(known === undefined ? {} : { remedies: known.remedies }),
      details: { status: refusal.statusCode },
      cause: error,
    });
  }
  const remedies = REMEDIES[errnoOf(error)];
  if (remedies === undefined)
    return new MeshdevError('ENGINE_CALL_FAILED', { message: `${doing} · ${textOf(error)}`, cause: error });
  return new MeshdevError('ENGINE_NOT_FOUND', {
    message: `${doing} · no engine answers on ${dockerHostOf(endpoint)}: ${textOf(error)}`,
    remedies,
    cause: error,
  });
}

const REMEDIES: Readonly<Record<string, readonly string[]>> = {
  ENOENT: ['meshdev engine start'],
  ECONNREFUSED: ['meshdev engine start'],
  ENOTFOUND: ['unset DOCKER_HOST', 'docker context use default'],
  EACCES: ['sudo usermod -aG docker "$USER" && newgrp docker'],
};

function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function timedOut(endpoint: EngineEndpoint, doing: string, timeoutMs: number, cause: unknown): MeshdevError {
  return new MeshdevError('TIMED_OUT', {
    message: `${doing} · the engine on ${dockerHostOf(endpoint)} did not answer within ${Math.round(timeoutMs / 1000)} s`,
    remedies: ['meshdev engine status'],
    cause,
  });
}
