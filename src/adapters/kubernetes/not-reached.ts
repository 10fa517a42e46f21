import { z } from 'zod';
import { MeshdevError, textOf } from '../../errors/meshdev-error.ts';

interface Attempt {
  readonly server: string;
  readonly doing: string;
  readonly signal: AbortSignal;
}

/** Codes of a server that is not there, as opposed to one that refuses. */
const ABSENT = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
]);

/** Translates what the HTTP or WebSocket client threw before there was an answer. */
export function notReached(error: unknown, { server, doing, signal }: Attempt): MeshdevError {
  if (signal.aborted)
    return new MeshdevError('INTERRUPTED', { message: `stopped ${doing} on request`, cause: error });
  const code = codeOf(error);
  if (code !== undefined && ABSENT.has(code)) {
    return new MeshdevError('LAB_NOT_UP', {
      message: `${doing}: no process listens on ${server} (${code})`,
      remedies: ['meshdev up'],
      cause: error,
    });
  }
  return new MeshdevError('CLUSTER_CALL_FAILED', {
    message: `${doing}: the request to ${server} failed: ${code ?? textOf(error)}`,
    cause: error,
  });
}

const errorEvent = z.object({ message: z.string(), error: z.unknown().optional() });

/** Of a WebSocket that did not open. Its client reports an ErrorEvent, whose `error` has the code and whose message the status. */
export function handshakeError(event: unknown): Error {
  if (event instanceof Error) return event;
  const { error, message } = errorEvent.safeParse(event).data ?? { message: textOf(event), error: undefined };
  return error instanceof Error ? error : new Error(message);
}

/** fetch hides the reason in `cause`, an AggregateError (happy eyeballs) in its members. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error.cause;
  return inner === undefined ? undefined : codeOf(inner);
}
