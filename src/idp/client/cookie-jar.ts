interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
}

/** Cookies of one origin, as far as a login needs them: name, value, path, deletion. */
export class CookieJar {
  readonly #cookies = new Map<string, Cookie>();

  /** Takes `Set-Cookie` lines. */
  keep(lines: readonly string[]): void {
    for (const line of lines) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const equals = pair.indexOf('=');
      const cookie = {
        name: pair.slice(0, equals),
        value: pair.slice(equals + 1),
        path: attribute(attributes, 'path') ?? '/',
      };
      const key = `${cookie.name} ${cookie.path}`;
      if (isOver(attributes)) this.#cookies.delete(key);
      else this.#cookies.set(key, cookie);
    }
  }

  /** Value of the `Cookie` header for a path; longer paths first (RFC 6265 §5.4). */
  header(path: string): string {
    return [...this.#cookies.values()]
      .filter((cookie) => covers(cookie.path, path))
      .toSorted((one, other) => other.path.length - one.path.length)
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }
}

function attribute(attributes: readonly string[], name: string): string | undefined {
  const found = attributes.find((text) => text.toLowerCase().startsWith(`${name}=`));
  return found?.slice(name.length + 1);
}

/** A server deletes a cookie by dating it back; dates that matter here are the epoch. */
function isOver(attributes: readonly string[]): boolean {
  const expires = attribute(attributes, 'expires');
  return attribute(attributes, 'max-age') === '0' || (expires !== undefined && Date.parse(expires) === 0);
}

function covers(cookiePath: string, path: string): boolean {
  return cookiePath === '/' || path === cookiePath || path.startsWith(`${cookiePath.replace(/\/$/, '')}/`);
}
