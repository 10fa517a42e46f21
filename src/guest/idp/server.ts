import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Provider } from 'oidc-provider';
import type { IdpConfig } from './config.ts';
import { handleInteraction } from './interaction.ts';
import type { Log } from './log.ts';
import { logEvents, logRequest } from './observe.ts';
import { providerSettings } from './provider-settings.ts';
import { type Rehearsal, REHEARSAL_PATH } from './rehearsal.ts';

/** Longer than the edge keeps idle connections (2 min), or it would write into one that just closed. */
const KEEP_ALIVE_MS = 180_000;

/** The identity provider as an HTTP server that is not listening yet. */
export function createIdp(config: IdpConfig, rehearsal: Rehearsal, log: Log): Server {
  const provider = new Provider(config.issuer, providerSettings(config));
  // The edge ends TLS; without this every URL in discovery would be http://.
  provider.proxy = true;
  logEvents(provider, log);
  const others = provider.callback();
  const server = createServer((request, response) => {
    logRequest(request, response, log);
    const path = pathOf(request);
    const uid = /^\/interaction\/([\w-]+)$/.exec(path)?.[1];
    if (path === '/healthz') return health(request, response);
    if (path === REHEARSAL_PATH) return showJson(response, rehearsal.shown());
    if (uid === undefined) return others(request, response);
    handleInteraction({ provider, config, log, request, response }, uid).catch((error: unknown) => {
      log('interaction.error', { message: error instanceof Error ? error.message : String(error) });
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return server;
}

/** For the container itself; what came through the edge, or from elsewhere on the network, gets a 404. */
function health(request: IncomingMessage, response: ServerResponse): void {
  const address = request.socket.remoteAddress ?? '';
  const isLoopback = address === '::1' || /^(::ffff:)?127\./.test(address);
  const isLocal = isLoopback && request.headers['x-forwarded-for'] === undefined;
  response.writeHead(isLocal ? 200 : 404, { 'Content-Type': 'text/plain' });
  response.end(isLocal ? 'ok\n' : 'not found\n');
}

function showJson(response: ServerResponse, document: object): void {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(document));
}

/** Without the query, which may hold codes and hints. */
function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?')[0] ?? '/';
}
