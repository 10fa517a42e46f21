import type { PartSeen } from '../run/part-seen.ts';
import type { Lab } from '../topology/lab.ts';
import { isSignedBy } from '../trust/verify-signature.ts';
import type { Certificate } from '../trust/certificate.ts';
import { differenceOf } from './compare-certificate.ts';
import { CERTIFICATE_IDS, type CertificateId, type KeySpec, keySpecs } from './key-specs.ts';
import type { CertificateSeen, IdpSecretsSeen, KeysSeen } from './keys-seen.ts';

export type KeyId = CertificateId | 'idp-secrets' | 'edge-root-file';

interface KeyDecision {
  /**
   * `renew` = its time comes, `replace` = it is not what is wanted; both make a new key. `extend` = secrets are added
   * or removed, and those that are good stay.
   */
  readonly action: 'create' | 'renew' | 'replace' | 'extend' | 'keep';
  readonly because: string;
}

export interface PlannedKey extends KeyDecision {
  readonly id: KeyId;
}

/** Issuers stand before what they issue. */
export interface KeysPlan {
  readonly entries: readonly PlannedKey[];
}

/**
 * Which keys and certificates of a lab are made, and why. Pure.
 * @param at milliseconds since the epoch
 */
export function planKeys(lab: Lab, seen: KeysSeen, at: number): KeysPlan {
  const specs = keySpecs(lab);
  const planned = new Map<CertificateId, PlannedKey>();
  for (const id of CERTIFICATE_IDS) {
    planned.set(id, { id, ...decideCertificate(specs[id], seen, planned, at) });
  }
  const idp: PlannedKey = { id: 'idp-secrets', ...decideIdp(lab, seen.idp) };
  const rootFile: PlannedKey = { id: 'edge-root-file', ...decideRootFile(seen, planned.get('edge-root')) };
  return { entries: [...planned.values(), idp, rootFile] };
}

const DAY_MS = 86_400_000;

function decideCertificate(
  spec: KeySpec,
  { certificates }: KeysSeen,
  planned: ReadonlyMap<CertificateId, PlannedKey>,
  at: number,
): KeyDecision {
  const own = certificates[spec.id];
  if (own.kind === 'absent') return { action: 'create', because: `${spec.id} does not exist` };
  if (own.kind === 'unusable') return { action: 'replace', because: own.why };
  const issuer = spec.issuer === undefined ? undefined : planned.get(spec.issuer);
  if (issuer !== undefined && issuer.action !== 'keep') {
    return { action: 'replace', because: `its issuer ${issuer.id} is recreated: ${issuer.because}` };
  }
  const fault =
    issuerFault(spec, own.certificate, certificates) ??
    differenceOf(own.certificate.facts, spec.certificate, spec.namedByMaking);
  return fault === undefined
    ? decideByTime(own.certificate, spec, at)
    : { action: 'replace', because: fault };
}

function issuerFault(
  { issuer }: KeySpec,
  certificate: Certificate,
  seen: Readonly<Record<CertificateId, CertificateSeen>>,
): string | undefined {
  const above = issuer === undefined ? undefined : seen[issuer];
  if (above === undefined) return isSignedBy(certificate, certificate) ? undefined : 'it is not self-signed';
  const signed = above.kind === 'present' && isSignedBy(certificate, above.certificate);
  return signed ? undefined : `it is not signed by the current ${issuer}`;
}

function decideByTime({ facts }: Certificate, { renewBeforeDays }: KeySpec, at: number): KeyDecision {
  const [from, until] = [dayOf(facts.notBefore), dayOf(facts.notAfter)];
  if (at < facts.notBefore)
    return { action: 'replace', because: `it is not valid before ${from}, today is ${dayOf(at)}` };
  const left = Math.floor((facts.notAfter - at) / DAY_MS);
  if (left < 0) return { action: 'renew', because: `it expired on ${until}` };
  if (left < renewBeforeDays) return { action: 'renew', because: `it expires on ${until}, in ${left} days` };
  return { action: 'keep', because: `valid until ${until}, ${left} days` };
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function decideIdp({ users, clients }: Lab, seen: IdpSecretsSeen): KeyDecision {
  if (seen.kind === 'absent')
    return { action: 'create', because: 'the secrets of the identity provider do not exist' };
  if (seen.kind === 'unusable') return { action: 'replace', because: seen.why };
  const missing = [
    ...users.filter((user) => !seen.users.includes(user.name)).map((user) => `user ${user.name}`),
    ...(seen.clients.includes(clients.machine) ? [] : [`client ${clients.machine}`]),
  ];
  if (missing.length > 0)
    return { action: 'extend', because: `the secrets of ${missing.join(', ')} do not exist` };
  const gone = seen.users.filter((name) => !users.some((user) => user.name === name));
  if (gone.length > 0) return { action: 'extend', because: `${gone.join(', ')} can no longer sign in` };
  return {
    action: 'keep',
    because: `secrets of ${seen.users.length} users and ${seen.clients.length} clients exist`,
  };
}

function decideRootFile({ certificates, rootFile }: KeysSeen, edgeRoot: PlannedKey | undefined): KeyDecision {
  if (rootFile === undefined) return { action: 'create', because: 'the edge root is not exported' };
  const root = certificates['edge-root'];
  if (edgeRoot?.action !== 'keep') return { action: 'replace', because: 'the edge root is recreated' };
  const same = root.kind === 'present' && root.certificate.facts.fingerprint === rootFile;
  return same
    ? { action: 'keep', because: `sha256 ${rootFile.slice(0, 16)}…` }
    : {
        action: 'replace',
        because: `the exported file is a different certificate, sha256 ${rootFile.slice(0, 16)}…`,
      };
}

/** The plan as one part of a lab, for the step that makes keys. */
export function keysPart({ entries }: KeysPlan): PartSeen {
  const changes = entries.filter((entry) => entry.action !== 'keep');
  if (changes.length === 0)
    return { state: 'same', seen: `${entries.length} keys and certificates are valid` };
  if (changes.every((entry) => entry.action === 'create') && changes.length === entries.length) {
    return { state: 'absent', seen: 'this lab has no keys yet' };
  }
  return { state: 'differs', seen: changes.map((entry) => `${entry.id}: ${entry.because}`).join('; ') };
}
