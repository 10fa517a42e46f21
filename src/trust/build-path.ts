import { type Certificate, labelOf, publicKeyOf } from './certificate.ts';
import { type CertificateFinding, finding } from './certificate-reason.ts';

export interface PathSources {
  /** Certificates as the peer sent them, leaf first. */
  readonly presented: readonly Certificate[];
  readonly anchors: readonly Certificate[];
  /** Intermediates that exist but were perhaps not sent: they tell an incomplete chain from a foreign one. */
  readonly known?: readonly Certificate[];
}

export interface Path {
  /** Leaf first; the last one is the anchor when nothing broke. */
  readonly certificates: readonly Certificate[];
  readonly broken: readonly CertificateFinding[];
}

/** Longest path that is looked at; a real one has three or four. */
const MAX_LENGTH = 10;

/**
 * Links certificates by issuer name *and* signature. What a peer sends is a list, not a path:
 * its order counts for nothing here (see {@link isTidy} for that).
 */
export function buildPath(leaf: Certificate, sources: PathSources): Path {
  const certificates = [leaf];
  const broken: CertificateFinding[] = [];
  for (let last = leaf; certificates.length < MAX_LENGTH;) {
    if (sources.anchors.some((anchor) => isSame(anchor, last))) return { certificates, broken };
    const next = issuerOf(last, certificates, sources);
    if (next.kind === 'broken') return { certificates, broken: [...broken, next.finding] };
    if (next.kind === 'not-sent') broken.push(notSent(last, next.issuer));
    certificates.push(next.issuer);
    last = next.issuer;
  }
  return {
    certificates,
    broken: [...broken, finding('CERT_PATHLEN', `no anchor within ${MAX_LENGTH} certificates`)],
  };
}

type Next =
  | { readonly kind: 'found' | 'not-sent'; readonly issuer: Certificate }
  | { readonly kind: 'broken'; readonly finding: CertificateFinding };

function issuerOf(child: Certificate, path: readonly Certificate[], sources: PathSources): Next {
  // Anchors first: a copy of the root that the peer sent adds nothing.
  const candidates = [...sources.anchors, ...sources.presented].filter(
    (candidate) => isNamedBy(child, candidate) && !path.some((used) => isSame(used, candidate)),
  );
  const issuer = candidates.find((candidate) => isSignedBy(child, candidate));
  if (issuer !== undefined) return { kind: 'found', issuer };
  const absent = sources.known?.find(
    (candidate) => isNamedBy(child, candidate) && isSignedBy(child, candidate),
  );
  if (absent !== undefined && !path.includes(absent)) return { kind: 'not-sent', issuer: absent };
  return {
    kind: 'broken',
    finding: candidates.length > 0 ? badSignature(child, candidates) : unknownIssuer(child, sources),
  };
}

function isSame(one: Certificate, other: Certificate): boolean {
  return one.facts.fingerprint === other.facts.fingerprint;
}

function isNamedBy(child: Certificate, candidate: Certificate): boolean {
  return child.issuerDer.equals(candidate.subjectDer);
}

/** Pure cryptography: whether `issuer`'s key made the signature on `child`. */
export function isSignedBy(child: Certificate, issuer: Certificate): boolean {
  const key = publicKeyOf(issuer.x509);
  try {
    return key !== undefined && child.x509.verify(key);
  } catch {
    // Key and signature are of different kinds.
    return false;
  }
}

function badSignature({ facts }: Certificate, candidates: readonly Certificate[]): CertificateFinding {
  const tried = candidates.map((candidate) => labelOf(candidate.facts)).join(', ');
  return finding(
    'CERT_BAD_SIGNATURE',
    `${labelOf(facts)} names ${facts.issuer} as its issuer, but ${tried} did not sign it`,
  );
}

function unknownIssuer({ facts }: Certificate, { anchors }: PathSources): CertificateFinding {
  const trusted = anchors.map((anchor) => labelOf(anchor.facts)).join(', ');
  const end = facts.selfIssued
    ? `${labelOf(facts)} signed itself`
    : `${labelOf(facts)} was issued by ${facts.issuer}`;
  return finding('CERT_UNKNOWN_ISSUER', `${end}; trusted here: ${trusted === '' ? 'nothing' : trusted}`);
}

function notSent(child: Certificate, issuer: Certificate): CertificateFinding {
  return finding(
    'CERT_CHAIN_INCOMPLETE',
    `the issuer of ${labelOf(child.facts)}, ${labelOf(issuer.facts)}, was not sent`,
  );
}

/** Whether a list is the path itself: leaf first, in order, no strangers; the anchor may be left out. */
export function isTidy(presented: readonly Certificate[], path: readonly Certificate[]): boolean {
  const sent = path.filter((certificate) => presented.some((other) => isSame(other, certificate)));
  return (
    presented.length === sent.length &&
    presented.every((certificate, at) => sent[at] !== undefined && isSame(certificate, sent[at]))
  );
}
