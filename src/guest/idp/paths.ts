import type { IncomingMessage } from 'node:http';

/** Without the query, which may hold codes and hints. */
export function pathOf({ url = '/' }: Pick<IncomingMessage, 'url'>): string {
  return url.split('?')[0] ?? '/';
}

/** As a log may show it: the ids of logins that are under way are secrets. */
export function shownPath(path: string): string {
  return path.replace(/^(\/(?:interaction|auth|device)\/).+/i, '$1…');
}

/**
 * Takes the query off a URL by which a browser comes back from a login: it means nothing there, and
 * oidc-provider ends in a fault when one names a client.
 */
export function dropMeaninglessQuery(request: IncomingMessage): void {
  const path = pathOf(request);
  if (/^\/(?:auth|device)\/[^/]/i.test(path)) request.url = path;
}
