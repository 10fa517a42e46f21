import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { MeshdevError, textOf } from '../../errors/meshdev-error.ts';
import { unreachable } from './failures.ts';
import { proxyFor, type ProxyEnvironment } from './proxy.ts';

/** How this machine reaches the outside. */
export interface Outside {
  readonly env: ProxyEnvironment;
  /** Names and subnets that no proxy stands before, beside NO_PROXY. */
  readonly direct: readonly string[];
  /** Authorities that are trusted, PEM; asked for when a line with TLS is opened for the first time. */
  readonly authorities: () => readonly string[];
  /** Nothing came for so long: the line is dead. */
  readonly stallMs: number;
}

export interface Asking {
  /** A phrase for messages: "pulling docker.io/istio/pilot:<tag>". */
  readonly doing: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Fields of a form: the request is then a POST. */
  readonly form?: URLSearchParams;
  readonly signal: AbortSignal;
}

/** A request of this machine, through its proxies and with its authorities. */
export type Get = (url: URL, asking: Asking) => Promise<IncomingMessage>;

const REDIRECTS = 5;

/** Follows redirects; credentials stay with the host they are for. Any status is an answer. */
export function createGet(outside: Outside): Get {
  const agents = rememberAgents(outside);
  return async (first, asking) => {
    let url = first;
    let headers = asking.headers ?? {};
    for (let hops = 0; hops <= REDIRECTS; hops += 1) {
      const answer = await once(url, { ...asking, headers }, agents(url), outside.stallMs);
      const location = answer.headers.location;
      if (![301, 302, 303, 307, 308].includes(answer.statusCode ?? 0) || location === undefined)
        return answer;
      answer.resume();
      const next = new URL(location, url);
      if (next.host !== url.host) headers = without(headers, 'Authorization');
      if (url.protocol === 'https:' && next.protocol !== 'https:')
        throw unreachable(asking.doing, `${url.host} redirects from https to ${next.protocol}//${next.host}`);
      url = next;
    }
    throw unreachable(asking.doing, `${first.host} redirects in a loop`);
  };
}

function without(headers: Readonly<Record<string, string>>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));
}

/** One agent for each proxy, made when it is first needed. */
function rememberAgents({ env, direct, authorities }: Outside): (url: URL) => HttpAgent {
  const known = new Map<string, HttpAgent>();
  return (url) => {
    const proxy = proxyFor(url, env, direct);
    const key = `${url.protocol} ${proxy ?? ''}`;
    const proxyEnv = proxy === undefined ? {} : { proxyEnv: { HTTP_PROXY: proxy, HTTPS_PROXY: proxy } };
    const made = known.get(key);
    if (made !== undefined) return made;
    const options = { keepAlive: true, ...proxyEnv };
    const agent =
      url.protocol === 'https:'
        ? new HttpsAgent({ ...options, ca: [...authorities()] })
        : new HttpAgent(options);
    known.set(key, agent);
    return agent;
  };
}

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

function once(
  url: URL,
  { doing, headers = {}, form, signal }: Asking,
  agent: HttpAgent,
  stallMs: number,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const ask = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const sent = { 'User-Agent': 'meshdev', ...headers, ...(form === undefined ? {} : FORM) };
  const request = ask(url, { agent, method: form === undefined ? 'GET' : 'POST', headers: sent, signal });
  // Counts silence, not duration; it also covers the time in which the body comes.
  request.setTimeout(stallMs, () =>
    request.destroy(new Error(`${url.host} sent no data for ${stallMs / 1000} s`)),
  );
  request.once('response', resolve);
  request.once('error', (cause) =>
    reject(
      signal.aborted
        ? new MeshdevError('INTERRUPTED', { message: `stopped on request while ${doing}` })
        : unreachable(doing, said(url, cause), cause),
    ),
  );
  request.end(form?.toString());
  return promise;
}

/** Certificates that are not trusted are the commonest trouble behind company proxies. */
function said(url: URL, cause: Error): string {
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const untrusted = /CERT|SELF_SIGNED|ISSUER|SIGNATURE/.test(code);
  const hint = untrusted ? '; if your company has a CA of its own, set images.ca (meshdev docs images)' : '';
  return `${url.host} does not answer: ${textOf(cause) || code}${hint}`;
}
