import { type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Log } from './log.ts';

const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  HPE_HEADER_OVERFLOW: 431,
};

/**
 * Answers and logs what is no HTTP, or does not come to its end in time. There is no request yet, so no
 * request's log line says it.
 */
export function refuseUnreadable(server: Server, log: Log): void {
  /** Connections with an answer under way: nothing may be written into the middle of it. */
  const answering = new WeakSet<object>();
  server.on('request', ({ socket }, response) => {
    answering.add(socket);
    response.once('close', () => answering.delete(socket));
  });
  // Node.js would close without a word, and leave errors of the connection to nobody.
  server.on('connect', (_request, socket) => {
    socket.on('error', () => undefined);
    answer(socket, 405);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const code = error.code ?? 'ERR';
    const status = STATUS_BY_CODE[code] ?? 400;
    log('request.unreadable', { code, status, remote: socket.remoteAddress });
    if (!socket.writable || code === 'ECONNRESET' || answering.has(socket)) {
      socket.destroy();
      return;
    }
    answer(socket, status);
  });
}

function answer(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
