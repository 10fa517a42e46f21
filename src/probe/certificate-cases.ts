import type { CertificateReason } from '../trust/certificate-reason.ts';

/** TLS alerts by their names in RFC 8446 §6, as the pinned Envoy sends them (measured, TLS 1.3). */
type Alert =
  | 'certificate_required'
  | 'unknown_ca'
  | 'certificate_expired'
  | 'certificate_unknown'
  | 'unsupported_certificate';

/** A client certificate that a server must refuse: what is wrong and which alert answers. */
export interface ClientCertificateCase {
  readonly id: string;
  readonly why: string;
  readonly expectedAlert: Alert;
  readonly reason: CertificateReason;
}

/** Shown to the gateway, which wants Caddy's client certificate and nobody else's. */
export const GATEWAY_CLIENTS = [
  { id: 'none', why: 'no client certificate', expectedAlert: 'certificate_required', reason: 'CERT_MISSING' },
  {
    id: 'foreign-ca',
    why: 'the right name, by a CA that only calls itself like ours',
    expectedAlert: 'unknown_ca',
    reason: 'CERT_BAD_SIGNATURE',
  },
  {
    id: 'stranger-ca',
    why: 'the right name, by a CA of another name',
    expectedAlert: 'unknown_ca',
    reason: 'CERT_UNKNOWN_ISSUER',
  },
  {
    id: 'edge-ca',
    why: "the right name, by the edge's CA, which may not make clients",
    expectedAlert: 'unknown_ca',
    reason: 'CERT_UNKNOWN_ISSUER',
  },
  {
    id: 'self-signed',
    why: 'the right name, signed by itself',
    expectedAlert: 'unknown_ca',
    reason: 'CERT_UNKNOWN_ISSUER',
  },
  {
    id: 'without-intermediate',
    why: 'good, but its intermediate is not sent',
    expectedAlert: 'unknown_ca',
    reason: 'CERT_CHAIN_INCOMPLETE',
  },
  {
    id: 'leaf-as-ca',
    why: 'the right name, signed by a certificate that is no CA',
    expectedAlert: 'unknown_ca',
    reason: 'CERT_NOT_A_CA',
  },
  {
    id: 'expired',
    why: 'good until yesterday',
    expectedAlert: 'certificate_expired',
    reason: 'CERT_EXPIRED',
  },
  {
    id: 'not-yet-valid',
    why: 'good from tomorrow',
    // BoringSSL has one alert for both ends of the validity.
    expectedAlert: 'certificate_expired',
    reason: 'CERT_NOT_YET_VALID',
  },
  {
    id: 'server-only',
    why: 'good, but for servers only',
    expectedAlert: 'unsupported_certificate',
    reason: 'CERT_WRONG_EKU',
  },
  {
    id: 'gateway-itself',
    why: "the gateway's own server certificate",
    expectedAlert: 'unsupported_certificate',
    reason: 'CERT_WRONG_EKU',
  },
  {
    id: 'wrong-name',
    why: 'by the right CA, with another name',
    expectedAlert: 'certificate_unknown',
    reason: 'CERT_NAME_MISMATCH',
  },
  {
    id: 'common-name-only',
    why: 'by the right CA, the right name only as common name',
    expectedAlert: 'certificate_unknown',
    reason: 'CERT_NAME_MISMATCH',
  },
  {
    id: 'workload',
    why: 'a workload of the mesh, with its SPIFFE ID',
    expectedAlert: 'certificate_unknown',
    reason: 'CERT_NAME_MISMATCH',
  },
] as const satisfies readonly ClientCertificateCase[];

/** Shown to a sidecar in STRICT mode, which wants a workload of its own trust domain. */
export const SIDECAR_CLIENTS = [
  { id: 'none', why: 'no client certificate', expectedAlert: 'certificate_required', reason: 'CERT_MISSING' },
  {
    id: 'edge-client',
    why: "Caddy's client certificate: the mesh root, but no workload",
    expectedAlert: 'certificate_unknown',
    reason: 'CERT_NAME_MISMATCH',
  },
  {
    id: 'foreign-ca',
    why: "the gateway's SPIFFE ID, by a CA that only calls itself like ours",
    expectedAlert: 'unknown_ca',
    reason: 'CERT_BAD_SIGNATURE',
  },
  {
    id: 'self-signed',
    why: "the gateway's SPIFFE ID, signed by itself",
    expectedAlert: 'unknown_ca',
    reason: 'CERT_UNKNOWN_ISSUER',
  },
  {
    id: 'other-trust-domain',
    why: 'by the right CA, with a SPIFFE ID of another trust domain',
    expectedAlert: 'certificate_unknown',
    reason: 'CERT_TRUST_DOMAIN',
  },
  {
    id: 'expired',
    why: "the gateway's SPIFFE ID, good until yesterday",
    expectedAlert: 'certificate_expired',
    reason: 'CERT_EXPIRED',
  },
  {
    id: 'not-yet-valid',
    why: "the gateway's SPIFFE ID, good from tomorrow",
    // BoringSSL has one alert for both ends of the validity.
    expectedAlert: 'certificate_expired',
    reason: 'CERT_NOT_YET_VALID',
  },
  {
    id: 'server-only',
    why: "the gateway's SPIFFE ID, for servers only",
    expectedAlert: 'unsupported_certificate',
    reason: 'CERT_WRONG_EKU',
  },
] as const satisfies readonly ClientCertificateCase[];

/** `control` is the honest one: the same forger's tools, nothing wrong; the server must accept it. */
export type GatewayClientId = (typeof GATEWAY_CLIENTS)[number]['id'] | 'control';
export type SidecarClientId = (typeof SIDECAR_CLIENTS)[number]['id'] | 'control';
