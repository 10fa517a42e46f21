import type { CertificateSpec } from '../ports/certificate-authority.ts';
import type { Lab } from '../topology/lab.ts';
import type { ConstraintName } from '../trust/name-constraints.ts';
import { edgeRootName } from '../trust/root-name.ts';

/** The certificates of a lab; issuers stand before what they issue. */
export const CERTIFICATE_IDS = [
  'edge-root',
  'edge-intermediate',
  'mesh-root',
  'istiod-ca',
  'gateway-server',
  'edge-client',
] as const;

export type CertificateId = (typeof CERTIFICATE_IDS)[number];

export interface KeySpec {
  readonly id: CertificateId;
  /** Missing = self-signed. */
  readonly issuer?: CertificateId;
  readonly certificate: CertificateSpec;
  readonly lifetimeDays: number;
  /** Its subject ends with the day and a random mark of each making, see `madeName`. */
  readonly namedByMaking?: true;
  /** `up` makes it anew when less is left. */
  readonly renewBeforeDays: number;
}

/**
 * Two years: whoever put the edge root into a trust store is asked again after that, and a root that
 * was forgotten there ends by itself. Its name constraints bound the harm until then.
 */
const ROOT_DAYS = 730;
/** A lab may be left alone for months; Caddy's own seven days would not survive a holiday. */
const INTERMEDIATE_DAYS = 180;
const LEAF_DAYS = 90;
/** As `check` warns: CAs below 30 days. A third of a leaf's life, so that both follow one rule. */
const RENEW_BEFORE_DAYS = 30;

const ORGANIZATION = 'meshdev';

/** What the certificates of this lab have to say; everything follows from its names. */
export function keySpecs(lab: Lab): Readonly<Record<CertificateId, KeySpec>> {
  const constraints = zoneAndLoopback(lab.domain);
  return {
    // It may enter trust stores: an old root there must not be taken for a new one of the same name.
    'edge-root': {
      ...root('edge-root', edgeRootName(lab.name), constraints),
      namedByMaking: true,
    },
    // On both: Java ignores the constraints of a root.
    'edge-intermediate': intermediate(
      'edge-intermediate',
      'edge-root',
      `meshdev edge ${lab.name}`,
      constraints,
    ),
    'mesh-root': root('mesh-root', `meshdev mesh root ${lab.name}`),
    'istiod-ca': intermediate('istiod-ca', 'mesh-root', `meshdev mesh ${lab.name}`),
    'gateway-server': leaf(
      'gateway-server',
      lab.hosts.gateway,
      lab.services.flatMap(({ host }) => host ?? []),
      'serverAuth',
    ),
    // A client only: nothing that trusts the mesh root takes it for a server.
    'edge-client': leaf('edge-client', lab.hosts.edge, [], 'clientAuth'),
  };
}

/**
 * Each kind of name needs its own entry, or it stays unrestricted. No excluded entries: Go and Java
 * cannot even read a CA that has them in their usual forms.
 */
function zoneAndLoopback(domain: string): readonly ConstraintName[] {
  return [
    { kind: 'dns', value: domain },
    { kind: 'ip', value: '127.0.0.0/8' },
    { kind: 'ip', value: '::1/128' },
    { kind: 'email', value: domain },
    { kind: 'uri', value: domain },
  ];
}

type Limits = readonly ConstraintName[] | undefined;

function root(id: CertificateId, commonName: string, nameConstraints?: Limits): KeySpec {
  return {
    id,
    certificate: authority(commonName, 1, nameConstraints),
    lifetimeDays: ROOT_DAYS,
    renewBeforeDays: RENEW_BEFORE_DAYS,
  };
}

function intermediate(
  id: CertificateId,
  issuer: CertificateId,
  commonName: string,
  nameConstraints?: Limits,
): KeySpec {
  const certificate = authority(commonName, 0, nameConstraints);
  return { id, issuer, certificate, lifetimeDays: INTERMEDIATE_DAYS, renewBeforeDays: RENEW_BEFORE_DAYS };
}

function authority(commonName: string, pathLength: number, nameConstraints: Limits): CertificateSpec {
  return {
    commonName,
    organization: ORGANIZATION,
    names: {},
    ca: { pathLength },
    extendedKeyUsage: [],
    ...(nameConstraints === undefined ? {} : { nameConstraints }),
  };
}

function leaf(
  id: CertificateId,
  name: string,
  others: readonly string[],
  purpose: 'serverAuth' | 'clientAuth',
): KeySpec {
  return {
    id,
    issuer: 'mesh-root',
    certificate: {
      commonName: name,
      organization: ORGANIZATION,
      names: { dns: [name, ...others] },
      extendedKeyUsage: [purpose],
    },
    lifetimeDays: LEAF_DAYS,
    renewBeforeDays: RENEW_BEFORE_DAYS,
  };
}
