import { MeshdevError } from '../errors/meshdev-error.ts';
import type { EdgeAccess } from './edge-request.ts';
import { type Arrival, HeadlessBrowser } from './headless-browser.ts';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/**
 * Does what a person does in a browser: opens the authorization URL, fills the login form in once, and
 * ends where the provider sends the browser back to the client. Returns that URL with its parameters.
 * @throws MeshdevError TOKEN_REFUSED when the provider shows something else.
 */
export async function playLogin(
  access: EdgeAccess,
  start: URL,
  redirectUri: string,
  { user, password }: Credentials,
): Promise<URL> {
  const browser = new HeadlessBrowser(access, redirectUri);
  const first = await browser.open(start);
  if (first.kind === 'callback') return first.url;
  const action = formAction(first, user);
  const second = await browser.submit(action, { username: user, password, action: 'login' });
  if (second.kind === 'callback') return second.url;
  throw refused(second, user);
}

type Page = Extract<Arrival, { kind: 'page' }>;

function formAction(page: Page, user: string): URL {
  const action = /<form\b[^>]*\baction="([^"]+)"/.exec(page.response.body)?.[1];
  if (action === undefined || page.response.status !== 200) throw refused(page, user);
  return new URL(action, page.url);
}

function refused({ url, response }: Page, user: string): MeshdevError {
  const where = `${url.origin}${url.pathname.replace(/(\/interaction\/).*/, '$1…')}`;
  return new MeshdevError('TOKEN_REFUSED', {
    message: `signing in as ${user}: ${where} answered ${response.status}: ${saidBy(response.body)}`,
  });
}

/** What a page says to a person: its alert, or else all its text. */
function saidBy(html: string): string {
  const part = /role="alert">([^<]*)</.exec(html)?.[1] ?? /<main>[\s\S]*<\/main>/.exec(html)?.[0] ?? html;
  return part
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 200);
}
