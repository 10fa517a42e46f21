import type { WireResult } from '../../evidence/wire-result.ts';
import {
  type HeaderPair,
  type HttpResponse,
  type JobResult,
  resultOf,
  type SeriesAnswer,
} from '../../agent/program/job.ts';
import { MeshdevError } from '../../errors/meshdev-error.ts';

/** A TLS, HTTP or TCP result in the form that judges read. */
export function wireOf(results: readonly JobResult[], id: string): WireResult {
  const tls = resultOf(results, 'tls', id);
  if (tls !== undefined) {
    const { ended, connected, alert, protocol, cipher, alpn, peerChain, response, error } = tls;
    return {
      ended,
      connected,
      peerChain,
      ...optional({ alert, protocol, cipher, alpn, error: error?.message, errorCode: error?.code }),
      ...answer(response),
    };
  }
  const plain = resultOf(results, 'http', id) ?? resultOf(results, 'tcp', id);
  if (plain !== undefined) {
    const response = plain.kind === 'http' ? plain.response : undefined;
    return {
      ended: plain.ended,
      connected: plain.connected,
      peerChain: [],
      ...optional({ error: plain.error?.message, errorCode: plain.error?.code }),
      ...answer(response),
    };
  }
  const broken = resultOf(results, 'broken', id);
  throw new MeshdevError('STEP_FAILED', {
    message: `probe ${id} could not be run: ${broken?.error.message ?? 'no result'}`,
  });
}

/** One answer of a series. */
export function seriesWire({ ended, alert, error, response }: SeriesAnswer): WireResult {
  return {
    ended,
    peerChain: [],
    ...optional({ alert, error: error?.message, errorCode: error?.code }),
    ...answer(response),
  };
}

function answer(
  response: HttpResponse | undefined,
): Pick<WireResult, 'headers' | 'body'> & { status?: number } {
  if (response === undefined) return { headers: {}, body: '' };
  const { status, headers, trailers = [], body } = response;
  return { status, headers: headersOf([...headers, ...trailers]), body };
}

/** Names in lower case; values of a repeated header joined with a comma, as HTTP says they may be. */
function headersOf(pairs: readonly HeaderPair[]): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [name, value] of pairs) {
    const key = name.toLowerCase();
    headers[key] = headers[key] === undefined ? value : `${headers[key]}, ${value}`;
  }
  return headers;
}

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

/** Leaves out what is undefined, as `exactOptionalPropertyTypes` wants it. */
function optional<T extends Readonly<Record<string, string | undefined>>>(values: T): Defined<T>;
function optional(values: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
