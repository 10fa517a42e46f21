import type { IncomingMessage, ServerResponse } from 'node:http';
import { PAGE_HEADERS } from './layout.ts';
import { message } from './pages.ts';

/** Answers with a page, unless an answer has begun or nobody is there to read it. */
export function sendPage(
  response: ServerResponse,
  status: number,
  html: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { ...PAGE_HEADERS, 'Content-Type': 'text/html; charset=utf-8', ...headers });
  response.end(html);
}

/** Largest body of any request. oidc-provider itself reads as much, and calls a longer one malformed. */
const LIMIT_BYTES = 56 * 1024;

/** Whether the request says by itself that its body is too long; then it has been answered. */
export function refuseLongBody({ headers }: IncomingMessage, response: ServerResponse): boolean {
  if (Number(headers['content-length'] ?? 0) <= LIMIT_BYTES) return false;
  sendPage(response, 413, message('Too long', `A request to this server has at most ${LIMIT_BYTES} bytes.`));
  return true;
}
