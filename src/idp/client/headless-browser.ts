import { MeshdevError } from '../../errors/meshdev-error.ts';
import { CookieJar } from './cookie-jar.ts';
import { type EdgeAccess, edgeRequest, type EdgeResponse } from '../../edge/edge-request.ts';

/** Where a visit ended: on a page, or at the redirect back to the client, which nobody serves. */
export type Arrival =
  | { readonly kind: 'page'; readonly url: URL; readonly response: EdgeResponse }
  | { readonly kind: 'callback'; readonly url: URL };

const MAX_REDIRECTS = 10;

/** Follows redirects and keeps cookies on the issuer's origin, and goes nowhere else. */
export class HeadlessBrowser {
  readonly #access: EdgeAccess;
  readonly #redirectUri: string;
  readonly #jar = new CookieJar();

  constructor(access: EdgeAccess, redirectUri: string) {
    this.#access = access;
    this.#redirectUri = redirectUri;
  }

  open(url: URL): Promise<Arrival> {
    return this.#follow(url);
  }

  submit(action: URL, fields: Readonly<Record<string, string>>): Promise<Arrival> {
    return this.#follow(action, new URLSearchParams(fields).toString());
  }

  /** Takes a `Set-Cookie` line that no answer brought. */
  keepCookie(line: string): void {
    this.#jar.keep([line]);
  }

  async #follow(start: URL, form?: string): Promise<Arrival> {
    let response = await this.#visit(start, form);
    let url = start;
    for (let hops = 0; hops < MAX_REDIRECTS; hops += 1) {
      if (response.headers.location === undefined) return { kind: 'page', url, response };
      url = new URL(response.headers.location, url);
      if (`${url.origin}${url.pathname}` === this.#redirectUri) return { kind: 'callback', url };
      response = await this.#visit(url);
    }
    throw refusal(`more than ${MAX_REDIRECTS} redirects, last to ${url.origin}${url.pathname}`);
  }

  async #visit(url: URL, form?: string): Promise<EdgeResponse> {
    this.#assertIssuer(url);
    const cookie = this.#jar.header(url.pathname);
    const headers = { accept: 'text/html', ...(cookie === '' ? {} : { cookie }) };
    const posted = { 'content-type': 'application/x-www-form-urlencoded', origin: url.origin };
    const response = await edgeRequest(
      this.#access,
      url,
      form === undefined
        ? { method: 'GET', headers }
        : { method: 'POST', headers: { ...headers, ...posted }, body: form },
    );
    this.#jar.keep(response.headers['set-cookie'] ?? []);
    return response;
  }

  /** The password goes to the issuer and nowhere else. */
  #assertIssuer(url: URL): void {
    const { issuer } = this.#access.lab;
    if (url.origin === new URL(issuer).origin) return;
    throw refusal(`the identity provider redirects to ${url.origin}, which is not the issuer ${issuer}`);
  }
}

function refusal(seen: string): MeshdevError {
  return new MeshdevError('TOKEN_REFUSED', { message: `signing in: ${seen}` });
}
