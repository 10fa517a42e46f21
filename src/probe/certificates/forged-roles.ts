import { APP_ID } from '../../sample/names.ts';
import type { LabKeys } from '../../keys/lab-keys.ts';
import type { CertificateNames, CertificateSpec, SigningPair } from '../../ports/certificate-authority.ts';
import { spiffeId } from '../../topology/identity.ts';
import type { Lab } from '../../topology/lab.ts';

/** What a forger needs of the lab's keys: all but those of the IdP. */
export type ForgingKeys = Omit<LabKeys, 'idp'>;

/** Whom a forged certificate imitates, and which honest authority made the original. */
export interface Part {
  readonly role: 'server' | 'client';
  /** The honest certificate. */
  readonly honest: CertificateSpec;
  /** Signs the honest one, and is sent with it. */
  readonly issuer: SigningPair;
  /** A name of the same kind that the same CA could certify for somebody else. */
  readonly another: CertificateNames;
  /** The right name, and one more that spoils it. */
  readonly ambiguous: CertificateNames;
  /** Where the issuer itself limits names: the right name beside one outside. */
  readonly outside?: CertificateNames;
  readonly spiffe: string;
}

export type PartId = 'edge' | 'gateway' | 'edge-client' | 'app' | 'gateway-client' | 'issuer';

/** In the order of the chain: who shows itself to whom is said in verifiers.ts. */
export function partOf(id: PartId, lab: Lab, keys: ForgingKeys): Part {
  switch (id) {
    case 'edge':
      return publicServer(lab.hosts[APP_ID], lab, keys);
    case 'issuer':
      return publicServer(lab.hosts.rogueServer, lab, keys);
    case 'gateway':
      return { ...named(lab.hosts[APP_ID], 'server', lab), issuer: mesh(keys) };
    case 'edge-client':
      return { ...named(lab.hosts.edge, 'client', lab), issuer: mesh(keys) };
    case 'app':
      return { ...workload('server', APP_ID, lab), issuer: mesh(keys) };
    case 'gateway-client':
      return { ...workload('client', 'gateway', lab), issuer: mesh(keys) };
  }
}

/** A name outside the zone of the lab; reserved, so nobody has it. */
const OUTSIDE = 'outside.example.test';

type Unsigned = Omit<Part, 'issuer'>;

/** A server by the edge's authority, whose names end at the zone. */
function publicServer(host: string, lab: Lab, { edge }: ForgingKeys): Part {
  return {
    ...named(host, 'server', lab),
    outside: { dns: [host, OUTSIDE] },
    issuer: { certificatePem: edge.intermediatePem, keyPem: edge.intermediateKeyPem },
  };
}

function named(host: string, role: Part['role'], lab: Lab): Unsigned {
  return {
    role,
    honest: {
      commonName: host,
      names: { dns: [host] },
      extendedKeyUsage: [role === 'server' ? 'serverAuth' : 'clientAuth'],
    },
    another: { dns: [`wrong.${lab.domain}`] },
    // A wildcard may stand for the leftmost label and nothing else.
    ambiguous: { dns: [host, `*.*.${lab.domain}`] },
    spiffe: spiffeId(lab.workloads.gateway),
  };
}

/** As istiod writes workload certificates: one URI SAN, both purposes. */
function workload(role: Part['role'], name: typeof APP_ID | 'gateway', lab: Lab): Unsigned {
  const id = spiffeId(lab.workloads[name]);
  return {
    role,
    honest: { commonName: id, names: { uri: [id] }, extendedKeyUsage: ['serverAuth', 'clientAuth'] },
    // Of a client a sidecar wants any workload of the mesh; who may do what is up to policies.
    another: role === 'client' ? { dns: [`wrong.${lab.domain}`] } : { uri: [spiffeId(lab.workloads.caller)] },
    // X.509-SVID §2: exactly one URI, or nobody knows who that is.
    ambiguous: { uri: [id, spiffeId({ ...lab.workloads.gateway, serviceAccount: 'second' })] },
    spiffe: id,
  };
}

/** istiod's CA, which descends from the mesh root. */
function mesh({ mesh: { cacerts } }: ForgingKeys): SigningPair {
  return { certificatePem: cacerts['ca-cert.pem'], keyPem: cacerts['ca-key.pem'] };
}
