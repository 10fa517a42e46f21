import { buildPath, isTidy, type PathSources } from './build-path.ts';
import { type Certificate, type CertificateFacts, labelOf } from './certificate.ts';
import { type CertificateFinding, finding } from './certificate-reason.ts';
import { forbiddenName } from './name-constraints.ts';

export interface ChainQuestion extends PathSources {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly purpose: 'serverAuth' | 'clientAuth';
}

export interface ChainJudgement {
  /** Leaf first, as far as it could be linked; ends in the anchor when the linkage is whole. */
  readonly path: readonly CertificateFacts[];
  /** Everything that is wrong; empty = a verifier with these anchors may trust the chain. */
  readonly findings: readonly CertificateFinding[];
}

/**
 * Path validation in the sense of RFC 5280 §6, link by link, for one purpose at one time. All
 * findings are reported, not the first. Names are judged apart (`judgeNames`, `judgeSpiffe`),
 * since a broken chain would hide a wrong name.
 */
export function judgeChain(question: ChainQuestion): ChainJudgement {
  const leaf = question.presented[0];
  if (leaf === undefined)
    return { path: [], findings: [finding('CERT_MISSING', 'the peer showed no certificate')] };
  const { certificates, broken } = buildPath(leaf, question);
  const path = certificates.map((certificate) => certificate.facts);
  const findings = [
    ...broken,
    ...untidy(question.presented, certificates, broken.length > 0),
    ...path.flatMap((facts) => [...validity(facts, question.at), ...strength(facts), ...criticals(facts)]),
    ...path.slice(1).flatMap((facts, below) => authority(facts, path.slice(1, below + 1))),
    ...path.flatMap((facts, at) => constraints(facts, path.slice(0, at))),
    ...purposes(path, question.purpose),
  ];
  return { path, findings };
}

/** A path that broke explains its leftovers by itself. */
function untidy(
  presented: readonly Certificate[],
  path: readonly Certificate[],
  broken: boolean,
): readonly CertificateFinding[] {
  if (broken || isTidy(presented, path)) return [];
  const sent = presented.map((certificate) => labelOf(certificate.facts)).join(', ');
  return [
    finding(
      'CERT_CHAIN_UNTIDY',
      `sent: ${sent}; the path: ${path.map((certificate) => labelOf(certificate.facts)).join(', ')}`,
    ),
  ];
}

function validity(facts: CertificateFacts, at: number): readonly CertificateFinding[] {
  const now = new Date(at).toISOString();
  if (at < facts.notBefore) {
    return [
      finding('CERT_NOT_YET_VALID', `${labelOf(facts)} begins ${isoOf(facts.notBefore)}, it is ${now}`),
    ];
  }
  return at > facts.notAfter
    ? [finding('CERT_EXPIRED', `${labelOf(facts)} ended ${isoOf(facts.notAfter)}, it is ${now}`)]
    : [];
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}

const MIN_BITS: Readonly<Record<string, number>> = { ec: 256, rsa: 2048, 'rsa-pss': 2048, ed25519: 256 };

function strength(facts: CertificateFacts): readonly CertificateFinding[] {
  const { type, bits } = facts.key;
  const least = MIN_BITS[type];
  const weakKey = least === undefined || bits < least;
  const weakHash = /sha1$|md5$/.test(facts.signatureAlgorithm);
  return [
    ...(weakKey
      ? [
          finding(
            'CERT_WEAK_KEY',
            `${labelOf(facts)} has a ${type} key of ${bits} bits, wanted ${least ?? 'ec or rsa'}`,
          ),
        ]
      : []),
    // Nobody relies on the signature of a root on itself.
    ...(weakHash && !facts.selfIssued
      ? [finding('CERT_WEAK_SIGNATURE', `${labelOf(facts)} is signed with ${facts.signatureAlgorithm}`)]
      : []),
  ];
}

function criticals(facts: CertificateFacts): readonly CertificateFinding[] {
  return facts.unknownCritical.map((oid) =>
    finding('CERT_CRITICAL_UNKNOWN', `${labelOf(facts)} has the critical extension ${oid}`),
  );
}

/** @param below the intermediates between this issuer and the leaf */
function authority(
  facts: CertificateFacts,
  below: readonly CertificateFacts[],
): readonly CertificateFinding[] {
  const maySign = facts.ca && (facts.keyUsage?.includes('keyCertSign') ?? true);
  if (!maySign) return [finding('CERT_NOT_A_CA', `${labelOf(facts)} signed a certificate, but is no CA`)];
  const depth = below.filter((intermediate) => !intermediate.selfIssued).length;
  if (facts.pathLength === undefined || depth <= facts.pathLength) return [];
  return [
    finding(
      'CERT_PATHLEN',
      `${labelOf(facts)} allows ${facts.pathLength} intermediates below it, there are ${depth}`,
    ),
  ];
}

function constraints(
  ca: CertificateFacts,
  below: readonly CertificateFacts[],
): readonly CertificateFinding[] {
  const limits = ca.nameConstraints;
  if (limits === undefined) return [];
  return below.flatMap((facts) => {
    const forbidden = forbiddenName(facts.altNames, limits);
    return forbidden === undefined
      ? []
      : [finding('CERT_NAME_CONSTRAINT', `${labelOf(facts)}: ${forbidden}, says ${labelOf(ca)}`)];
  });
}

/** Verifiers apply the purposes of an intermediate to everything below it; those of an anchor count too. */
function purposes(path: readonly CertificateFacts[], purpose: string): readonly CertificateFinding[] {
  const wrong = path.filter(
    ({ extendedKeyUsage: has }) => has !== undefined && !has.includes(purpose) && !has.includes('any'),
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
