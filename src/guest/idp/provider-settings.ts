import { errors, type ProviderContext, type Token } from 'oidc-provider';
import { findAccount, rolesOf } from './accounts.ts';
import type { IdpClient, IdpConfig } from './config.ts';
import { keptAdapter } from './kept-adapter.ts';
import type { KeptStore } from './kept-store.ts';
import { confirmCodePage, enterCodePage, errorPage, logoutPage, messagePage } from './pages.ts';

const HOUR = 3600;
/** Guests and host may differ a little after a sleep. */
const CLOCK_TOLERANCE_SECONDS = 15;

/**
 * Settings of oidc-provider. Sessions, grants and refresh tokens are kept in the store, over a restart too; keys, users
 * and clients come from the file.
 */
export function providerSettings(config: IdpConfig, store: KeptStore): Readonly<Record<string, unknown>> {
  return {
    adapter: keptAdapter(store, CLOCK_TOLERANCE_SECONDS),
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    clients: config.clients.map(clientMetadata),
    jwks: config.jwks,
    cookies: { keys: config.cookieKeys },
    responseTypes: ['code'],
    scopes: ['openid', 'offline_access', ...config.apiScopes],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], roles: ['roles'] },
    // Access tokens are for the API, so userinfo refuses them: the ID token has to carry the claims.
    conformIdTokenClaims: false,
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    clientAuthMethods: ['client_secret_basic', 'none'],
    pkce: { required: () => true },
    clientBasedCORS: () => false,
    findAccount: (_ctx: ProviderContext, name: string) => findAccount(config, name),
    // Without this a JWT access token carries no claim of the user's.
    extraTokenClaims: (_ctx: ProviderContext, token: Token) => ({ roles: rolesOf(config, token) }),
    interactions: { url: (_ctx: ProviderContext, { uid }: { uid: string }) => `/interaction/${uid}` },
    renderError: errorPage,
    rotateRefreshToken: true,
    ttl: lifetimes(config),
    features: features(config),
  };
}

function lifetimes(config: IdpConfig): Readonly<Record<string, number>> {
  return {
    AccessToken: config.accessTokenTtlSeconds,
    ClientCredentials: config.accessTokenTtlSeconds,
    IdToken: config.accessTokenTtlSeconds,
    AuthorizationCode: 60,
    DeviceCode: 600,
    Interaction: 600,
    Session: 8 * HOUR,
    Grant: 24 * HOUR,
    RefreshToken: 24 * HOUR,
  };
}

function features(config: IdpConfig): Readonly<Record<string, unknown>> {
  return {
    devInteractions: { enabled: false },
    // The mesh validates bearer tokens only; a bound token would be a promise nobody keeps.
    dPoP: { enabled: false },
    clientCredentials: { enabled: true },
    revocation: { enabled: true, allowedPolicy: ownTokensOnly },
    deviceFlow: {
      enabled: true,
      userCodeInputSource: enterCodePage,
      userCodeConfirmSource: confirmCodePage,
      successSource: (ctx: ProviderContext) =>
        messagePage(ctx, 'You are signed in', 'The device has its token. You can close this page.'),
    },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: logoutPage,
      postLogoutSuccessSource: (ctx: ProviderContext) =>
        messagePage(ctx, 'You are signed out', 'You can close this page.'),
    },
    resourceIndicators: resourceIndicators(config),
  };
}

function resourceIndicators(config: IdpConfig): Readonly<Record<string, unknown>> {
  return {
    enabled: true,
    defaultResource: () => config.audiences[0],
    // Saves clients from repeating `resource` at the token endpoint; without it an `openid` request
    // gets an opaque token for userinfo.
    useGrantedResource: () => true,
    getResourceServerInfo: (_ctx: ProviderContext, resource: string) => {
      if (!config.audiences.includes(resource)) throw new errors.InvalidTarget();
      return {
        scope: config.apiScopes.join(' '),
        audience: resource,
        accessTokenFormat: 'jwt',
        accessTokenTTL: config.accessTokenTtlSeconds,
        jwt: { sign: { alg: 'ES256' } },
      };
    },
  };
}

function ownTokensOnly(_ctx: ProviderContext, client: { clientId: string }, token: Token): boolean {
  return token.clientId === client.clientId;
}

function clientMetadata(client: IdpClient): Readonly<Record<string, unknown>> {
  const common = {
    client_id: client.id,
    client_name: client.name,
    // The default is RS256, and there is no RSA key.
    id_token_signed_response_alg: 'ES256',
  };
  switch (client.kind) {
    case 'interactive':
      return {
        ...common,
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
        response_types: ['code'],
        redirect_uris: client.redirectUris,
        post_logout_redirect_uris: client.redirectUris,
      };
    case 'machine':
      return {
        ...common,
        client_secret: client.secret,
        token_endpoint_auth_method: 'client_secret_basic',
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
      };
  }
}
