import { childrenOf, countOf, type DerNode, oidText, readOnly, TAG } from './der.ts';
import type { Extension } from './extension-list.ts';

/** What the four extensions for certificate policies say (RFC 5280 §4.2.1.4, 5, 11, 14). */
export interface PolicyFacts {
  /** OIDs; `undefined` = the certificate is for no policy. */
  readonly policies: readonly string[] | undefined;
  /** Below it the policy `from` is called `to`. */
  readonly policyMappings: readonly PolicyMapping[];
  /** After so many more certificates mappings count for nothing, and what they map is for no policy. */
  readonly inhibitPolicyMapping: number | undefined;
  /** After so many more certificates a policy is required of the whole path. */
  readonly requireExplicitPolicy: number | undefined;
  /** After so many more certificates `anyPolicy` is no policy any more. */
  readonly inhibitAnyPolicy: number | undefined;
}

interface PolicyMapping {
  readonly from: string;
  readonly to: string;
}

export const NO_POLICIES: PolicyFacts = {
  policies: undefined,
  policyMappings: [],
  inhibitPolicyMapping: undefined,
  requireExplicitPolicy: undefined,
  inhibitAnyPolicy: undefined,
};

export const ANY_POLICY = '2.5.29.32.0';

/** They inform people, and limit nothing. */
const KNOWN_QUALIFIERS: ReadonlySet<string> = new Set(['1.3.6.1.5.5.7.2.1', '1.3.6.1.5.5.7.2.2']);

/** @throws RangeError */
export function readPolicies({ octets, critical }: Extension): Pick<PolicyFacts, 'policies'> {
  const list = childrenOf(readOnly(octets, TAG.sequence));
  const policies = list.map(({ content }) => oidText(childrenOf(content)[0]?.content ?? Buffer.alloc(0)));
  if (policies.length === 0) throw new RangeError('no policy is listed');
  if (new Set(policies).size < policies.length) throw new RangeError('a policy is listed twice');
  const unknown = list.flatMap(qualifiersOf).find((qualifier) => !KNOWN_QUALIFIERS.has(qualifier));
  if (critical && unknown !== undefined) throw new RangeError(`the qualifier ${unknown} is not supported`);
  return { policies };
}

function qualifiersOf({ content }: DerNode): readonly string[] {
  const [, qualifiers] = childrenOf(content);
  return childrenOf(qualifiers?.content ?? Buffer.alloc(0)).map((qualifier) =>
    oidText(childrenOf(qualifier.content)[0]?.content ?? Buffer.alloc(0)),
  );
}

/** @throws RangeError */
export function readPolicyMappings({ octets }: Extension): Pick<PolicyFacts, 'policyMappings'> {
  const pairs = childrenOf(readOnly(octets, TAG.sequence));
  if (pairs.length === 0) throw new RangeError('no mapping is listed');
  return { policyMappings: pairs.map(readMapping) };
}

function readMapping({ content }: DerNode): PolicyMapping {
  const [from = '', to = ''] = childrenOf(content).map((node) => oidText(node.content));
  if (from === ANY_POLICY || to === ANY_POLICY) throw new RangeError('anyPolicy is mapped');
  return { from, to };
}

type PolicyConstraints = Pick<PolicyFacts, 'requireExplicitPolicy' | 'inhibitPolicyMapping'>;

const [REQUIRE, INHIBIT] = [0x80, 0x81];

/** @throws RangeError */
export function readPolicyConstraints({ octets }: Extension): PolicyConstraints {
  const parts = childrenOf(readOnly(octets, TAG.sequence));
  const counts = new Map(parts.map(({ tag, content }) => [tag, countOf(content)]));
  const known = [...counts.keys()].every((tag) => tag === REQUIRE || tag === INHIBIT);
  if (parts.length === 0 || counts.size < parts.length || !known)
    throw new RangeError('it has no constraint, or is malformed');
  return { requireExplicitPolicy: counts.get(REQUIRE), inhibitPolicyMapping: counts.get(INHIBIT) };
}

/** @throws RangeError */
export function readInhibitAnyPolicy({ octets }: Extension): Pick<PolicyFacts, 'inhibitAnyPolicy'> {
  return { inhibitAnyPolicy: countOf(readOnly(octets, TAG.integer)) };
}
