/** TLS alerts by number (RFC 8446 §6 and its forerunners). */
const ALERTS: Readonly<Record<number, string>> = {
  0: 'close_notify',
  10: 'unexpected_message',
  20: 'bad_record_mac',
  21: 'decryption_failed',
  22: 'record_overflow',
  30: 'decompression_failure',
  40: 'handshake_failure',
  41: 'no_certificate',
  42: 'bad_certificate',
  43: 'unsupported_certificate',
  44: 'certificate_revoked',
  45: 'certificate_expired',
  46: 'certificate_unknown',
  47: 'illegal_parameter',
  48: 'unknown_ca',
  49: 'access_denied',
  50: 'decode_error',
  51: 'decrypt_error',
  60: 'export_restriction',
  70: 'protocol_version',
  71: 'insufficient_security',
  80: 'internal_error',
  86: 'inappropriate_fallback',
  90: 'user_canceled',
  100: 'no_renegotiation',
  109: 'missing_extension',
  110: 'unsupported_extension',
  111: 'certificate_unobtainable',
  112: 'unrecognized_name',
  113: 'bad_certificate_status_response',
  114: 'bad_certificate_hash_value',
  115: 'unknown_psk_identity',
  116: 'certificate_required',
  120: 'no_application_protocol',
};

/** Where OpenSSL's spelling is not the RFC's. */
const RESPELT: Readonly<Record<string, string>> = { user_cancelled: 'user_canceled' };

const NAMES = new Set(Object.values(ALERTS));

/** OpenSSL's reasons for received alerts are this plus the alert's number. */
const REASON_OFFSET = 1000;

/**
 * Name of the TLS alert that the far end sent, or undefined when the error is something else.
 * Read from OpenSSL's number; the spelling of the code differs between Node.js 20 (`SSLV3`) and 24 (`SSL/TLS`).
 */
export function alertName(error: {
  readonly code: string | undefined;
  readonly message: string;
}): string | undefined {
  return alertByNumber(error.message) ?? alertByCode(error.code ?? '');
}

function alertByNumber(message: string): string | undefined {
  const stated = /SSL alert number (\d+)/.exec(message)?.[1];
  if (stated !== undefined) return ALERTS[Number(stated)];
  const packed = /error:[0-9A-F]{2}([0-9A-F]{6}):/i.exec(message)?.[1];
  return packed === undefined ? undefined : ALERTS[Number.parseInt(packed, 16) - REASON_OFFSET];
}

function alertByCode(code: string): string | undefined {
  const spelt = /^ERR_SSL_(?:SSL\/TLS|SSLV3|TLSV1|TLSV13)_(?:ALERT_)?([A-Z_]+)$/
    .exec(code)?.[1]
    ?.toLowerCase();
  if (spelt === undefined) return undefined;
  const name = RESPELT[spelt] ?? spelt;
  return NAMES.has(name) ? name : undefined;
}
