import { Body } from './body.ts';
import type { HeaderPair, HttpResponse } from './job.ts';

const HEAD_END = '\r\n\r\n';

/**
 * Reads an HTTP/1.x answer from its bytes; undefined while there is no whole head, or when it is none.
 * @param streamEnded without a stated length only the end of the stream completes an answer
 * @param toHead the answer to HEAD has no body, whatever length it states
 */
export function parseResponse(bytes: Buffer, streamEnded: boolean, toHead = false): HttpResponse | undefined {
  const end = bytes.indexOf(HEAD_END);
  if (end < 0) return undefined;
  const [start = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const [, httpVersion, status] = /^HTTP\/(\d\.\d) (\d{3})/.exec(start) ?? [];
  if (httpVersion === undefined || status === undefined) return undefined;
  const headers = lines.map(headerPair);
  const { content, complete } =
    toHead || status === '204' || status === '304'
      ? { content: Buffer.alloc(0), complete: true }
      : framed(headers, bytes.subarray(end + HEAD_END.length), streamEnded);
  const body = new Body();
  body.add(content);
  return { status: Number(status), httpVersion, headers, ...body.text(), complete };
}

function headerPair(line: string): HeaderPair {
  const colon = line.indexOf(':');
  return colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1).trim()];
}

interface Framed {
  readonly content: Buffer;
  readonly complete: boolean;
}

function framed(headers: readonly HeaderPair[], rest: Buffer, streamEnded: boolean): Framed {
  const value = (wanted: string): string | undefined =>
    headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
  if (/\bchunked$/i.test(value('transfer-encoding') ?? '')) return unchunk(rest);
  const length = value('content-length');
  if (length === undefined) return { content: rest, complete: streamEnded };
  return { content: rest.subarray(0, Number(length)), complete: rest.length >= Number(length) };
}

/** RFC 9112 §7.1: digits, then perhaps extensions. A size with a sign would lead back to where it stands. */
function chunkSize(line: string): number | undefined {
  const digits = /^([0-9a-f]{1,8})[ \t]*(?:;|$)/i.exec(line)?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 16);
}

function unchunk(rest: Buffer): Framed {
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = rest.indexOf('\r\n', at);
    const size = lineEnd < 0 ? undefined : chunkSize(rest.toString('latin1', at, lineEnd));
    if (size === undefined) return { content: Buffer.concat(parts), complete: false };
    if (size === 0) return { content: Buffer.concat(parts), complete: true };
    parts.push(rest.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}
