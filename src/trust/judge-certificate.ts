import { type CertificateFacts, labelOf } from './certificate.ts';
import { type CertificateFinding, finding } from './certificate-reason.ts';

/** What is wrong with one certificate by itself, wherever it stands in a path. */
export function judgeCertificate(
  facts: CertificateFacts,
  {
    at,
    trusted,
  }: {
    readonly at: number;
    /** It is an anchor: nobody relies on its signature. */ readonly trusted: boolean;
  },
): readonly CertificateFinding[] {
  return [
    ...validity(facts, at),
    ...keyStrength(facts),
    ...(trusted ? [] : signatureStrength(facts)),
    ...facts.unknownCritical.map((oid) =>
      finding('CERT_CRITICAL_UNKNOWN', `${labelOf(facts)} has the critical extension ${oid}`),
    ),
    ...facts.malformed.map((fault) => finding('CERT_MALFORMED', `${labelOf(facts)}: ${fault}`)),
  ];
}

function validity(facts: CertificateFacts, at: number): readonly CertificateFinding[] {
  const now = new Date(at).toISOString();
  if (at < facts.notBefore) {
    return [
      finding(
        'CERT_NOT_YET_VALID',
        `${labelOf(facts)} is not valid before ${isoOf(facts.notBefore)}, it is ${now}`,
      ),
    ];
  }
  return at > facts.notAfter
    ? [finding('CERT_EXPIRED', `${labelOf(facts)} expired ${isoOf(facts.notAfter)}, it is ${now}`)]
    : [];
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}

const MIN_BITS: Readonly<Record<string, number>> = { ec: 256, rsa: 2048, 'rsa-pss': 2048, ed25519: 256 };

function keyStrength(facts: CertificateFacts): readonly CertificateFinding[] {
  const { type, bits, flaw } = facts.key;
  const least = MIN_BITS[type];
  if (flaw !== undefined)
    return [finding('CERT_WEAK_KEY', `${labelOf(facts)} has a ${type} key with ${flaw}`)];
  return least === undefined || bits < least
    ? [
        finding(
          'CERT_WEAK_KEY',
          `${labelOf(facts)} has a ${type} key of ${bits} bits, expected ${least ?? 'ec or rsa'}`,
        ),
      ]
    : [];
}

function signatureStrength(facts: CertificateFacts): readonly CertificateFinding[] {
  return facts.signatureWeakness === undefined
    ? []
    : [finding('CERT_WEAK_SIGNATURE', `${labelOf(facts)} is ${facts.signatureWeakness}`)];
}
