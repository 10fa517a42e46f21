import { SIDECAR_CLIENTS } from './verifiers.ts';

/**
 * Certificates that are shown to each pod of the user's services. What they prove is that this listener verifies; the
 * verifier itself is proved with all of them, at the sample.
 */
const CORE: ReadonlySet<string> = new Set([
  'none',
  'edge-client',
  'wrong-name',
  'foreign-ca',
  'stranger-ca',
  'self-signed',
  'spiffe-of-other-mesh',
  'other-trust-domain',
  'expired',
]);

export const SERVICE_CLIENTS = SIDECAR_CLIENTS.filter(({ id }) => CORE.has(id));
