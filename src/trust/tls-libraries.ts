import type { TlsOffer } from './tls-agreement.ts';

const TLS13 = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'] as const;

/**
 * What Go 1.26’s `crypto/tls` offers unasked, so Caddy to its upstreams and istiod to an issuer. Since Go
 * 1.22 the exchange by RSA alone is off; nobody can choose the suites of TLS 1.3.
 * Source: crypto/tls/defaults.go, cipher_suites.go.
 */
export const GO_OFFER: TlsOffer = {
  versions: ['TLSv1.2', 'TLSv1.3'],
  ciphers: [
    ...TLS13,
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-RSA-CHACHA20-POLY1305',
    'ECDHE-ECDSA-AES128-SHA',
    'ECDHE-RSA-AES128-SHA',
    'ECDHE-ECDSA-AES256-SHA',
    'ECDHE-RSA-AES256-SHA',
  ],
  groups: ['X25519MLKEM768', 'SecP256r1MLKEM768', 'SecP384r1MLKEM1024', 'X25519', 'P-256', 'P-384', 'P-521'],
  alpn: ['h2', 'http/1.1'],
};

/** What an Envoy speaks where its configuration is silent. Source: Envoy’s tls.v3 TlsParameters. */
export const ENVOY_OFFER: TlsOffer = {
  versions: ['TLSv1.2', 'TLSv1.3'],
  ciphers: [
    ...TLS13,
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-RSA-CHACHA20-POLY1305',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
  ],
  groups: ['X25519MLKEM768', 'X25519', 'P-256'],
  alpn: [],
};

export const TLS13_SUITES: readonly string[] = TLS13;
