import type { InteractionDetails, Provider } from 'oidc-provider';

/** Adds everything that was asked for and is missing to the client's grant; returns the grant's id. */
export async function grantAll(provider: Provider, details: InteractionDetails): Promise<string> {
  const known = details.grantId === undefined ? undefined : await provider.Grant.find(details.grantId);
  const grant = known ?? new provider.Grant({ accountId: accountOf(details), clientId: clientOf(details) });
  const { missingOIDCScope, missingOIDCClaims, missingResourceScopes } = details.prompt.details;
  if (missingOIDCScope !== undefined) grant.addOIDCScope(missingOIDCScope.join(' '));
  if (missingOIDCClaims !== undefined) grant.addOIDCClaims(missingOIDCClaims);
  for (const [resource, scopes] of Object.entries(missingResourceScopes ?? {})) {
    grant.addResourceScope(resource, scopes.join(' '));
  }
  return grant.save();
}

function accountOf({ session }: InteractionDetails): string {
  if (session === undefined) throw new Error('consent was reached without a login');
  return session.accountId;
}

function clientOf({ params }: InteractionDetails): string {
  return String(params['client_id']);
}
