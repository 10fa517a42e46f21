import { createServer, type ServerResponse } from 'node:http';
import {
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import type { Socket } from 'node:net';
import { ABSENT_HEADER, type Absent } from './absent-header.ts';

export type RelayProtocol = 'http' | 'http2' | 'grpc' | 'tcp';

/** The process that a relay stands for. */
export interface Process {
  /** Id of the service: letters, digits and dashes. */
  readonly service: string;
  /** Where it listens on the machine of the user. */
  readonly port: number;
  readonly protocol: RelayProtocol;
}

/** Answers connections for a process that cannot. */
export interface AbsentAnswers {
  answer(socket: Socket, absent: Absent): void;
}

/** With a page and 502 in the protocol of the service; a connection of `tcp` is reset. */
export function absentAnswers(process: Process): AbsentAnswers {
  const page = (absent: Absent) => (_request: unknown, response: ServerResponse) => {
    // The next request may find the process: no connection to this page is kept.
    response.writeHead(502, { ...headersOf(absent), Connection: 'close' }).end(textOf(process, absent));
  };
  const http2Page = (absent: Absent) => (request: Http2ServerRequest, response: Http2ServerResponse) => {
    const { stream } = request;
    const { session } = stream;
    stream.once('close', () => session?.close());
    response.writeHead(502, headersOf(absent)).end(textOf(process, absent));
  };
  const servers = {
    http: { 'no-tunnel': createServer(page('no-tunnel')), 'no-process': createServer(page('no-process')) },
    http2: {
      'no-tunnel': createHttp2Server(http2Page('no-tunnel')),
      'no-process': createHttp2Server(http2Page('no-process')),
    },
  };
  return {
    answer: (socket, absent) => {
      if (process.protocol === 'tcp') {
        socket.resetAndDestroy();
        return;
      }
      const kind = process.protocol === 'http' ? 'http' : 'http2';
      servers[kind][absent].emit('connection', socket);
      socket.resume();
    },
  };
}

function headersOf(absent: Absent): Record<string, string> {
  return {
    [ABSENT_HEADER]: absent,
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
  };
}

function textOf({ service, port }: Process, absent: Absent): string {
  return absent === 'no-tunnel'
    ? `meshdev: service ${service} is a process on the machine of the lab, and no tunnel to it is open.\nRun: meshdev expose ${service}\n`
    : `meshdev: service ${service}: no process accepts connections on 127.0.0.1:${port} or [::1]:${port} of the machine of the lab.\nStart it, then load this page again.\n`;
}
