import { describe, expect, it } from 'vitest';
import { alertName } from '../../../src/agent/program/alert.ts';

describe('alertName', () => {
  it.each([
    ['Node.js 24', 'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', 'handshake_failure'],
    ['Node.js 20', 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'handshake_failure'],
    ['Node.js 20', 'ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', 'certificate_expired'],
    ['TLS 1.0 and later', 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'unknown_ca'],
    ['TLS 1.3', 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'certificate_required'],
    ['without ALERT in it', 'ERR_SSL_TLSV1_UNRECOGNIZED_NAME', 'unrecognized_name'],
    ['British', 'ERR_SSL_TLSV1_ALERT_USER_CANCELLED', 'user_canceled'],
  ])('knows the spelling of %s: %s', (_who, code, name) => {
    expect(alertName({ code, message: '' })).toBe(name);
  });

  it('prefers the number over any spelling', () => {
    const message =
      '00:error:0A00045C:SSL routines:ssl3_read_bytes:whatever:rec_layer_s3.c:918:SSL alert number 116\n';
    expect(alertName({ code: 'ERR_SSL_NEW_SPELLING', message })).toBe('certificate_required');
    expect(alertName({ code: 'X', message: 'error:0A000418:SSL routines::anything' })).toBe('unknown_ca');
  });

  it.each([
    ['a reset', 'ECONNRESET', 'read ECONNRESET'],
    ['our own refusal', 'ERR_SSL_WRONG_VERSION_NUMBER', 'error:0A00010B:SSL routines::wrong version number'],
    [
      'our own missing version',
      'ERR_SSL_UNSUPPORTED_PROTOCOL',
      'error:0A000102:SSL routines::unsupported protocol',
    ],
    ['our own code of a TLS version', 'ERR_SSL_TLSV1_SOMETHING_ELSE', ''],
  ])('does not take %s for an alert', (_what, code, message) => {
    expect(alertName({ code, message })).toBeUndefined();
  });
});
