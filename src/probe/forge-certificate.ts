import type { LabKeys } from '../keys/lab-keys.ts';
import {
  type CertificateAuthority,
  type CertificateSpec,
  type SigningPair,
  validFor,
  type Validity,
} from '../ports/certificate-authority.ts';
import { spiffeId } from '../topology/identity.ts';
import type { Lab } from '../topology/lab.ts';
import { parseCertificate } from '../trust/certificate.ts';
import type { GatewayClientId, SidecarClientId } from './certificate-cases.ts';

export interface CertificateForge {
  readonly lab: Lab;
  readonly keys: LabKeys;
  readonly authority: CertificateAuthority;
  readonly at: Date;
}

/** What a TLS client is started with: chain (leaf first) and key, PEM; undefined = it shows nothing. */
export type ClientCertificate = SigningPair | undefined;

type Recipe = (forge: CertificateForge) => Promise<ClientCertificate>;

/** The client certificate of one case against the gateway. */
export async function forgeGatewayClient(
  id: GatewayClientId,
  forge: CertificateForge,
): Promise<ClientCertificate> {
  return GATEWAY[id](forge);
}

/** The client certificate of one case against a sidecar. */
export async function forgeSidecarClient(
  id: SidecarClientId,
  forge: CertificateForge,
): Promise<ClientCertificate> {
  return SIDECAR[id](forge);
}

/** An honest certificate of the mesh's own CA for any workload: for identities that policies must refuse. */
export async function forgeWorkload(id: string, forge: CertificateForge): Promise<ClientCertificate> {
  return byMesh(forge, workload(id));
}

const HOUR_MS = 3_600_000;

const edge = ({ lab }: CertificateForge): CertificateSpec =>
  client(lab.hosts.edge, { dns: [lab.hosts.edge] });

/** As istiod writes workload certificates: no subject worth a name, one URI SAN, both purposes. */
const workload = (id: string): CertificateSpec => ({
  ...client('workload', { uri: [id] }),
  extendedKeyUsage: ['serverAuth', 'clientAuth'],
});

const gatewayWorkload = ({ lab }: CertificateForge): CertificateSpec =>
  workload(spiffeId(lab.workloads.gateway));

function client(commonName: string, names: CertificateSpec['names']): CertificateSpec {
  return { commonName, names, extendedKeyUsage: ['clientAuth'] };
}

const GATEWAY: Readonly<Record<GatewayClientId, Recipe>> = {
  control: (forge) => byMesh(forge, edge(forge)),
  none: async () => undefined,
  'foreign-ca': (forge) =>
    byForeign(forge, edge(forge), parseCertificate(forge.keys.mesh.rootPem).facts.subject),
  'stranger-ca': (forge) => byForeign(forge, edge(forge), 'CN=stranger'),
  'edge-ca': (forge) =>
    byPair(forge, edge(forge), {
      certificatePem: forge.keys.edge.intermediatePem,
      keyPem: forge.keys.edge.intermediateKeyPem,
    }),
  'self-signed': (forge) => forge.authority.issue({ spec: edge(forge), validity: now(forge) }),
  'without-intermediate': async (forge) => leafOnly(await byMesh(forge, edge(forge))),
  'leaf-as-ca': (forge) => byPair(forge, edge(forge), forge.keys.edgeClient),
  expired: (forge) => byMesh(forge, edge(forge), past(forge)),
  'not-yet-valid': (forge) => byMesh(forge, edge(forge), future(forge)),
  'server-only': (forge) => byMesh(forge, { ...edge(forge), extendedKeyUsage: ['serverAuth'] }),
  'gateway-itself': async ({ keys }) => ({
    certificatePem: keys.gateway.certificatePem,
    keyPem: keys.gateway.keyPem,
  }),
  'wrong-name': (forge) => byMesh(forge, client('wrong', { dns: [`wrong.${forge.lab.domain}`] })),
  'common-name-only': (forge) =>
    byMesh(forge, client(forge.lab.hosts.edge, { dns: [`wrong.${forge.lab.domain}`] })),
  workload: (forge) => byMesh(forge, workload(spiffeId(forge.lab.workloads.httpbin))),
};

const SIDECAR: Readonly<Record<SidecarClientId, Recipe>> = {
  control: (forge) => byMesh(forge, gatewayWorkload(forge)),
  none: async () => undefined,
  'edge-client': async ({ keys }) => keys.edgeClient,
  'foreign-ca': (forge) =>
    byForeign(forge, gatewayWorkload(forge), parseCertificate(forge.keys.mesh.rootPem).facts.subject),
  'self-signed': (forge) => forge.authority.issue({ spec: gatewayWorkload(forge), validity: now(forge) }),
  'other-trust-domain': (forge) =>
    byMesh(forge, workload(spiffeId({ ...forge.lab.workloads.gateway, trustDomain: 'forged.local' }))),
  expired: (forge) => byMesh(forge, gatewayWorkload(forge), past(forge)),
  'not-yet-valid': (forge) => byMesh(forge, gatewayWorkload(forge), future(forge)),
  'server-only': (forge) => byMesh(forge, { ...gatewayWorkload(forge), extendedKeyUsage: ['serverAuth'] }),
};

/** By istiod's CA, which descends from the mesh root: only what the specification says can be wrong. */
async function byMesh(
  forge: CertificateForge,
  spec: CertificateSpec,
  validity = now(forge),
): Promise<SigningPair> {
  const { cacerts } = forge.keys.mesh;
  return byPair(
    forge,
    spec,
    { certificatePem: cacerts['ca-cert.pem'], keyPem: cacerts['ca-key.pem'] },
    validity,
  );
}

async function byPair(
  { authority, at }: CertificateForge,
  spec: CertificateSpec,
  issuer: SigningPair,
  validity: Validity = validFor(at, 1),
): Promise<SigningPair> {
  const leaf = await authority.issue({ spec, validity, issuer });
  return { ...leaf, certificatePem: `${leaf.certificatePem}${issuer.certificatePem}` };
}

/** By a CA of the forger's own, under a subject of his choice. */
async function byForeign(
  forge: CertificateForge,
  spec: CertificateSpec,
  subject: string,
): Promise<SigningPair> {
  const [, commonName = 'stranger'] = /CN=([^,]+)/.exec(subject) ?? [];
  const [, organization] = /O=([^,]+)/.exec(subject) ?? [];
  const ca = {
    commonName,
    ...(organization === undefined ? {} : { organization }),
    names: {},
    ca: { pathLength: 1 },
    extendedKeyUsage: [],
  };
  const root = await forge.authority.issue({ spec: ca, validity: now(forge) });
  return forge.authority.issue({ spec, validity: now(forge), issuer: root });
}

function leafOnly({ certificatePem, keyPem }: SigningPair): SigningPair {
  const end = '-----END CERTIFICATE-----\n';
  return { certificatePem: `${certificatePem.split(end)[0] ?? ''}${end}`, keyPem };
}

function now({ at }: CertificateForge): Validity {
  return validFor(at, 1);
}

function past({ at }: CertificateForge): Validity {
  return { notBefore: hoursFrom(at, -48), notAfter: hoursFrom(at, -24) };
}

function future({ at }: CertificateForge): Validity {
  return { notBefore: hoursFrom(at, 24), notAfter: hoursFrom(at, 48) };
}

function hoursFrom(at: Date, hours: number): Date {
  return new Date(at.getTime() + hours * HOUR_MS);
}
