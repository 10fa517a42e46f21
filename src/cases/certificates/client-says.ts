import type { FlawId } from './flaws.ts';

/** What the clients of this machine say to a bad server in the edge's place. */
interface Said {
  /** `authorizationError` of Node.js. */
  readonly node: string;
  /** Number of OpenSSL's verify error (X509_V_ERR_…); stable, unlike its text. */
  readonly openssl: number;
}

const NO_ISSUER = { node: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', openssl: 20 } as const;
const OTHER_NAME = { node: 'ERR_TLS_CERT_ALTNAME_INVALID', openssl: 62 } as const;
/** Clients may let these pass: nothing is expected of them. */
const ANYTHING = { node: '', openssl: 0 } as const;

/** Node.js has names for the usual reasons only. */
const UNNAMED = 'UNSPECIFIED';

export const CLIENT_SAYS: Readonly<Record<FlawId, Said>> = {
  expired: { node: 'CERT_HAS_EXPIRED', openssl: 10 },
  'not-yet-valid': { node: 'CERT_NOT_YET_VALID', openssl: 9 },
  'wrong-name': OTHER_NAME,
  'common-name-only': OTHER_NAME,
  'without-san': ANYTHING,
  'stranger-ca': { node: 'SELF_SIGNED_CERT_IN_CHAIN', openssl: 19 },
  'self-signed': { node: 'DEPTH_ZERO_SELF_SIGNED_CERT', openssl: 18 },
  'without-intermediate': NO_ISSUER,
  'foreign-ca': { node: 'CERT_SIGNATURE_FAILURE', openssl: 7 },
  'leaf-as-ca': { node: UNNAMED, openssl: 79 },
  'too-deep': { node: 'PATH_LENGTH_EXCEEDED', openssl: 25 },
  'outside-constraint': { node: UNNAMED, openssl: 47 },
  'wrong-purpose': { node: 'INVALID_PURPOSE', openssl: 26 },
  'weak-key': ANYTHING,
  'weak-hash': { node: UNNAMED, openssl: 68 },
  'untidy-chain': ANYTHING,
  'ambiguous-name': ANYTHING,
  'spiffe-of-other-mesh': ANYTHING,
  'other-trust-domain': ANYTHING,
};
