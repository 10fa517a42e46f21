import { connect as connectHttp2 } from 'node:http2';
import { connect, type TLSSocket } from 'node:tls';
import { type Ending, wireError } from './ending.ts';
import type { Exchanged } from './exchanged.ts';
import { exchangeStream, failure, NO_PUSH } from './exchange-http2.ts';
import type { HttpRequest, HttpResponse, SeriesAnswer, SeriesJob, SeriesResult } from './job.ts';
import { elapsed, type Line, openLine, overBefore } from './line.ts';
import { parseResponse } from './parse-response.ts';
import { Received } from './received.ts';
import { tlsOptions } from './run-tls.ts';

export const ANSWER_MS = 5_000;
const MOST_BYTES = 1_048_576;

/** Sends one request over an open connection; `after` says whether the next one may follow over it. */
type Send = (request: HttpRequest) => Promise<Exchanged & { readonly after: 'open' | 'over' }>;

/** @throws what `node:tls` throws for options it cannot use */
export async function runSeries(job: SeriesJob, deadline: AbortSignal): Promise<SeriesResult> {
  const began = performance.now();
  const answers: SeriesAnswer[] = [];
  for (let connection = 0; answers.length < job.requests.length; connection += 1) {
    const line = openLine(connect(tlsOptions(job)), deadline);
    try {
      const left = job.requests.slice(answers.length);
      answers.push(...(await overOneConnection(line, left, { job, deadline, connection })));
    } finally {
      line.socket.destroy();
    }
  }
  return { kind: 'series', id: job.id, durationMs: elapsed(began, performance.now()), answers };
}

interface Circumstances {
  readonly job: SeriesJob;
  readonly deadline: AbortSignal;
  readonly connection: number;
}

/** At least one answer, and as many as this connection lives to carry. */
async function overOneConnection(
  line: Line<TLSSocket>,
  requests: readonly HttpRequest[],
  { job, deadline, connection }: Circumstances,
): Promise<readonly SeriesAnswer[]> {
  const broken = await overBefore(line, 'secureConnect');
  if (broken !== undefined)
    return requests.map(() => ({
      ...broken,
      connection,
      durationMs: elapsed(line.began, performance.now()),
    }));
  const send = line.socket.alpnProtocol === 'h2' ? http2Sender(line) : http1Sender(line);
  const answers: SeriesAnswer[] = [];
  for (const request of requests) {
    const began = performance.now();
    const late = lateness(AbortSignal.any([deadline, AbortSignal.timeout(job.answerMs ?? ANSWER_MS)]));
    const { after, response, ending } = await Promise.race([send(request), late]);
    answers.push({
      ...(response === undefined ? (ending ?? { ended: 'closed' }) : { ended: 'data', response }),
      connection,
      durationMs: elapsed(began, performance.now()),
    });
    if (after === 'over') return answers;
  }
  return answers;
}

function lateness(signal: AbortSignal): ReturnType<Send> {
  return new Promise((resolve) => {
    const end = (): void => resolve({ ending: { ended: 'timeout' }, after: 'over' });
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
  });
}

/** Raw requests: each answer has to be whole before the next request is written. */
function http1Sender({ socket, over }: Line<TLSSocket>): Send {
  let kept = Buffer.alloc(0);
  let isOver = false;
  let look = (): void => undefined;
  const watch = async (): Promise<void> => {
    await over;
    isOver = true;
    look();
  };
  void watch();
  socket.on('data', (chunk: Uint8Array) => {
    // A server that never stops must not fill the memory; what is that long is not an answer to compare.
    if (kept.length < MOST_BYTES) kept = Buffer.concat([kept, chunk]);
    look();
  });
  return async (request) => {
    if (!('raw' in request)) return refuse('a parsed request needs HTTP/2');
    const bytes = Buffer.from(request.raw, 'base64');
    const toHead = bytes.toString('latin1', 0, 5) === 'HEAD ';
    kept = Buffer.alloc(0);
    await new Promise<void>((resolve) => {
      look = () => {
        if (isOver || parseResponse(kept, false, toHead)?.complete === true) resolve();
      };
      socket.write(bytes);
      look();
    });
    const response = parseResponse(kept, isOver, toHead);
    if (response === undefined) return { ending: await over, after: 'over' };
    return { response, after: isOver || endsConnection(response) ? 'over' : 'open' };
  };
}

function endsConnection({ complete, headers }: HttpResponse): boolean {
  const closes = headers.some(([name, value]) => name.toLowerCase() === 'connection' && /close/i.test(value));
  return closes || !complete;
}

/** Streams of one session, one after another. */
function http2Sender(line: Line<TLSSocket>): Send {
  const session = connectHttp2('https://probe.invalid', { ...NO_PUSH, createConnection: () => line.socket });
  const over = Promise.race([line.over, failure(session)]);
  return async (request) => {
    if ('raw' in request) return refuse('a raw request needs HTTP/1.1');
    try {
      const exchanged = await exchangeStream(session, request, new Received(), over);
      return { ...exchanged, after: session.closed || session.destroyed ? 'over' : 'open' };
    } catch (error) {
      // Node.js itself would not send it, or the session has just gone.
      return { ending: { ended: 'closed', error: wireError(error) }, after: 'over' };
    }
  };
}

function refuse(message: string): { readonly ending: Ending; readonly after: 'over' } {
  return { ending: { ended: 'closed', error: { code: 'ERR_PROTOCOL', message } }, after: 'over' };
}
