import type { Configuration } from 'openid-client';
import { CALLBACK_PATH } from '../idp-config.ts';
import type { EdgeAccess } from '../../edge/edge-request.ts';
import { discover, type OidcClient } from './oidc-client.ts';
import { type Credentials, playLogin } from './play-login.ts';
import { translateIdpErrors } from './translate-idp-errors.ts';
import { type AccessClaims, verifyAccessToken } from './verify-access-token.ts';

export interface Tokens {
  /** A JWT for the lab's API, verified against the provider's key set. */
  readonly accessToken: string;
  readonly access: AccessClaims;
  readonly idToken?: string;
  /** Only with scope `offline_access`. */
  readonly refreshToken?: string;
}

/** What a token is asked for. */
export interface TokenWish {
  /** Space-separated; `openid` is added for a person, `offline_access` brings a refresh token. */
  readonly scope?: string | undefined;
  /** The service that it is for (resource indicator, RFC 8707); the sample service when it is left out. */
  readonly audience?: string | undefined;
}

/** Names `roles` and `profile` for the ID token, `api` for the access token. */
const DEFAULT_SCOPE = 'openid profile roles api';

/** Nobody listens there: the redirect is read, not followed. Any loopback port is registered. */
export const REDIRECT_URI = `http://127.0.0.1:1${CALLBACK_PATH}`;

/**
 * Signs a sample user in without a browser: authorization code with PKCE S256, state and nonce, through the
 * edge. Everything that comes back is verified: state, issuer, nonce, signatures, audience.
 * @throws MeshdevError TOKEN_REFUSED with the provider's own words, LAB_NOT_UP, TIMED_OUT, INTERRUPTED.
 */
export function login(
  access: EdgeAccess,
  credentials: Credentials,
  { scope = DEFAULT_SCOPE, audience }: TokenWish = {},
): Promise<Tokens> {
  return translateIdpErrors(access, `signing in as ${credentials.user}`, async () => {
    const client = await discover(access, { id: access.lab.clients.cli });
    const scopes = new Set(['openid', ...scope.split(/\s+/).filter((name) => name !== '')]);
    const { url, checks } = await authorizationRequest(client, scopes, resourceOf(audience));
    const callback = await playLogin(access, url, REDIRECT_URI, credentials);
    return tokensOf(access, client.config, await exchangeCode(client, callback, checks), audience);
  });
}

/**
 * A token for the machine client itself, without a user.
 * @throws as {@link login}
 */
export function clientCredentials(
  access: EdgeAccess,
  secret: string,
  { scope = 'api', audience }: TokenWish = {},
): Promise<Tokens> {
  const { machine } = access.lab.clients;
  return translateIdpErrors(access, `getting a token for client ${machine}`, async () => {
    const { oidc, config } = await discover(access, { id: machine, secret });
    const answer = await oidc.clientCredentialsGrant(config, { scope, ...resourceOf(audience) });
    return tokensOf(access, config, answer, audience);
  });
}

function resourceOf(audience: string | undefined): Readonly<Record<string, string>> {
  return audience === undefined ? {} : { resource: audience };
}

export interface AuthorizationRequest {
  readonly url: URL;
  readonly checks: {
    readonly pkceCodeVerifier: string;
    readonly expectedState: string;
    readonly expectedNonce: string;
  };
}

/** A new request with verifier, state and nonce of its own. */
export async function authorizationRequest(
  { oidc, config }: OidcClient,
  scopes: ReadonlySet<string>,
  more: Readonly<Record<string, string>> = {},
): Promise<AuthorizationRequest> {
  const checks = {
    pkceCodeVerifier: oidc.randomPKCECodeVerifier(),
    expectedState: oidc.randomState(),
    expectedNonce: oidc.randomNonce(),
  };
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: REDIRECT_URI,
    scope: [...scopes].join(' '),
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    // Without asking for consent the provider drops offline_access silently.
    ...(scopes.has('offline_access') ? { prompt: 'consent' } : {}),
    ...more,
  });
  return { url, checks };
}

/**
 * Turns the browser's way back into tokens. Refuses an answer whose state, issuer or nonce is not that
 * of the request, and an ID token that does not verify. @throws openid-client's errors
 */
export function exchangeCode(
  { oidc, config }: OidcClient,
  callback: URL,
  checks: AuthorizationRequest['checks'],
): Promise<TokenAnswer> {
  return oidc.authorizationCodeGrant(config, callback, { ...checks, idTokenExpected: true });
}

export interface TokenAnswer {
  readonly access_token: string;
  readonly id_token?: string;
  readonly refresh_token?: string;
}

/** Verifies what came. @throws jose's errors */
export async function tokensOf(
  access: EdgeAccess,
  config: Configuration,
  answer: TokenAnswer,
  audience?: string,
): Promise<Tokens> {
  const { access_token: accessToken, id_token: idToken, refresh_token: refreshToken } = answer;
  return {
    accessToken,
    access: await verifyAccessToken(access, config.serverMetadata().jwks_uri, accessToken, audience),
    ...(idToken === undefined ? {} : { idToken }),
    ...(refreshToken === undefined ? {} : { refreshToken }),
  };
}
