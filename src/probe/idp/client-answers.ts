import { ADMIN } from '../../sample/names.ts';
import type { ClientAnswers, ClientOutcome } from '../../evidence/idp.ts';
import { MeshdevError, textOf } from '../../errors/meshdev-error.ts';
import { createSigningKey, type SigningJwk } from '../../keys/idp-secrets.ts';
import type { Lab } from '../../topology/lab.ts';
import { FORGED_ANSWERS, type ForgedAnswerId } from '../../cases/providers/forged-answers.ts';
import {
  type AuthorizationRequest,
  authorizationRequest,
  exchangeCode,
  REDIRECT_URI,
} from '../../idp/client/login.ts';
import { discover, type OidcClient } from '../../idp/client/oidc-client.ts';
import { edgeAccess } from '../edge/edge-access.ts';
import type { Needs } from '../probe-context.ts';

type Members = Readonly<Record<string, unknown>>;

/** What is different from an honest answer. */
interface Forgery {
  readonly state?: string | undefined;
  readonly iss?: string | undefined;
  readonly claims?: Members;
  readonly idToken?: 'foreign-key' | 'unsigned' | 'missing';
}

interface Answering {
  readonly lab: Lab;
  readonly key: SigningJwk;
  /** Of the login that is under way. */
  readonly checks: AuthorizationRequest['checks'];
}

const FORGERIES: Readonly<Record<ForgedAnswerId, Forgery>> = {
  'state-other': { state: 'another-state' },
  'state-missing': { state: undefined },
  'iss-other': { iss: 'https://issuer.invalid' },
  'iss-missing': { iss: undefined },
  'nonce-other': { claims: { nonce: 'another-nonce' } },
  'nonce-missing': { claims: { nonce: undefined } },
  'id-token-issuer': { claims: { iss: 'https://issuer.invalid' } },
  'id-token-audience': { claims: { aud: 'another-client' } },
  'id-token-expired': { claims: { exp: 1_000_000 } },
  'id-token-foreign-key': { idToken: 'foreign-key' },
  'id-token-unsigned': { idToken: 'unsigned' },
  'id-token-missing': { idToken: 'missing' },
};

/**
 * Lies to the very client that `login` uses. Discovery and keys are the lab's own; what comes back to
 * the redirect, and from the token endpoint, is made up here with the issuer's key.
 */
export async function collectClientAnswers(
  probeContext: Needs<'context' | 'keys' | 'signal'>,
): Promise<ClientAnswers> {
  const [key] = probeContext.keys.idp.jwks.keys;
  if (key === undefined) throw new MeshdevError('STEP_FAILED', { message: 'the issuer has no key' });
  const liar = await Liar.begin(probeContext, key);
  const [honest, forged] = await Promise.all([
    liar.answer('honest', {}),
    Promise.all(
      FORGED_ANSWERS.map(async ({ id }) => ({ id, outcome: await liar.answer(id, FORGERIES[id]) })),
    ),
  ]);
  return { honest, forged };
}

/** The library wraps what it noticed in general words. */
function innermost(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error ? `${textOf(error)}: ${innermost(cause)}` : textOf(error);
}

/** By code; undefined for an answer without one. */
type IdTokens = Map<string, string | undefined>;

/** One client of ours, whose token endpoint is never asked: what it is answered depends on the code. */
class Liar {
  readonly #client: OidcClient;
  readonly #lab: Lab;
  readonly #key: SigningJwk;
  readonly #idTokens: IdTokens;

  private constructor(client: OidcClient, lab: Lab, key: SigningJwk, idTokens: IdTokens) {
    this.#client = client;
    this.#lab = lab;
    this.#key = key;
    this.#idTokens = idTokens;
  }

  static async begin(probeContext: Needs<'context' | 'keys' | 'signal'>, key: SigningJwk): Promise<Liar> {
    const { lab } = probeContext.context;
    const idTokens: IdTokens = new Map();
    const client = await discover(
      edgeAccess(probeContext),
      { id: lab.clients.cli },
      (fetch) => (url, options) =>
        options.method === 'POST' ? tokenAnswer(idTokens, options.body) : fetch(url, options),
    );
    return new Liar(client, lab, key, idTokens);
  }

  async answer(code: string, forgery: Forgery): Promise<ClientOutcome> {
    const { checks } = await authorizationRequest(this.#client, new Set(['openid']));
    const answering = { lab: this.#lab, key: this.#key, checks };
    this.#idTokens.set(code, await idTokenOf(answering, forgery));
    try {
      await exchangeCode(this.#client, callbackOf(answering, code, forgery), checks);
      return 'accepted';
    } catch (error) {
      return { refused: innermost(error) };
    }
  }
}

async function tokenAnswer(idTokens: IdTokens, body: unknown): Promise<Response> {
  const code =
    body instanceof URLSearchParams ? body.get('code') : new URLSearchParams(String(body)).get('code');
  const id_token = idTokens.get(code ?? '');
  return Response.json({ access_token: 'opaque', token_type: 'Bearer', expires_in: 60, id_token });
}

function callbackOf({ lab, checks }: Answering, code: string, forgery: Forgery): URL {
  const url = new URL(REDIRECT_URI);
  url.searchParams.set('code', code);
  const state = 'state' in forgery ? forgery.state : checks.expectedState;
  const iss = 'iss' in forgery ? forgery.iss : lab.issuer;
  if (state !== undefined) url.searchParams.set('state', state);
  if (iss !== undefined) url.searchParams.set('iss', iss);
  return url;
}

async function idTokenOf(
  { lab, key, checks }: Answering,
  { claims = {}, idToken }: Forgery,
): Promise<string | undefined> {
  if (idToken === 'missing') return undefined;
  const { CompactSign } = await import('jose');
  const now = Math.floor(Date.now() / 1000);
  const honest = { iss: lab.issuer, aud: lab.clients.cli, sub: ADMIN, nonce: checks.expectedNonce };
  const payload = JSON.stringify({ ...honest, iat: now, exp: now + 60, ...claims });
  const signed = await new CompactSign(Buffer.from(payload))
    .setProtectedHeader({ alg: 'ES256', kid: key.kid })
    .sign(idToken === 'foreign-key' ? createSigningKey() : key);
  return idToken === 'unsigned' ? unsigned(signed) : signed;
}

function unsigned(token: string): string {
  const header = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
  return `${header}.${token.split('.')[1] ?? ''}.`;
}
