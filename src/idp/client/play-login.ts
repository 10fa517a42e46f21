import { randomUUID } from 'node:crypto';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import { DEVICE_COOKIE, deviceCookie } from '../../guest/idp/device-cookie.ts';
import type { EdgeAccess } from '../../edge/edge-request.ts';
import { type Arrival, HeadlessBrowser } from './headless-browser.ts';
import { formIn } from './html-form.ts';

export interface Credentials {
  readonly user: string;
  readonly password: string;
  /**
   * Of the lab's identity provider. Whoever has them is a device that has signed in before: wrong passwords
   * that others send do not hold it up.
   */
  readonly secrets?: { readonly cookieKeys: readonly string[] };
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
  credentials: Credentials,
): Promise<URL> {
  return signIn(new HeadlessBrowser(access, redirectUri), start, credentials);
}

/** The same in a browser that is kept: it is signed in from then on. @throws as {@link playLogin} */
export async function signIn(browser: HeadlessBrowser, start: URL, credentials: Credentials): Promise<URL> {
  const first = await browser.open(start);
  if (first.kind === 'callback') return first.url;
  const second = await submitLogin(browser, first, credentials);
  if (second.kind === 'callback') return second.url;
  throw refused(second, credentials.user);
}

/** Fills the login form of a page in. @throws MeshdevError TOKEN_REFUSED where there is none */
export async function submitLogin(
  browser: HeadlessBrowser,
  page: Page,
  { user, password, secrets }: Credentials,
): Promise<Arrival> {
  const form = formIn(page);
  if (form === undefined) throw refused(page, user);
  if (secrets !== undefined)
    browser.keepCookie(`${DEVICE_COOKIE}=${deviceCookie(secrets, user, randomUUID())}; Path=/interaction`);
  return browser.submit(form.action, { username: user, password, action: 'login' });
}

type Page = Extract<Arrival, { kind: 'page' }>;

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
