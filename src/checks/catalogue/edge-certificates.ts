import { APP_ID } from '../../sample/names.ts';
import type { Lab } from '../../topology/lab.ts';
import { buildPath } from '../../trust/build-path.ts';
import { type CertificateFacts, labelOf, parseCertificates } from '../../trust/certificate.ts';
import { type AnyCheck, defineCheck, eachCase, fail, pass, unknown } from '../check.ts';
import type { Anchors } from '../../evidence/certificates.ts';
import type { EdgeWire } from '../../evidence/wires.ts';
import type { Verdict } from '../verdict.ts';

export const EDGE_CERTIFICATE_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-EDGE-004',
    title: 'keys, signatures, CA flags, path lengths, key usages and EKUs meet the policy',
    impact: 'some clients refuse the edge, and others accept it',
    hint: 'the certificate that the message names',
    hop: 'client->edge',
    polarity: 'positive',
    blocking: false,
    evidence: ['edge.wire', 'anchors'],
    judge: ({ 'edge.wire': wire, anchors }) => {
      const chain = chainOf(wire, anchors);
      if (chain.leaves.length === 0) return unknown('NO_CERTIFICATE', 'the edge presented no certificate');
      const met = (id: string) => (id === 'eku' ? purposesOf(chain) : undefined);
      return eachCase(Object.entries(POLICY).map(([id, rule]) => [id, meets(rule(chain), met(id))]));
    },
  }),
  defineCheck({
    id: 'MD-EDGE-005',
    title: 'root and intermediate have critical name constraints: only the zone and loopback',
    impact: 'a client that trusts this CA trusts it for any site',
    hint: '`openssl x509 -text` of the certificate that the message names',
    hop: 'client->edge',
    polarity: 'positive',
    blocking: false,
    evidence: ['edge.wire', 'anchors'],
    judge: ({ 'edge.wire': wire, anchors }, { lab }) => {
      const { root, intermediates } = chainOf(wire, anchors);
      return eachCase([
        ['root', constrained(root, 'the edge root', lab)],
        ['intermediate', constrained(intermediates, 'the intermediate of the edge', lab)],
      ]);
    },
  }),
];

interface Chain {
  readonly leaves: readonly CertificateFacts[];
  readonly intermediates: readonly CertificateFacts[];
  readonly root: readonly CertificateFacts[];
}

/** Only what leads from a leaf to our root is judged here: strangers in the list are MD-EDGE-002's. */
function chainOf({ [APP_ID]: app, auth }: EdgeWire, { edgeRootPem }: Anchors): Chain {
  const anchors = parseCertificates(edgeRootPem);
  const root = anchors.map((anchor) => anchor.facts);
  const paths = [app, auth].flatMap((wire) => {
    const presented = wire.peerChain.flatMap(parseCertificates);
    const [leaf] = presented;
    return leaf === undefined ? [] : [buildPath(leaf, { presented, anchors }).certificates];
  });
  const ours = paths.filter((path) => path.at(-1)?.facts.fingerprint === root[0]?.fingerprint);
  return {
    leaves: paths.flatMap((path) => path.slice(0, 1).map(({ facts }) => facts)),
    intermediates: ours.flatMap((path) => path.slice(1, -1).map(({ facts }) => facts)),
    root,
  };
}

/** What each rule has to say against a chain; nothing = it is met. */
type Rule = (chain: Chain) => readonly string[];

const MIN_BITS: Readonly<Record<string, number>> = { ec: 256, ed25519: 256, rsa: 2048 };

const POLICY: Readonly<Record<string, Rule>> = {
  keys: (chain) =>
    all(chain).flatMap((facts) => {
      const least = MIN_BITS[facts.key.type];
      return least === undefined || facts.key.bits < least
        ? [`${labelOf(facts)} has a ${facts.key.type} key of ${facts.key.bits} bits`]
        : [];
    }),
  signatures: (chain) =>
    all(chain).flatMap((facts) =>
      /sha(256|384|512)$|^ed25519$/.test(facts.signatureAlgorithm)
        ? []
        : [`${labelOf(facts)} is signed with ${facts.signatureAlgorithm}`],
    ),
  'ca-flags': ({ leaves, intermediates, root }) => [
    ...leaves.flatMap((facts) => (facts.ca ? [`${labelOf(facts)} is a leaf and a CA`] : [])),
    ...[...intermediates, ...root].flatMap((facts) => (facts.ca ? [] : [`${labelOf(facts)} is not a CA`])),
  ],
  'path-length': ({ intermediates, root }) => [
    ...intermediates.flatMap((facts) => limited(facts, 0)),
    ...root.flatMap((facts) => limited(facts, 1)),
  ],
  'key-usage': ({ leaves, intermediates, root }) => [
    ...leaves.flatMap((facts) => usable(facts, 'digitalSignature')),
    ...[...intermediates, ...root].flatMap((facts) => usable(facts, 'keyCertSign')),
  ],
  eku: ({ leaves }) =>
    leaves.flatMap((facts) =>
      facts.extendedKeyUsage?.includes('serverAuth') === true
        ? []
        : [`${labelOf(facts)} is for ${facts.extendedKeyUsage?.join(', ') ?? 'anything'}`],
    ),
};

function all({ leaves, intermediates, root }: Chain): readonly CertificateFacts[] {
  return [...leaves, ...intermediates, ...root];
}

function limited(facts: CertificateFacts, most: number): readonly string[] {
  return facts.pathLength !== undefined && facts.pathLength <= most
    ? []
    : [`${labelOf(facts)} allows ${facts.pathLength ?? 'any number of'} CAs below it, expected ${most}`];
}

function usable(facts: CertificateFacts, usage: 'digitalSignature' | 'keyCertSign'): readonly string[] {
  return facts.keyUsage?.includes(usage) === true
    ? []
    : [`the key of ${labelOf(facts)} is for ${facts.keyUsage?.join(', ') ?? 'anything'}, expected ${usage}`];
}

/** Caddy's own issuer writes both purposes into every leaf and has no setting for it. */
function purposesOf({ leaves }: Chain): string | undefined {
  return leaves.some(({ extendedKeyUsage }) => extendedKeyUsage?.includes('clientAuth') === true)
    ? 'serverAuth, and clientAuth, which the issuer of Caddy always adds; no component accepts the edge CA for clients: MD-EGW-009[edge-ca], MD-MESH-008[edge-ca]'
    : undefined;
}

function meets(against: readonly string[], because?: string): Verdict {
  const [first] = against;
  return first === undefined
    ? pass(because)
    : fail('EDGE_CERTIFICATE_POLICY', [...new Set(against)].join(' · '));
}

/** Each kind of name needs its own entry, or it stays unrestricted. */
function constrained(cas: readonly CertificateFacts[], who: string, { domain }: Lab): Verdict {
  const wanted = [`dns ${domain}`, `email ${domain}`, `ip 127.0.0.0/8`, `ip ::1/128`, `uri ${domain}`];
  if (cas.length === 0) return unknown('NO_CERTIFICATE', `${who} was not presented`);
  for (const { nameConstraints: limits, ...facts } of cas) {
    const label = labelOf({ ...facts, nameConstraints: limits });
    if (limits === undefined)
      return fail('EDGE_UNCONSTRAINED', `${label} may issue certificates for any name`);
    const permitted = limits.permitted.map(({ kind, value }) => `${kind} ${value}`).toSorted();
    if (!limits.critical) return fail('EDGE_UNCONSTRAINED', `the constraints of ${label} are not critical`);
    if (permitted.join() !== wanted.join())
      return fail(
        'EDGE_UNCONSTRAINED',
        `${label} may issue certificates for ${permitted.join(', ')}, expected ${wanted.join(', ')}`,
      );
  }
  return pass(wanted.join(', '));
}
