import { buildPath, isTidy, type PathSources } from './build-path.ts';
import { type Certificate, type CertificateFacts, labelOf } from './certificate.ts';
import { type CertificateFinding, finding } from './certificate-reason.ts';
import { judgeCertificate } from './judge-certificate.ts';
import { judgeLinks } from './judge-links.ts';
import { judgePolicies } from './judge-policies.ts';
import { judgePurpose } from './judge-purpose.ts';

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
 * Path validation in the sense of RFC 5280 §6, link by link, for one purpose at one time. Where more paths lead to
 * an anchor, one that is good counts. All findings on it are reported, not the first. Names are judged apart
 * (`judgeNames`, `judgeSpiffe`), since a broken chain would hide a wrong name.
 */
export function judgeChain(question: ChainQuestion): ChainJudgement {
  const leaf = question.presented[0];
  if (leaf === undefined)
    return { path: [], findings: [finding('CERT_MISSING', 'the peer presented no certificate')] };
  const judge = (certificates: readonly Certificate[], whole: boolean): readonly CertificateFinding[] =>
    judgePath(
      certificates.map(({ facts }) => facts),
      whole,
      question,
    );
  const { certificates, broken, whole } = buildPath(leaf, question, (path) => judge(path, true).length);
  const findings = [
    ...broken,
    ...untidy(question.presented, certificates, broken.length > 0),
    ...judge(certificates, whole),
  ];
  return { path: certificates.map(({ facts }) => facts), findings };
}

/** @param whole the last one is an anchor */
function judgePath(
  path: readonly CertificateFacts[],
  whole: boolean,
  { at, purpose }: ChainQuestion,
): readonly CertificateFinding[] {
  return [
    ...path.flatMap((facts, place) =>
      judgeCertificate(facts, { at, trusted: whole && place === path.length - 1 }),
    ),
    ...judgeLinks(path),
    ...(whole ? judgePolicies(path) : []),
    ...judgePurpose(path, purpose),
  ];
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
