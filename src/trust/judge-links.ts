import { type CertificateFacts, labelOf } from './certificate.ts';
import { type CertificateFinding, finding } from './certificate-reason.ts';
import { forbiddenName, unusableLimit } from './name-constraints.ts';
import { type GeneralName, ipOctets } from './general-name.ts';
import { isHostName } from './dns-name.ts';

/** What is wrong between the certificates of a path, leaf first: who may sign what for whom. */
export function judgeLinks(path: readonly CertificateFacts[]): readonly CertificateFinding[] {
  return [
    ...path.slice(1).flatMap((facts, below) => authority(facts, below)),
    ...path.flatMap((facts, at) => keyIds(facts, path[at + 1])),
    ...path.flatMap((facts, at) => constraints(facts, path.slice(0, at))),
  ];
}

/**
 * @param below the number of intermediates between this issuer and the leaf. Self-issued ones are counted:
 * RFC 5280 leaves them out, but a CA that allows none below it is refused for them by most verifiers.
 */
function authority(facts: CertificateFacts, below: number): readonly CertificateFinding[] {
  const maySign = facts.ca && (facts.keyUsage?.includes('keyCertSign') ?? true);
  if (!maySign) return [finding('CERT_NOT_A_CA', `${labelOf(facts)} signed a certificate, but is not a CA`)];
  if (facts.pathLength === undefined || below <= facts.pathLength) return [];
  return [
    finding(
      'CERT_PATHLEN',
      `${labelOf(facts)} allows ${facts.pathLength} intermediates below it, the chain has ${below}`,
    ),
  ];
}

/** The signature fits, and most verifiers look no further for an issuer than to the name of its key. */
function keyIds(
  facts: CertificateFacts,
  issuer: CertificateFacts | undefined,
): readonly CertificateFinding[] {
  const [wanted, has] = [facts.authorityKeyId, issuer?.subjectKeyId];
  if (wanted === undefined || has === undefined || wanted === has) return [];
  return [
    finding(
      'CERT_MALFORMED',
      `${labelOf(facts)} names ${wanted} as the key id of its issuer, which has ${has}`,
    ),
  ];
}

function constraints(
  ca: CertificateFacts,
  below: readonly CertificateFacts[],
): readonly CertificateFinding[] {
  const limits = ca.nameConstraints;
  if (limits === undefined || below.length === 0) return [];
  const unusable = unusableLimit(limits);
  if (unusable !== undefined) return [finding('CERT_NAME_CONSTRAINT', `${labelOf(ca)}: ${unusable}`)];
  return below.flatMap((facts, at) => {
    const forbidden = forbiddenName(namesOf(facts, at === 0), limits);
    return forbidden === undefined
      ? []
      : [
          finding(
            'CERT_NAME_CONSTRAINT',
            `${labelOf(facts)}: ${forbidden}, by the name constraints of ${labelOf(ca)}`,
          ),
        ];
  });
}

/** RFC 5280 §6.1.3 (b): constraints do not bind a CA that certifies itself. */
function namesOf(facts: CertificateFacts, isLeaf: boolean): readonly GeneralName[] {
  if (facts.selfIssued && !isLeaf) return [];
  const subject = facts.subjectName.rdns.length === 0 ? [] : [facts.subjectName];
  const emails = facts.subjectEmails.map((value) => ({ kind: 'email', value }) as const);
  return [...facts.altNames, ...subject, ...emails, ...(isLeaf ? commonNames(facts) : [])];
}

/** Where there is no DNS name, some clients still take the common name for one, or for an address. */
function commonNames({ altNames, commonNames: names }: CertificateFacts): readonly GeneralName[] {
  if (altNames.some(({ kind }) => kind === 'dns')) return [];
  return names.flatMap((value): readonly GeneralName[] => {
    if (ipOctets(value) !== undefined) return [{ kind: 'ip', value }];
    return value.includes('.') && isHostName(value) ? [{ kind: 'dns', value }] : [];
  });
}
