import type { Provider, ProviderContext } from 'oidc-provider';
import { NOT_STORED, SAFE_HEADERS } from './layout.ts';
import { faultOf } from './fault.ts';
import type { Log } from './log.ts';
import { messagePage } from './pages.ts';

/**
 * Around all that oidc-provider answers: the headers that protect a page, whichever part of the provider
 * wrote it, and a page of ours for whatever it throws outside of its own error handling.
 */
export function boundProvider(provider: Provider, log: Log): void {
  provider.use(async (ctx, next) => {
    set(ctx, SAFE_HEADERS);
    try {
      await next();
    } catch (error) {
      const { status, title, text, stack } = faultOf(error);
      log('provider.error', { path: ctx.path, status, stack });
      ctx.status = status;
      messagePage(ctx, title, text);
    }
    if (ctx.type === 'text/html') set(ctx, NOT_STORED);
  });
}

function set(ctx: ProviderContext, headers: Readonly<Record<string, string>>): void {
  if (!ctx.writable) return;
  for (const [name, value] of Object.entries(headers)) ctx.set(name, value);
}
