import type { Socket } from 'node:net';
import { exchangeHttp1 } from './exchange-http1.ts';
import { exchangeHttp2 } from './exchange-http2.ts';
import { exchangeRaw } from './exchange-raw.ts';
import type { HttpRequest } from './job.ts';
import type { Line } from './line.ts';
import type { Received } from './received.ts';
import type { Exchanged } from './exchanged.ts';

/** One request over a connection that is open, in the protocol that ALPN chose. */
export function exchange(
  line: Line<Socket>,
  request: HttpRequest,
  received: Received,
  protocol: string | undefined,
): Promise<Exchanged> {
  if ('raw' in request) return exchangeRaw(line, request, received);
  if (protocol === 'h2') return exchangeHttp2(line, request, received);
  return exchangeHttp1(line, request, received);
}
