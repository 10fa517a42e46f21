import { type Signal, signal } from './signal.ts';

const alert = (name: string, rest: Parameters<typeof signal>[3]): Signal =>
  signal('tls alert', name, new RegExp(`^${name}$`), rest);
const own = (name: string, rest: Parameters<typeof signal>[3]): Signal =>
  signal('verification', name, new RegExp(`^${name}$`), rest);

/** Alerts of servers by their names in RFC 8446, and the codes of Node.js's own verification. */
export const TLS_SIGNALS: readonly Signal[] = [
  alert('certificate_required', [
    'the server wants a client certificate and none was shown',
    'show the certificate of the edge',
    'MD-EGW-003',
    'MD-EGW-008',
  ]),
  alert('unknown_ca', [
    'the server does not know the CA of the certificate that it was shown',
    'meshdev check MD-EGW-009',
    'MD-EGW-009',
  ]),
  alert('certificate_expired', [
    'the certificate that was shown is out of its time, early or late',
    'meshdev up',
    'MD-EGW-010',
  ]),
  alert('certificate_unknown', [
    'the certificate that was shown names another identity than the one wanted',
    'meshdev check MD-EGW-011',
    'MD-EGW-011',
  ]),
  alert('bad_certificate', [
    'the certificate that was shown cannot be used',
    'meshdev check MD-EGW-005',
    'MD-EGW-005',
  ]),
  alert('unsupported_certificate', [
    'the certificate that was shown is not for this purpose',
    'meshdev check MD-EGW-010',
    'MD-EGW-010',
  ]),
  alert('protocol_version', [
    'the client offers only TLS versions below the floor',
    'use TLS 1.3',
    'MD-EDGE-008',
    'MD-EGW-006',
  ]),
  alert('handshake_failure', [
    'there is no cipher or group in common',
    'use the defaults of TLS 1.3',
    'MD-EGW-006',
  ]),
  alert('internal_error', [
    'the server has no certificate for the name that was asked for',
    'ask for a name that the edge serves',
    'MD-EDGE-009',
  ]),
  alert('unrecognized_name', [
    'the server does not serve the name that was asked for',
    'ask for a name that the edge serves',
    'MD-EDGE-009',
  ]),
  alert('no_application_protocol', [
    'there is no application protocol in common',
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
    'the certificate of the server names another host',
    'meshdev up',
    'MD-EDGE-003',
  ]),
  own('CERT_HAS_EXPIRED|CERT_NOT_YET_VALID', [
    'the certificate of the server is out of its time',
    'meshdev up',
    'MD-EDGE-002',
  ]),
];
