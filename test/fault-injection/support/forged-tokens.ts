import type { Turned } from './fault-injection.ts';

/** What turns when nobody on the way judges the token that a client sent. */
export const FORGED_TOKENS_PASS = {
  'MD-JWT-002': 'fail JWT_NOT_REQUIRED',
  'MD-JWT-010': 'fail JWT_UNSIGNED_ACCEPTED',
  'MD-JWT-011': 'fail JWT_KEY_CONFUSED',
  'MD-JWT-012': 'fail JWT_FOREIGN_KEY_TAKEN',
  'MD-JWT-013': 'fail JWT_SIGNATURE_NOT_CHECKED',
  'MD-JWT-014': 'fail JWT_KID_TOO_LENIENT',
  'MD-JWT-015': 'fail JWT_ISSUER_TOO_WIDE',
  'MD-JWT-016': 'fail JWT_AUDIENCE_NOT_CHECKED',
  'MD-JWT-017': 'fail JWT_TIME_NOT_CHECKED',
  'MD-JWT-018': 'fail JWT_OTHER_KIND_ACCEPTED',
  'MD-JWT-019': 'fail JWT_OTHER_DELIVERY_TAKEN',
  'MD-JWT-020': 'fail JWT_MALFORMED_ACCEPTED',
} as const satisfies Readonly<Record<string, Turned>>;
