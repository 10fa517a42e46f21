import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { TLSSocket } from 'node:tls';
import type { Answer, ListenerOrder, SeenRequest, Sighting } from './order.ts';

/** Many times what any check sends. */
const MOST_KEPT = 5_000;

const NOT_FOUND: Answer = { status: 404, body: 'nothing here\n' };

/** A listener at work; `close` ends it and everything that is connected, and says what it saw. */
export interface OpenListener {
  close(): Promise<Sighting>;
}

/** Starts to listen. A port that cannot be had is part of what was seen, not an error. */
export async function openListener(order: ListenerOrder): Promise<OpenListener> {
  const seen = {
    connections: 0,
    handshakes: 0,
    failures: new Array<string>(),
    requests: new Array<SeenRequest>(),
  };
  const server = createFor(order, (request, response) => {
    keep(seen.requests, seenOf(request));
    const { status, headers = {}, body = '', delayMs = 0 } = answerOf(order, request);
    const timer = setTimeout(() => response.writeHead(status, headers).end(body), delayMs);
    response.on('close', () => clearTimeout(timer));
  });
  server.on('connection', () => {
    seen.connections += 1;
  });
  server.on('secureConnection', () => {
    seen.handshakes += 1;
  });
  // Failed TLS handshakes come here too.
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    keep(seen.failures, error.code ?? error.message);
    socket.destroy();
  });
  const error = await listen(server, order.port);
  return {
    close: async () => {
      if (error === undefined) await closeServer(server);
      return { id: order.id, ...seen, ...(error === undefined ? {} : { error }) };
    },
  };
}

/** Whoever sends without end must not fill the memory. */
function keep<T>(list: T[], item: T): void {
  if (list.length < MOST_KEPT) list.push(item);
}

function createFor({ tls }: ListenerOrder, onRequest: RequestListener): Server {
  if (tls === undefined) return createServer(onRequest);
  const { cert, key, clientCa, minVersion, maxVersion, alpn, ciphers } = tls;
  return createTlsServer(
    {
      cert,
      key,
      rejectUnauthorized: false,
      ...(clientCa === undefined ? {} : { requestCert: true, ca: clientCa }),
      ...(minVersion === undefined ? {} : { minVersion }),
      ...(maxVersion === undefined ? {} : { maxVersion }),
      ...(alpn === undefined ? {} : { ALPNProtocols: [...alpn] }),
      ...(ciphers === undefined ? {} : { ciphers }),
    },
    onRequest,
  );
}

function answerOf(
  { routes = {}, otherwise = NOT_FOUND }: ListenerOrder,
  { url = '/' }: IncomingMessage,
): Answer {
  return routes[url.split('?')[0] ?? ''] ?? otherwise;
}

function seenOf({ method = '', url = '', headers, socket }: IncomingMessage): SeenRequest {
  const flat = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || name === 'authorization' || name === 'cookie'
      ? []
      : [[name, [value].flat().join(', ')]],
  );
  const client = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
  return {
    method,
    path: url,
    headers: Object.fromEntries(flat),
    ...(client === undefined
      ? {}
      : { clientFingerprint: client.fingerprint256.replaceAll(':', '').toLowerCase() }),
  };
}

function listen(server: Server, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, '0.0.0.0', () => resolve(undefined));
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
