/** What an Envoy's policy says to the client, in all and no more. */
export const RBAC_DENIED = 'RBAC: access denied';

/** Envoy's details when no ALLOW matched. */
export const RBAC_DEFAULT = 'rbac_access_denied_matched_policy[none]';
