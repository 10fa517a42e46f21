import { alertName } from './alert.ts';
import type { Ended, WireError } from './job.ts';

export interface Ending {
  readonly ended: Ended;
  readonly alert?: string;
  readonly error?: WireError;
}

/** What an error says about the end of a connection that had (or had not) come about. */
export function endingOf(error: unknown, connected: boolean): Ending {
  const { code, message, syscall } = facts(error);
  const wire = { code: code ?? 'ERR', message };
  const alert = alertName({ code, message });
  if (alert !== undefined) return { ended: 'alert', alert, error: wire };
  if (!connected) return { ended: unconnected(wire.code), error: wire };
  // Node.js reports an early end of the stream as ECONNRESET as well, but without a system call.
  const isReset = code === 'EPIPE' || (code === 'ECONNRESET' && syscall !== undefined);
  return { ended: isReset ? 'reset' : 'closed', error: wire };
}

/** A reset to the first packet, or a Unix socket that is not there. All else says nothing about who listens. */
const NOBODY_LISTENS: ReadonlySet<string | undefined> = new Set(['ECONNREFUSED', 'ENOENT']);

function unconnected(code: string): Ended {
  if (NOBODY_LISTENS.has(code)) return 'refused';
  return code === 'ETIMEDOUT' ? 'timeout' : 'unreachable';
}

/** Codes and texts of anything thrown. */
export function wireError(error: unknown): WireError {
  const { code, message } = facts(error);
  return { code: code ?? 'ERR', message };
}

interface Facts {
  readonly code: string | undefined;
  readonly syscall: string | undefined;
  readonly message: string;
}

function facts(error: unknown): Facts {
  if (!(error instanceof Error)) return { code: undefined, syscall: undefined, message: String(error) };
  // Several addresses were tried: the text names each. One that nobody answered for speaks first, since only
  // where all refuse does nobody listen.
  if (error instanceof AggregateError && error.errors.length > 0) {
    const all = error.errors.map(facts);
    const speaker = all.find(({ code }) => !NOBODY_LISTENS.has(code)) ?? facts(error.errors[0]);
    return { ...speaker, message: all.map(({ message }) => message).join('; ') };
  }
  return { code: textField(error, 'code'), syscall: textField(error, 'syscall'), message: error.message };
}

function textField(error: Error, name: string): string | undefined {
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : undefined;
}
