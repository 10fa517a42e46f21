import type { CertificateSpec } from '../ports/certificate-authority.ts';
import type { CertificateFacts } from '../trust/certificate.ts';
import { withoutMaking } from '../trust/root-name.ts';

/**
 * How a certificate differs from what is wanted; undefined when it says the same.
 * Times and issuer are judged elsewhere.
 * @param namedByMaking its common name may end with the mark of its making
 */
export function differenceOf(
  facts: CertificateFacts,
  spec: CertificateSpec,
  namedByMaking = false,
): string | undefined {
  const seen = seenTraits(namedByMaking ? { ...facts, subject: withoutMaking(facts.subject) } : facts);
  const wanted = wantedTraits(spec);
  const name = Object.keys(wanted).find((trait) => seen[trait] !== wanted[trait]);
  return name === undefined ? undefined : `${name} ${shown(seen[name])}, expected ${shown(wanted[name])}`;
}

type Traits = Readonly<Record<string, string>>;

function shown(value = ''): string {
  return value === '' ? 'none' : value;
}

function seenTraits(facts: CertificateFacts): Traits {
  const limits = facts.nameConstraints;
  return {
    subject: facts.subject,
    names: sorted(facts.altNames.map((name) => `${name.kind}:${name.value}`)),
    CA: caText(facts.ca, facts.pathLength),
    purposes: sorted(facts.extendedKeyUsage ?? []),
    'name constraints':
      limits === undefined ? '' : limitText(limits.critical, limits.permitted, limits.excluded.length),
    key: `${facts.key.type} ${facts.key.bits}`,
  };
}

function wantedTraits(spec: CertificateSpec): Traits {
  const { organization, nameConstraints: limits } = spec;
  const kinds = ['dns', 'uri', 'ip', 'email'] as const;
  return {
    subject: `CN=${spec.commonName}${organization === undefined ? '' : `, O=${organization}`}`,
    names: sorted(kinds.flatMap((kind) => (spec.names[kind] ?? []).map((value) => `${kind}:${value}`))),
    CA: caText(spec.ca !== undefined, spec.ca?.pathLength),
    purposes: sorted(spec.extendedKeyUsage),
    'name constraints': limits === undefined ? '' : limitText(true, limits, 0),
    key: 'ec 256',
  };
}

function caText(ca: boolean, pathLength: number | undefined): string {
  return ca ? `yes, path length ${pathLength ?? 'any'}` : 'no';
}

function limitText(
  critical: boolean,
  permitted: readonly { kind: string; value: string }[],
  excluded: number,
): string {
  const names = sorted(permitted.map((name) => `${name.kind}:${name.value}`));
  return `${critical ? 'critical' : 'not critical'}, permitted ${names}, excluded ${excluded}`;
}

function sorted(values: readonly string[]): string {
  return values.toSorted().join(' ');
}
