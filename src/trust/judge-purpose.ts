import { type CertificateFacts, labelOf } from './certificate.ts';
import { type CertificateFinding, finding } from './certificate-reason.ts';

/**
 * Verifiers apply the purposes of an intermediate to everything below it; those of an anchor count too. Only a leaf
 * may be for `any`: of a CA that is not the purpose asked for.
 */
export function judgePurpose(
  path: readonly CertificateFacts[],
  purpose: string,
): readonly CertificateFinding[] {
  const wrong = path.filter(
    ({ extendedKeyUsage: has }, at) =>
      has !== undefined && !has.includes(purpose) && !(at === 0 && has.includes('any')),
  );
  const [leaf] = path;
  const mute = leaf?.keyUsage !== undefined && !leaf.keyUsage.includes('digitalSignature');
  return [
    ...wrong.map((facts) =>
      finding(
        'CERT_WRONG_EKU',
        `${labelOf(facts)} is for ${facts.extendedKeyUsage?.join(', ')}, not for ${purpose}`,
      ),
    ),
    ...(leaf !== undefined && mute
      ? [finding('CERT_WRONG_KEY_USAGE', `${labelOf(leaf)} is for ${leaf.keyUsage?.join(', ')}`)]
      : []),
  ];
}
