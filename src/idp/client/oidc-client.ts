import type { ClientAuth, Configuration, CustomFetch, FetchBody } from 'openid-client';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import { type EdgeAccess, edgeRequest, type EdgeResponse } from '../../edge/edge-request.ts';

/** A client of the lab's provider: a secret makes it a confidential one. */
export interface ClientIdentity {
  readonly id: string;
  readonly secret?: string;
}

export interface OidcClient {
  /** The library itself, loaded when it is needed. */
  readonly oidc: typeof import('openid-client');
  readonly config: Configuration;
}

/**
 * Reads the provider's discovery document and prepares a client that verifies every signature.
 * @param wrap for a client that is lied to
 */
export async function discover(
  access: EdgeAccess,
  { id, secret }: ClientIdentity,
  wrap: (fetch: CustomFetch) => CustomFetch = (fetch) => fetch,
): Promise<OidcClient> {
  const oidc = await import('openid-client');
  const authentication: ClientAuth = secret === undefined ? oidc.None() : oidc.ClientSecretBasic(secret);
  const metadata = { id_token_signed_response_alg: 'ES256' };
  const config = await oidc.discovery(new URL(access.lab.issuer), id, metadata, authentication, {
    [oidc.customFetch]: wrap(fetchThroughEdge(access)),
    // ID tokens that come straight from the token endpoint are not checked otherwise.
    execute: [oidc.enableNonRepudiationChecks],
  });
  return { oidc, config };
}

/** `fetch` as openid-client wants it, on the issuer's origin only. */
function fetchThroughEdge(access: EdgeAccess): CustomFetch {
  return async (address, { method, headers, body, signal }) => {
    const url = new URL(address);
    if (url.origin !== new URL(access.lab.issuer).origin) {
      throw new MeshdevError('TOKEN_REFUSED', {
        message: `the identity provider names ${url.origin}, which is not the issuer ${access.lab.issuer}`,
      });
    }
    const text = bodyText(body);
    const both = signal === undefined ? access.signal : AbortSignal.any([access.signal, signal]);
    const request = { method, headers, ...(text === undefined ? {} : { body: text }) };
    return toResponse(await edgeRequest({ ...access, signal: both }, url, request));
  };
}

function bodyText(body: FetchBody): string | undefined {
  if (body === null || body === undefined) return undefined;
  if (typeof body === 'string') return body;
  if (body instanceof URLSearchParams) return body.toString();
  throw new MeshdevError('BUG', {
    message: 'a request to the identity provider has a body of an unknown kind',
  });
}

function toResponse({ status, headers, body }: EdgeResponse): Response {
  const pairs = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] satisfies [string, string]],
  );
  return new Response(body === '' ? null : body, { status, headers: pairs });
}
