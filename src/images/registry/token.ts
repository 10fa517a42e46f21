import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import type { Credential } from './credential-helper.ts';
import type { FindCredential } from './credentials.ts';
import { type Endpoint, isLoopback } from './endpoint.ts';
import { refused, unreachable, type Whose } from './failures.ts';
import type { Get } from './http.ts';
import { limited, waysAround } from './limit.ts';
import { readJsonAnswer } from '../../read-answer.ts';

interface Authorizing {
  readonly get: Get;
  readonly credentials: FindCredential;
  readonly endpoint: Endpoint;
  readonly doing: string;
  readonly signal: AbortSignal;
}

const Token = z.object({ token: z.string().optional(), access_token: z.string().optional() });

/** How a registry is asked from now on, and as whom. */
export interface Proof {
  /** Of `Authorization`; undefined: the registry wants a name and we have none. */
  readonly header: string | undefined;
  readonly whose: Whose;
}

/**
 * Answers the challenge of a 401: with the password itself for `Basic`, with a token of the registry's
 * token service for `Bearer`.
 * @throws MeshdevError REGISTRY_AUTH when the token service refuses the credentials
 */
export async function authorize(answer: IncomingMessage, context: Authorizing): Promise<Proof> {
  const challenge = parseChallenge(answer.headers['www-authenticate'] ?? '');
  const { credential, trouble } = await context.credentials(context.endpoint, context.signal);
  const whose = { known: credential !== undefined, ...(trouble === undefined ? {} : { trouble }) };
  if (challenge.scheme === 'basic') {
    const password = credential?.kind === 'password' ? credential : undefined;
    return { header: password && basic(password.user, password.secret), whose };
  }
  const realm = challenge.fields['realm'];
  if (challenge.scheme !== 'bearer' || realm === undefined || !URL.canParse(realm))
    return { header: undefined, whose };
  const asking = tokenRequest(realm, challenge.fields, credential);
  return { header: `Bearer ${await fetchToken(asking, whose, context)}`, whose };
}

/** Pure: `Bearer realm="…",service="…",scope="…"`. */
export function parseChallenge(header: string): {
  readonly scheme: string;
  readonly fields: Readonly<Record<string, string>>;
} {
  const [, scheme = '', rest = ''] = /^\s*(\w+)\s*(.*)$/s.exec(header) ?? [];
  const fields = [...rest.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [
    name.toLowerCase(),
    value,
  ]);
  return { scheme: scheme.toLowerCase(), fields: Object.fromEntries(fields) };
}

/** A password asks with GET; an identity token is exchanged with POST. Pure. */
export function tokenRequest(
  realm: string,
  fields: Readonly<Record<string, string>>,
  credential: Credential | undefined,
): {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly form?: URLSearchParams;
} {
  const url = new URL(realm);
  const wanted = ['service', 'scope'].flatMap((name) => {
    const value = fields[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  if (credential?.kind === 'refresh') {
    const exchange = { grant_type: 'refresh_token', client_id: 'meshdev', refresh_token: credential.secret };
    return { url, headers: {}, form: new URLSearchParams({ ...exchange, ...Object.fromEntries(wanted) }) };
  }
  for (const [name, value] of wanted) url.searchParams.set(name, value);
  if (credential === undefined) return { url, headers: {} };
  url.searchParams.set('account', credential.user);
  return { url, headers: { Authorization: basic(credential.user, credential.secret) } };
}

async function fetchToken(
  asking: ReturnType<typeof tokenRequest>,
  whose: Whose,
  { get, endpoint, doing, signal }: Authorizing,
): Promise<string> {
  const { url, ...rest } = asking;
  // Whoever can answer for the registry must not be able to send its password over a plain line.
  if (url.protocol !== 'https:' && !isLoopback(url.host))
    throw unreachable(doing, `the token service ${url.host} requests credentials without TLS`);
  const answer = await get(url, { doing, ...rest, signal });
  const text = (await buffer(answer)).toString('utf8');
  const status = answer.statusCode ?? 0;
  if (status === 429)
    throw limited(doing, {
      endpoint,
      headers: answer.headers,
      said: '',
      ways: waysAround(endpoint, whose.known),
    });
  if (status === 401 || status === 403) throw refused(doing, { status, endpoint, whose, said: '' });
  if (status !== 200) throw unreachable(doing, `the token service ${url.host} answered ${status}`);
  const { token, access_token: other } = readJsonAnswer(
    Token,
    text,
    `${doing}: requesting a token from ${url.host}`,
  );
  const found = token ?? other;
  if (found === undefined) throw unreachable(doing, `the token service ${url.host} sent no token`);
  return found;
}

function basic(user: string, secret: string): string {
  return `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;
}
