import { type Signal, signal } from './signal.ts';

const alert = (name: string, rest: Parameters<typeof signal>[3]): Signal =>
  signal('tls alert', name, new RegExp(`^${name}$`), rest);
const own = (name: string, rest: Parameters<typeof signal>[3]): Signal =>
  signal('verification', name, new RegExp(`^${name}$`), rest);

/** Alerts of servers by their names in RFC 8446, and the codes of Node.js's own verification. */
export const TLS_SIGNALS: readonly Signal[] = [
  alert('certificate_required', [
    'the server requires a client certificate, and the client presented none',
    'present the certificate of the edge',
    'MD-EGW-003',
    'MD-EGW-008',
  ]),
  alert('unknown_ca', [
    'the server does not trust the CA of the certificate that the client presented',
    'meshdev check MD-EGW-009',
    'MD-EGW-009',
  ]),
  alert('certificate_expired', [
    'the certificate of the client is expired or not yet valid',
    'meshdev up',
    'MD-EGW-010',
  ]),
  alert('certificate_unknown', [
    'the certificate of the client does not have the expected identity',
    'meshdev check MD-EGW-011',
    'MD-EGW-011',
  ]),
  alert('bad_certificate', [
    'the certificate of the client cannot be used',
    'meshdev check MD-EGW-005',
    'MD-EGW-005',
  ]),
  alert('unsupported_certificate', [
    'the certificate of the client is not valid for this purpose',
    'meshdev check MD-EGW-010',
    'MD-EGW-010',
  ]),
  alert('protocol_version', [
    'the client offers only TLS versions below the minimum',
    'use TLS 1.3',
    'MD-EDGE-008',
    'MD-EGW-006',
  ]),
  alert('handshake_failure', [
    'both sides have no cipher suite or group in common',
    'use the defaults of TLS 1.3',
    'MD-EGW-006',
  ]),
  alert('internal_error', [
    'the server has no certificate for the requested name',
    'request a name that the edge serves',
    'MD-EDGE-009',
  ]),
  alert('unrecognized_name', [
    'the server does not serve the requested name',
    'request a name that the edge serves',
    'MD-EDGE-009',
  ]),
  alert('no_application_protocol', [
    'both sides have no application protocol in common',
    'offer h2 and http/1.1',
    'MD-EDGE-007',
  ]),
  own('UNABLE_TO_GET_ISSUER_CERT_LOCALLY|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT', [
    'the CA of the server is not trusted',
    'trust the root of the lab: meshdev env --ca',
    'MD-EDGE-002',
  ]),
  own('UNABLE_TO_VERIFY_LEAF_SIGNATURE', [
    'the server did not send its intermediate',
    'meshdev up',
    'MD-EDGE-002',
  ]),
  own('ERR_TLS_CERT_ALTNAME_INVALID', [
    'the certificate of the server does not have the requested name',
    'meshdev up',
    'MD-EDGE-003',
  ]),
  own('CERT_HAS_EXPIRED|CERT_NOT_YET_VALID', [
    'the certificate of the server is expired or not yet valid',
    'meshdev up',
    'MD-EDGE-002',
  ]),
];
