import { type CertificateFacts, labelOf } from './certificate.ts';
import { type CertificateFinding, finding } from './certificate-reason.ts';
import { ANY_POLICY } from './policy-extensions.ts';

/** Policies that a path is for so far, each with the names that it may have in the next certificate. */
type Policies = ReadonlyMap<string, ReadonlySet<string>>;

interface PolicyState {
  readonly valid: Policies;
  /** Each: after so many more certificates it holds; 0 = it does. */
  readonly explicit: number;
  readonly noMapping: number;
  readonly noAny: number;
}

const AT_FIRST: PolicyState = {
  valid: new Map([[ANY_POLICY, new Set([ANY_POLICY])]]),
  explicit: Infinity,
  noMapping: Infinity,
  noAny: Infinity,
};

/**
 * RFC 5280 §6.1.3–6.1.5 for a verifier that is content with any policy. Only whether one is left matters here, so
 * the lowest level of the tree is kept and no tree: what it holds decides alone, and it cannot grow without bounds
 * (RFC 9618).
 *
 * @param path leaf first, anchor last. The anchor is not asked: policies begin below it.
 */
export function judgePolicies(path: readonly CertificateFacts[]): readonly CertificateFinding[] {
  const below = path.slice(0, -1).toReversed();
  let state = AT_FIRST;
  for (const [at, facts] of below.entries()) {
    const isLeaf = at === below.length - 1;
    const valid = policiesAfter(facts, state, isLeaf);
    const required = state.explicit === 0 || (isLeaf && facts.requireExplicitPolicy === 0);
    if (required && valid.size === 0) return [unmet(facts)];
    state = stateBelow(facts, { ...state, valid });
  }
  return [];
}

function policiesAfter(
  { policies = [], selfIssued }: CertificateFacts,
  { valid, noAny }: PolicyState,
  isLeaf: boolean,
): Policies {
  const expected = new Set([...valid.values()].flatMap((names) => [...names]));
  const anyCounts = policies.includes(ANY_POLICY) && (noAny > 0 || (!isLeaf && selfIssued));
  const named = policies.filter(
    (policy) => policy !== ANY_POLICY && (expected.has(policy) || valid.has(ANY_POLICY)),
  );
  return new Map([...named, ...(anyCounts ? expected : [])].map((policy) => [policy, new Set([policy])]));
}

function stateBelow(
  facts: CertificateFacts,
  { valid, explicit, noMapping, noAny }: PolicyState,
): PolicyState {
  const after = (count: number, limit: number | undefined): number =>
    Math.min(facts.selfIssued ? count : Math.max(0, count - 1), limit ?? Infinity);
  return {
    valid: mapped(facts, valid, noMapping > 0),
    explicit: after(explicit, facts.requireExplicitPolicy),
    noMapping: after(noMapping, facts.inhibitPolicyMapping),
    noAny: after(noAny, facts.inhibitAnyPolicy),
  };
}

function mapped({ policyMappings }: CertificateFacts, valid: Policies, allowed: boolean): Policies {
  const result = new Map(valid);
  for (const from of new Set(policyMappings.map((mapping) => mapping.from))) {
    const to = policyMappings.filter((mapping) => mapping.from === from).map((mapping) => mapping.to);
    if (!allowed) result.delete(from);
    else if (valid.has(from) || valid.has(ANY_POLICY)) result.set(from, new Set(to));
  }
  return result;
}

function unmet(facts: CertificateFacts): CertificateFinding {
  const has = facts.policies?.join(', ') ?? 'none';
  return finding('CERT_POLICY', `a policy is required, and none is valid after ${labelOf(facts)} (${has})`);
}
