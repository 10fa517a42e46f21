import { APP_ID } from '../../sample/names.ts';
import { type SigningPair, validFor } from '../../ports/certificate-authority.ts';
import type { TlsJob } from '../../agent/program/job.ts';
import { spiffeId } from '../../topology/identity.ts';
import { HONEST } from '../../cases/certificates/flaws.ts';
import { type CertificateForge, forge } from './forge.ts';
import { partOf } from './forged-roles.ts';
import type { CertificateCase } from '../../cases/certificates/verifiers.ts';

/** What a TLS client is started with; undefined = it shows nothing. */
export type ClientCertificate = SigningPair | undefined;

/** Under TLS 1.3 an alert may be late on a busy machine; a request written before it turns it into a reset. */
export const LISTEN_FIRST_MS = 4_000;
/** OpenSSL shows weak keys and outdated hashes only when it is told to. */
const SHOW_ANYTHING = 'DEFAULT@SECLEVEL=0';

/** How a client shows its certificate. For one that may pass there is no alert to wait for. */
export function howShown(tolerable: boolean): Pick<TlsJob, 'readFirstMs' | 'ciphers'> {
  return { ...(tolerable ? {} : { readFirstMs: LISTEN_FIRST_MS }), ciphers: SHOW_ANYTHING };
}

/** The client certificate of one case against the gateway, or of its control. */
export async function gatewayClient(
  each: Pick<CertificateCase, 'id' | 'recipe'> | 'control',
  forger: CertificateForge,
): Promise<ClientCertificate> {
  if (each === 'control') return forge('edge-client', HONEST, forger);
  if (each.recipe !== undefined) return forge('edge-client', each.recipe, forger);
  const { keys, lab } = forger;
  switch (each.id) {
    case 'gateway-itself':
      return { certificatePem: keys.gateway.certificatePem, keyPem: keys.gateway.keyPem };
    case 'workload':
      return workloadClient(spiffeId(lab.workloads[APP_ID]), forger);
    default:
      return undefined;
  }
}

/** The client certificate of one case against a sidecar, or of its control. */
export async function sidecarClient(
  each: Pick<CertificateCase, 'id' | 'recipe'> | 'control',
  forger: CertificateForge,
): Promise<ClientCertificate> {
  if (each === 'control') return forge('gateway-client', HONEST, forger);
  if (each.recipe !== undefined) return forge('gateway-client', each.recipe, forger);
  return each.id === 'edge-client' ? forger.keys.edgeClient : undefined;
}

/** An honest certificate of the mesh's own CA for any workload: for identities that policies must refuse. */
export async function workloadClient(
  id: string,
  { lab, keys, authority, at }: CertificateForge,
): Promise<SigningPair> {
  const { honest, issuer } = partOf('gateway-client', lab, keys);
  const validity = validFor(at, 1);
  const leaf = await authority.issue({ spec: { ...honest, names: { uri: [id] } }, validity, issuer });
  return { ...leaf, certificatePem: `${leaf.certificatePem}${issuer.certificatePem}` };
}
