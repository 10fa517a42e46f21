import { LONG_FLAG_NAMES } from './signals/flag-names.ts';

/** How OpenSSL (curl, openssl s_client) and Go name an alert of TLS; the rest of the line stands before it. */
const ALERT = /(?:(?:tlsv1[\d.]*|tlsv13|sslv3)(?: alert)?|remote error: tls:) ([a-z]+(?: [a-z]+)*)\b/i;

/** What curl, browsers and Node.js put before a status or a reason. */
const STATUS = /^(?:HTTP(?:\/[\d.]+)? |HTTP )?(\d{3}\b.*)$/i;

/** OpenSSL's words for what Node.js has codes for. */
const VERIFICATION: Readonly<Record<string, string>> = {
  'unable to get local issuer certificate': 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'self-signed certificate in certificate chain': 'SELF_SIGNED_CERT_IN_CHAIN',
  'self-signed certificate': 'DEPTH_ZERO_SELF_SIGNED_CERT',
  'unable to verify the first certificate': 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'certificate has expired': 'CERT_HAS_EXPIRED',
  'certificate is not yet valid': 'CERT_NOT_YET_VALID',
};

/**
 * What somebody copies from curl, a browser or a log, in the forms that the tables of signals know it by: as it is, then
 * as a flag of Envoy, as an alert, as a code of verification, as a status, and as Envoy's details. Pure.
 */
export function pastedForms(text: string): readonly string[] {
  const plain = text.trim().replace(/^["'`]|["'`]$/g, '');
  const [, alert] = ALERT.exec(plain) ?? [];
  const [, status] = STATUS.exec(plain) ?? [];
  const lower = plain.toLowerCase();
  const flag = Object.hasOwn(LONG_FLAG_NAMES, plain) ? LONG_FLAG_NAMES[plain] : undefined;
  const codes = Object.entries(VERIFICATION).filter(([words]) => lower.includes(words));
  return [
    plain,
    ...(flag === undefined ? [] : [flag]),
    ...(alert === undefined ? [] : [underscored(alert)]),
    ...codes.slice(0, 1).map(([, code]) => code),
    ...(status === undefined ? [] : [status]),
    // Envoy writes the same words into its details, with another sign between them.
    `jwt_authn_access_denied{${underscored(plain)}}`,
    underscored(plain),
  ];
}

function underscored(text: string): string {
  return text.replaceAll(' ', '_');
}
