import {
  type CertificateAuthority,
  type CertificateNames,
  type CertificateSpec,
  type SigningPair,
  validFor,
  type Validity,
} from '../../ports/certificate-authority.ts';
import { spiffeId } from '../../topology/identity.ts';
import type { Lab } from '../../topology/lab.ts';
import type { Recipe } from '../../cases/certificates/flaws.ts';
import { type ForgingKeys, type Part, type PartId, partOf } from './forged-roles.ts';

export interface CertificateForge {
  readonly lab: Lab;
  readonly keys: ForgingKeys;
  /** Signs the CA that may certify other names only: below istiod's own CA no other fits. */
  readonly meshRoot: SigningPair;
  readonly authority: CertificateAuthority;
  readonly at: Date;
}

/** A certificate like the honest one of a component but for what the recipe says. Chain leaf first, and key, PEM. */
export async function forge(id: PartId, recipe: Recipe, forger: CertificateForge): Promise<SigningPair> {
  const part = partOf(id, forger.lab, forger.keys);
  const spec = specOf(part, recipe, forger.lab);
  const signers = await signersOf(part, recipe, forger);
  const [issuer] = signers;
  const leaf = await forger.authority.issue({
    spec,
    validity: validityOf(recipe, forger),
    ...(issuer === undefined ? {} : { issuer: issuer.signs ?? issuer.shown }),
  });
  const strangers = recipe.send === 'with-strangers' ? [await strangerCa(forger, 'stranger')] : [];
  const sent = recipe.send === 'leaf-only' ? [] : [...strangers, ...signers.map(({ shown }) => shown)];
  return { keyPem: leaf.keyPem, certificatePem: [leaf, ...sent].map((pair) => pair.certificatePem).join('') };
}

function specOf(part: Part, recipe: Recipe, lab: Lab): CertificateSpec {
  const { honest } = part;
  return {
    ...honest,
    names: namesOf(part, recipe, lab),
    ...(recipe.names === 'another' ? { commonName: 'wrong' } : {}),
    ...(recipe.purpose === undefined
      ? {}
      : { extendedKeyUsage: [part.role === 'server' ? 'clientAuth' : 'serverAuth'] }),
    ...(recipe.key === undefined ? {} : { key: recipe.key }),
    ...(recipe.hash === undefined ? {} : { hash: recipe.hash }),
  };
}

function namesOf(part: Part, { names, by }: Recipe, lab: Lab): CertificateNames {
  switch (names) {
    case 'another':
      return part.another;
    case 'common-name':
      return { dns: [`wrong.${lab.domain}`] };
    case 'no-san':
      return {};
    case 'ambiguous':
      return part.ambiguous;
    case 'spiffe':
      return { uri: [part.spiffe] };
    case 'other-trust-domain':
      return { uri: [spiffeId({ ...lab.workloads.gateway, trustDomain: 'forged.local' })] };
    case undefined:
    default:
      return by === 'constrained' ? (part.outside ?? part.honest.names) : part.honest.names;
  }
}

/** One CA of the chain below the leaf: what is shown, and what signs where that is somebody else's key. */
interface Signer {
  readonly shown: SigningPair;
  readonly signs?: SigningPair;
}

async function signersOf(part: Part, { by }: Recipe, forger: CertificateForge): Promise<readonly Signer[]> {
  const own: Signer = { shown: part.issuer };
  switch (by) {
    case 'itself':
      return [];
    case 'stranger':
      return [{ shown: await strangerCa(forger, 'stranger') }];
    case 'namesake': {
      const { keyPem } = await strangerCa(forger, 'namesake');
      return [{ shown: part.issuer, signs: { certificatePem: part.issuer.certificatePem, keyPem } }];
    }
    case 'leaf':
      return [{ shown: await issue(forger, part.honest, part.issuer) }, own];
    case 'too-deep':
      return [{ shown: await issue(forger, caNamed('too deep'), part.issuer) }, own];
    case 'constrained':
      return part.outside === undefined ? [{ shown: await constrainedCa(forger) }] : [own];
    case 'edge-ca':
      return [{ shown: partOf('edge', forger.lab, forger.keys).issuer }];
    case 'other-mesh': {
      const root = await strangerCa(forger, 'other mesh root');
      return [{ shown: await issue(forger, caNamed('other mesh'), root) }, { shown: root }];
    }
    case undefined:
    default:
      return [own];
  }
}

function caNamed(commonName: string): CertificateSpec {
  return { commonName, names: {}, ca: { pathLength: undefined }, extendedKeyUsage: [] };
}

async function strangerCa(forger: CertificateForge, commonName: string): Promise<SigningPair> {
  return forger.authority.issue({ spec: caNamed(commonName), validity: validFor(forger.at, 1) });
}

async function constrainedCa(forger: CertificateForge): Promise<SigningPair> {
  const nameConstraints = [
    { kind: 'dns', value: 'elsewhere.example.test' },
    { kind: 'uri', value: 'elsewhere.example.test' },
  ] as const;
  return issue(forger, { ...caNamed('constrained'), nameConstraints }, forger.meshRoot);
}

async function issue(
  { authority, at }: CertificateForge,
  spec: CertificateSpec,
  issuer: SigningPair,
): Promise<SigningPair> {
  return authority.issue({ spec, validity: validFor(at, 1), issuer });
}

const HOUR_MS = 3_600_000;

function validityOf({ when }: Recipe, { at }: CertificateForge): Validity {
  if (when === undefined) return validFor(at, 1);
  const [from, until] = when === 'past' ? [-48, -24] : [24, 48];
  return { notBefore: hoursFrom(at, from), notAfter: hoursFrom(at, until) };
}

function hoursFrom(at: Date, hours: number): Date {
  return new Date(at.getTime() + hours * HOUR_MS);
}
