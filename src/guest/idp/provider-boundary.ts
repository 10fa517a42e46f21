import type { Provider, ProviderContext } from 'oidc-provider';
import { NOT_STORED, SAFE_HEADERS } from './layout.ts';
import { type Fault, faultOf } from './fault.ts';
import type { Log } from './log.ts';
import { messagePage } from './pages.ts';
import { shownPath } from './paths.ts';

/**
 * Around all that oidc-provider answers: the headers that protect a page, whichever part of the provider
 * wrote it, and a page of ours for whatever it throws outside of its own error handling.
 */
export function boundProvider(provider: Provider, log: Log): void {
  // Koa would write to stderr, for each client that goes away before it has its answer.
  provider.on('error', (error) => {
    if (!isGone(error)) logFault(log, faultOf(error));
  });
  provider.use(async (ctx, next) => {
    set(ctx, SAFE_HEADERS);
    try {
      await next();
    } catch (error) {
      const fault = faultOf(error);
      logFault(log, fault, shownPath(ctx.path));
      ctx.status = fault.status;
      messagePage(ctx, fault.title, fault.text);
    }
    if (ctx.type === 'text/html') set(ctx, NOT_STORED);
  });
}

/** The client's end of the connection is closed: nobody is at fault, and the request's own line says it. */
function isGone(error: unknown): boolean {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return code === 'ECONNRESET' || code === 'EPIPE';
}

function logFault(log: Log, { status, stack }: Fault, path?: string): void {
  log('provider.error', { path, status, stack });
}

function set(ctx: ProviderContext, headers: Readonly<Record<string, string>>): void {
  if (!ctx.writable) return;
  for (const [name, value] of Object.entries(headers)) ctx.set(name, value);
}
