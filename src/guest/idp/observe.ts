import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';
import type { Log } from './log.ts';
import { pathOf, shownPath } from './paths.ts';

const SUCCESSES = [
  'authorization.success',
  'grant.success',
  'device_authorization.success',
  'end_session.success',
];

const REFUSALS = [
  'authorization.error',
  'grant.error',
  'device_authorization.error',
  'pushed_authorization_request.error',
  'revocation.error',
  'end_session.error',
  'userinfo.error',
  'discovery.error',
  'jwks.error',
];

/** Writes down what was granted and what was refused, and why; never codes, tokens or secrets. */
export function logEvents(provider: Provider, log: Log): void {
  for (const event of SUCCESSES)
    provider.on(event, (ctx) => log(event, { client: ctx.oidc?.client?.clientId }));
  for (const event of REFUSALS) {
    provider.on(event, (ctx, error) =>
      log(event, {
        client: ctx.oidc?.client?.clientId,
        error: error?.error,
        description: error?.error_description,
        detail: error?.error_detail,
      }),
    );
  }
  provider.on('server_error', (ctx, error) =>
    log('server_error', { path: shownPath(ctx.path), stack: error?.stack }),
  );
}

/**
 * One line a request, when it is over. `meshdev_id` is the edge's id, for following one request through. What
 * the line needs is read now: a request that was cut off has no socket any more when its answer closes.
 */
export function logRequest(request: IncomingMessage, response: ServerResponse, log: Log): void {
  const began = performance.now();
  const id = request.headers['x-meshdev-id'];
  const facts = {
    method: request.method,
    path: shownPath(pathOf(request)),
    remote: request.socket.remoteAddress,
    meshdev_id: typeof id === 'string' ? id : undefined,
  };
  response.once('close', () => {
    log('request', { ...facts, status: response.statusCode, ms: Math.round(performance.now() - began) });
  });
}
