import type { CertificateReason } from '../../trust/certificate-reason.ts';
import { type FlawId, FLAWS, type Recipe } from './flaws.ts';

/** TLS alerts by their names in RFC 8446 §6, as the pinned Envoy sends them (measured, TLS 1.3). */
export type Alert =
  | 'bad_certificate'
  | 'certificate_required'
  | 'certificate_expired'
  | 'certificate_unknown'
  | 'decrypt_error'
  | 'unknown_ca'
  | 'unsupported_certificate';

/** A bad certificate before one verifier, and what that one has to make of it. */
export interface CertificateCase {
  readonly id: string;
  readonly why: string;
  readonly reason: CertificateReason;
  /** How to forge it; absent for `none` and for certificates that the lab has anyway. */
  readonly recipe?: Recipe;
  /** What the verifier itself says; part of its words. */
  readonly says: string;
  /** Of a server: what its client is told. */
  readonly alert?: Alert;
  /** The verifier may let it pass; then our own judge must find the reason. */
  readonly tolerable: boolean;
}

interface Said {
  readonly says: string;
  readonly alert: Alert;
}

const NO_ISSUER = { says: 'unable to get local issuer certificate', alert: 'unknown_ca' } as const;
const OTHER_NAME = { says: 'SAN matcher', alert: 'certificate_unknown' } as const;
const TOLERATED = { says: '', alert: 'certificate_unknown' } as const;

/** BoringSSL in Envoy, as server and as client; it has one alert for both ends of the validity. */
const ENVOY: Readonly<Record<FlawId, Said>> = {
  expired: { says: 'certificate has expired', alert: 'certificate_expired' },
  'not-yet-valid': { says: 'certificate is not yet valid', alert: 'certificate_expired' },
  'wrong-name': OTHER_NAME,
  'common-name-only': OTHER_NAME,
  'without-san': OTHER_NAME,
  'stranger-ca': { says: 'self signed certificate in certificate chain', alert: 'unknown_ca' },
  'self-signed': NO_ISSUER,
  'without-intermediate': NO_ISSUER,
  'foreign-ca': { says: 'certificate signature failure', alert: 'decrypt_error' },
  'leaf-as-ca': NO_ISSUER,
  'too-deep': { says: 'path length constraint exceeded', alert: 'unknown_ca' },
  'outside-constraint': { says: 'permitted subtree violation', alert: 'certificate_unknown' },
  'wrong-purpose': { says: 'unsupported certificate purpose', alert: 'unsupported_certificate' },
  'weak-key': TOLERATED,
  'weak-hash': TOLERATED,
  'untidy-chain': TOLERATED,
  'ambiguous-name': TOLERATED,
  'spiffe-of-other-mesh': { says: 'self signed certificate in certificate chain', alert: 'unknown_ca' },
  'other-trust-domain': OTHER_NAME,
};

const UNKNOWN_TO_GO = 'certificate signed by unknown authority';

/** Go's crypto/x509 in Caddy and istiod. */
const GO: Readonly<Record<FlawId, string>> = {
  // One sentence for both ends of the validity; what follows tells them apart.
  expired: 'Z is after',
  'not-yet-valid': 'Z is before',
  'wrong-name': 'certificate is valid for',
  'common-name-only': 'certificate is valid for',
  'without-san': 'certificate relies on legacy Common Name field',
  'stranger-ca': UNKNOWN_TO_GO,
  'self-signed': UNKNOWN_TO_GO,
  'without-intermediate': UNKNOWN_TO_GO,
  'foreign-ca': 'ECDSA verification failure',
  'leaf-as-ca': 'cannot sign this kind of certificate',
  'too-deep': 'too many intermediates',
  'outside-constraint': 'is not permitted by any constraint',
  'wrong-purpose': 'incompatible key usage',
  'weak-key': '',
  'weak-hash': 'insecure algorithm',
  'untidy-chain': '',
  'ambiguous-name': '',
  'spiffe-of-other-mesh': UNKNOWN_TO_GO,
  'other-trust-domain': 'certificate is not valid for any names',
};

const SPIFFE_ONLY: ReadonlySet<string> = new Set(['spiffe-of-other-mesh', 'other-trust-domain']);
const MAY_PASS: ReadonlySet<string> = new Set(['weak-key', 'untidy-chain', 'ambiguous-name']);

function byEnvoy(): readonly CertificateCase[] {
  return FLAWS.map((flaw) => ({
    ...flaw,
    ...ENVOY[flaw.id],
    tolerable: MAY_PASS.has(flaw.id) || flaw.id === 'weak-hash',
  }));
}

function byGo(): readonly CertificateCase[] {
  return FLAWS.filter(({ id }) => !SPIFFE_ONLY.has(id)).map((flaw) => ({
    ...flaw,
    says: GO[flaw.id],
    tolerable: MAY_PASS.has(flaw.id),
  }));
}

const NONE: CertificateCase = {
  id: 'none',
  why: 'no client certificate',
  reason: 'CERT_MISSING',
  says: 'PEER DID NOT RETURN A CERTIFICATE',
  alert: 'certificate_required',
  tolerable: false,
};

/** Shown to clients of the edge; what each of them says is in client-says.ts. */
export const EDGE_SERVERS: readonly CertificateCase[] = byGo().map((each) => ({
  ...each,
  says: '',
  // Node.js, curl and OpenSSL fall back on the common name where there is no SAN (measured).
  tolerable: each.tolerable || each.id === 'without-san',
}));

/** By a CA of the lab that does not belong to the mesh: what a bundle that is too wide would let in. */
const BY_EDGE_CA = {
  id: 'edge-ca',
  why: 'the right name, from the CA of the edge, which is not part of the mesh',
  reason: 'CERT_UNKNOWN_ISSUER',
  recipe: { by: 'edge-ca' },
  tolerable: false,
} as const;

/** Shown to the edge, which wants the gateway. */
export const GATEWAY_SERVERS: readonly CertificateCase[] = [
  ...byGo(),
  { ...BY_EDGE_CA, says: UNKNOWN_TO_GO },
];

/**
 * Shown to istiod, which wants the issuer. It repeats a failed fetch for seven seconds, and after six
 * failures at a time it holds up its own pushes: more would be felt by the whole mesh.
 */
const SHOWN_TO_ISTIOD: ReadonlySet<string> = new Set([
  'expired',
  'wrong-name',
  'stranger-ca',
  'without-intermediate',
]);
export const ISSUER_SERVERS = byGo().filter(({ id }) => SHOWN_TO_ISTIOD.has(id));
export const ISSUER_SERVERS_UNSHOWN = byGo().filter(({ id }) => !SHOWN_TO_ISTIOD.has(id));

/** Shown to the gateway as client of the app, which wants one SPIFFE ID. */
export const SIDECAR_SERVERS = byEnvoy();

/** Shown to the gateway, which wants Caddy's client certificate and nobody else's. */
export const GATEWAY_CLIENTS: readonly CertificateCase[] = [
  NONE,
  ...byEnvoy(),
  { ...BY_EDGE_CA, ...NO_ISSUER },
  {
    id: 'gateway-itself',
    why: 'the server certificate of the gateway',
    reason: 'CERT_WRONG_EKU',
    ...ENVOY['wrong-purpose'],
    tolerable: false,
  },
  {
    id: 'workload',
    why: 'a workload of the mesh, with its SPIFFE ID',
    reason: 'CERT_NAME_MISMATCH',
    ...OTHER_NAME,
    tolerable: false,
  },
];

/** Shown to a sidecar in STRICT mode, which wants a workload of its own trust domain. */
export const SIDECAR_CLIENTS: readonly CertificateCase[] = [
  NONE,
  ...byEnvoy(),
  { ...BY_EDGE_CA, ...NO_ISSUER },
  {
    id: 'edge-client',
    why: 'the client certificate of Caddy: from the mesh root, but not of a workload',
    reason: 'CERT_NAME_MISMATCH',
    ...OTHER_NAME,
    tolerable: false,
  },
];
