import { altNamesOf, type Certificate, type CertificateFacts, labelOf } from './certificate.ts';
import { type CertificateFinding, finding } from './certificate-reason.ts';
import { isDnsName } from './dns-name.ts';
import { ipOctets } from './general-name.ts';
import { parseSpiffe } from './spiffe.ts';

/**
 * Whether the leaf names `host`, a DNS name or an IP address, in a subject alternative name; the
 * common name never counts. Malformed names are found even when another one matches.
 */
export function judgeNames(leaf: Certificate, host: string): readonly CertificateFinding[] {
  return [...malformed(leaf.facts), ...(isNamed(leaf, host) ? [] : [mismatch(leaf.facts, host)])];
}

function isNamed({ x509 }: Certificate, host: string): boolean {
  if (ipOctets(host) !== undefined) return x509.checkIP(host) !== undefined;
  return x509.checkHost(host, { subject: 'never', partialWildcards: false }) !== undefined;
}

function mismatch(facts: CertificateFacts, wanted: string): CertificateFinding {
  const names = facts.altNames.map((name) => name.value).join(', ');
  return finding(
    'CERT_NAME_MISMATCH',
    `${labelOf(facts)} has ${names === '' ? 'no SAN' : names}, expected ${wanted}`,
  );
}

function malformed(facts: CertificateFacts): readonly CertificateFinding[] {
  const bad = [
    ...altNamesOf(facts, 'dns').filter((name) => !isDnsName(name)),
    ...altNamesOf(facts, 'ip').filter((address) => ipOctets(address) === undefined),
  ];
  return bad.map((name) =>
    finding('CERT_SAN_MALFORMED', `${labelOf(facts)} has the name ${JSON.stringify(name)}`),
  );
}

/**
 * Whether the leaf is exactly the workload `id`: one URI SAN, no more (X.509-SVID §2), and that one
 * equal byte for byte.
 */
export function judgeSpiffe(leaf: Certificate, id: string): readonly CertificateFinding[] {
  const { facts } = leaf;
  const uris = altNamesOf(facts, 'uri');
  const [uri] = uris;
  if (uri === undefined) return [mismatch(facts, id)];
  if (uris.length > 1) {
    return [
      finding(
        'CERT_SAN_MALFORMED',
        `${labelOf(facts)} has ${uris.length} URI names, expected one: ${uris.join(', ')}`,
      ),
    ];
  }
  const seen = parseSpiffe(uri);
  if (seen === undefined)
    return [finding('CERT_SAN_MALFORMED', `${labelOf(facts)}: ${JSON.stringify(uri)} is not a SPIFFE ID`)];
  if (uri === id) return [];
  const wanted = parseSpiffe(id)?.trustDomain;
  if (seen.trustDomain === wanted) return [mismatch(facts, id)];
  return [finding('CERT_TRUST_DOMAIN', `${labelOf(facts)} is ${uri}, expected trust domain ${wanted}`)];
}
