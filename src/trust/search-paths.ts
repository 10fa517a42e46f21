import { type Certificate, labelOf } from './certificate.ts';
import { type CertificateFinding, finding } from './certificate-reason.ts';
import { isSignedBy } from './verify-signature.ts';

export interface PathSources {
  /** Certificates as the peer sent them, leaf first. */
  readonly presented: readonly Certificate[];
  readonly anchors: readonly Certificate[];
  /** Intermediates that exist but were perhaps not sent: they tell an incomplete chain from a foreign one. */
  readonly known?: readonly Certificate[];
}

export interface Path {
  /** Leaf first; the last one is the anchor when the path is whole. */
  readonly certificates: readonly Certificate[];
  /** It ends in an anchor. */
  readonly whole: boolean;
  /** What is wrong with the linkage itself. */
  readonly broken: readonly CertificateFinding[];
}

/** Longest path that is looked at; a real one has three or four. */
const MAX_LENGTH = 10;
/** Whoever sends certificates chooses how many paths lead through them: work ends here, found or not. */
const MAX_SIGNATURES = 200;
const MAX_STEPS = 2_000;

/** What one search has spent. A pair of certificates is asked about once. */
interface Search {
  readonly sources: PathSources;
  readonly answers: Map<string, boolean>;
  signatures: number;
  steps: number;
}

/**
 * All paths from a leaf, by issuer name *and* signature, depth first: those that end in an anchor, and those that
 * end nowhere. What a peer sends is a list, not a path: its order counts for nothing.
 */
export function searchPaths(leaf: Certificate, sources: PathSources): Generator<Path> {
  return follow(
    { certificates: [leaf], whole: false, broken: [] },
    { sources, answers: new Map(), signatures: 0, steps: 0 },
  );
}

function* follow({ certificates, broken }: Path, search: Search): Generator<Path> {
  search.steps += 1;
  const last = certificates.at(-1);
  if (last === undefined) return;
  const trusted = search.sources.anchors.some((anchor) => isSame(anchor, last));
  if (trusted) yield { certificates, whole: true, broken };
  if (certificates.length === MAX_LENGTH || isSpent(search)) {
    if (!trusted) yield { certificates, whole: false, broken: [...broken, gaveUp(search)] };
    return;
  }
  const { issuers, refused } = issuersOf(last, certificates, search);
  if (issuers.length === 0 && !trusted)
    yield { certificates, whole: false, broken: [...broken, deadEnd(last, refused, search)] };
  for (const issuer of issuers) {
    const sent = isSent(issuer, search.sources);
    const next = { certificates: [...certificates, issuer], whole: false };
    yield* follow({ ...next, broken: sent ? broken : [...broken, notSent(last, issuer)] }, search);
  }
}

function isSpent({ signatures, steps }: Search): boolean {
  return signatures >= MAX_SIGNATURES || steps >= MAX_STEPS;
}

interface Issuers {
  readonly issuers: readonly Certificate[];
  /** Of the right name, but not of the right key. */
  readonly refused: readonly Certificate[];
}

function issuersOf(child: Certificate, path: readonly Certificate[], search: Search): Issuers {
  const { anchors, presented, known = [] } = search.sources;
  // Anchors first: a copy of the root that the peer sent adds nothing. What was not sent comes last.
  const all = [...anchors, ...byKeyId(presented, child), ...known];
  const named = all.filter(
    (candidate, at) =>
      child.issuerDer.equals(candidate.subjectDer) &&
      !path.some((used) => isSameParty(used, candidate)) &&
      all.findIndex((other) => isSame(other, candidate)) === at,
  );
  const issuers = named.filter((candidate) => signed(child, candidate, search));
  return {
    issuers,
    refused: named.filter((each) => isSent(each, search.sources) && !issuers.includes(each)),
  };
}

/** The key identifier is a hint: it says whom to try first. */
function byKeyId(presented: readonly Certificate[], { facts }: Certificate): readonly Certificate[] {
  const isMeant = (candidate: Certificate): boolean => candidate.facts.subjectKeyId === facts.authorityKeyId;
  return [...presented.filter(isMeant), ...presented.filter((candidate) => !isMeant(candidate))];
}

function signed(child: Certificate, candidate: Certificate, search: Search): boolean {
  const pair = `${child.facts.fingerprint} ${candidate.facts.fingerprint}`;
  const known = search.answers.get(pair);
  if (known !== undefined) return known;
  if (search.signatures >= MAX_SIGNATURES) return false;
  search.signatures += 1;
  const answer = isSignedBy(child, candidate);
  search.answers.set(pair, answer);
  return answer;
}

export function isSame(one: Certificate, other: Certificate): boolean {
  return one.facts.fingerprint === other.facts.fingerprint;
}

/** A second certificate for the same name and key leads nowhere where the first one did not. */
function isSameParty(one: Certificate, other: Certificate): boolean {
  return one.subjectDer.equals(other.subjectDer) && one.keyDer.equals(other.keyDer);
}

function isSent(certificate: Certificate, { anchors, presented }: PathSources): boolean {
  return [...anchors, ...presented].some((each) => isSame(each, certificate));
}

function gaveUp({ signatures, steps }: Search): CertificateFinding {
  const spent = signatures >= MAX_SIGNATURES || steps >= MAX_STEPS;
  return finding(
    'CERT_PATHLEN',
    spent
      ? `no trust anchor after ${signatures} signatures and ${steps} steps`
      : `no trust anchor within ${MAX_LENGTH} certificates`,
  );
}

function deadEnd(
  child: Certificate,
  refused: readonly Certificate[],
  { sources }: Search,
): CertificateFinding {
  return refused.length > 0 ? badSignature(child, refused) : unknownIssuer(child, sources);
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
    ? `${labelOf(facts)} is self-signed`
    : `${labelOf(facts)} was issued by ${facts.issuer}`;
  return finding('CERT_UNKNOWN_ISSUER', `${end}; trust anchors: ${trusted === '' ? 'none' : trusted}`);
}

function notSent(child: Certificate, issuer: Certificate): CertificateFinding {
  return finding(
    'CERT_CHAIN_INCOMPLETE',
    `the issuer of ${labelOf(child.facts)}, ${labelOf(issuer.facts)}, was not sent`,
  );
}
