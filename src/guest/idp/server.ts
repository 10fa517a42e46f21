import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Provider } from 'oidc-provider';
import type { IdpConfig } from './config.ts';
import { faultOf } from './fault.ts';
import { handleInteraction } from './interaction.ts';
import type { KeptStore } from './kept-store.ts';
import type { Log } from './log.ts';
import { createLoginThrottle } from './login-throttle.ts';
import { logEvents, logRequest } from './observe.ts';
import { message } from './pages.ts';
import { isForIssuer } from './own-name.ts';
import { dropMeaninglessQuery, pathOf, shownPath } from './paths.ts';
import { boundProvider } from './provider-boundary.ts';
import { providerSettings } from './provider-settings.ts';
import { type Rehearsal, REHEARSAL_PATH } from './rehearsal.ts';
import { refuseLongBody, sendPage } from './send-page.ts';
import { refuseUnreadable } from './unreadable.ts';

/**
 * A request has to be whole by then, head and body. Longer than the edge keeps an idle connection
 * (`keepalive` in its Caddyfile): one that it opened in advance counts as a request that has not begun.
 */
const REQUEST_MS = 30_000;

const LIMITS = {
  requestTimeout: REQUEST_MS,
  headersTimeout: REQUEST_MS,
  connectionsCheckingInterval: 5_000,
  // More than the edge passes on: it is the edge that refuses a head that is too long.
  maxHeaderSize: 32 * 1024,
  keepAliveTimeout: 180_000,
} as const;

/** The identity provider as an HTTP server that is not listening yet. */
export function createIdp(config: IdpConfig, rehearsal: Rehearsal, store: KeptStore, log: Log): Server {
  const provider = new Provider(config.issuer, providerSettings(config, store));
  // The edge ends TLS; without this every URL in discovery would be http://.
  provider.proxy = true;
  logEvents(provider, log);
  boundProvider(provider, log);
  const others = provider.callback();
  const throttle = createLoginThrottle(() => performance.now());
  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = pathOf(request);
    if (path === '/healthz') return health(request, response);
    if (path === REHEARSAL_PATH) return showJson(response, rehearsal.shown());
    if (!isForIssuer(config.issuer, request))
      return sendPage(response, 421, message('Not here', `This is ${config.issuer} and nobody else.`));
    if (refuseLongBody(request, response)) return;
    const uid = /^\/interaction\/([\w-]+)$/.exec(path)?.[1];
    if (uid !== undefined)
      return handleInteraction({ provider, config, log, throttle, request, response }, uid);
    dropMeaninglessQuery(request);
    await others(request, response);
  };
  const server = createServer(LIMITS, (request, response) => {
    logRequest(request, response, log);
    // One request's error ends that request.
    route(request, response).catch((error: unknown) => {
      const { status, title, text, stack } = faultOf(error);
      log('request.error', { path: shownPath(pathOf(request)), status, stack });
      sendPage(response, status, message(title, text));
      response.end();
    });
  });
  refuseUnreadable(server, log);
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
