import { type Crafted, craftCa } from '../craft.ts';
import { NULL, oid, plainName, sequence } from '../der-parts.ts';
import {
  altNames,
  extension,
  general,
  inhibitAnyPolicy,
  OID,
  policies,
  policyConstraints,
  policyMappings,
} from '../extensions.ts';
import { type ChainCase, HOST, leaf, root } from './chain-case.ts';

const [A, B] = ['1.2.3.4.1', '1.2.3.4.2'];
const ANY = OID.anyPolicy;
const SAN = altNames([general.dns(HOST)]);

/** Extensions of the CAs, from the one below the root to the one above the leaf, and of the leaf. */
interface Row {
  readonly cas: readonly (readonly Buffer[])[];
  readonly leaf: readonly Buffer[];
  /** 1-based places of CAs that carry the name of the CA above. */
  readonly selfIssued?: readonly number[];
}

const explicit = policyConstraints({ 0: 0 });
const WITH_QUALIFIER = (type: string): Buffer =>
  extension(OID.policies, true, sequence(sequence(oid(A), sequence(sequence(oid(type), NULL)))));

const ROWS: Readonly<Record<string, Row>> = {
  'none at all': { cas: [[]], leaf: [] },
  'the same one everywhere': { cas: [[policies([A])]], leaf: [policies([A])] },
  critical: { cas: [[policies([A], true)]], leaf: [policies([A], true)] },
  'different ones, not required': { cas: [[policies([A])]], leaf: [policies([B])] },
  'a policy twice': { cas: [[policies([A])]], leaf: [policies([A, A])] },
  'an empty list': { cas: [[policies([A])]], leaf: [policies([])] },
  'required, and the same': { cas: [[policies([A]), explicit]], leaf: [policies([A])] },
  'required, but different': { cas: [[policies([A]), explicit]], leaf: [policies([B])] },
  'required, but the leaf has none': { cas: [[policies([A]), explicit]], leaf: [] },
  'required, but the CA has none': { cas: [[explicit]], leaf: [policies([A])] },
  'required, any above': { cas: [[policies([ANY]), explicit]], leaf: [policies([B])] },
  'required, any below': { cas: [[policies([A]), explicit]], leaf: [policies([ANY])] },
  'required, one of two': { cas: [[policies([A, B]), explicit]], leaf: [policies([B])] },
  'required by the leaf, none': { cas: [[]], leaf: [explicit] },
  'required by the leaf, the same': { cas: [[policies([A])]], leaf: [policies([A]), explicit] },
  'required after one, leaf is within': { cas: [[policyConstraints({ 0: 2 })]], leaf: [] },
  'required after one, leaf is behind': { cas: [[policyConstraints({ 0: 1 })], []], leaf: [] },
  'required after a self-issued one': { cas: [[policyConstraints({ 0: 2 })], []], leaf: [], selfIssued: [2] },
  'required again later': { cas: [[policyConstraints({ 0: 5 })], [policyConstraints({ 0: 0 })]], leaf: [] },
  'the middle has none': { cas: [[policies([A]), explicit], []], leaf: [policies([A])] },
  'any inhibited, any in the leaf': {
    cas: [[policies([A]), explicit, inhibitAnyPolicy(0)]],
    leaf: [policies([ANY])],
  },
  'any inhibited, the same in the leaf': {
    cas: [[policies([A]), explicit, inhibitAnyPolicy(0)]],
    leaf: [policies([A])],
  },
  'any inhibited, not required': { cas: [[policies([A]), inhibitAnyPolicy(0)]], leaf: [policies([ANY])] },
  'any inhibited after one': {
    cas: [[policies([A]), explicit, inhibitAnyPolicy(1)], [policies([ANY])]],
    leaf: [policies([ANY])],
  },
  'any inhibited, self-issued': {
    cas: [[policies([A]), explicit, inhibitAnyPolicy(0)], [policies([ANY])]],
    leaf: [policies([A])],
    selfIssued: [2],
  },
  'mapped, leaf has the other': {
    cas: [[policies([A]), explicit, policyMappings([A, B])]],
    leaf: [policies([B])],
  },
  'mapped, leaf has the first': {
    cas: [[policies([A]), explicit, policyMappings([A, B])]],
    leaf: [policies([A])],
  },
  'mapped out of any': { cas: [[policies([ANY]), explicit, policyMappings([A, B])]], leaf: [policies([B])] },
  'mapped, but inhibited': {
    cas: [
      [policies([A]), explicit, policyConstraints({ 1: 0 })].slice(0, 1),
      [policies([A]), policyMappings([A, B])],
    ],
    leaf: [policies([B])],
  },
  'required, mapped, but inhibited': {
    cas: [
      [policies([A]), policyConstraints({ 0: 0, 1: 0 })],
      [policies([A]), policyMappings([A, B])],
    ],
    leaf: [policies([B])],
  },
  'required, mapped to two': {
    cas: [[policies([A]), explicit, policyMappings([A, A], [A, B])]],
    leaf: [policies([B])],
  },
  'mapped from any': { cas: [[policies([ANY]), policyMappings([ANY, B])]], leaf: [policies([B])] },
  'mapped to any': { cas: [[policies([A]), policyMappings([A, ANY])]], leaf: [policies([B])] },
  'policy constraints without content': {
    cas: [[extension(OID.policyConstraints, true, sequence())]],
    leaf: [],
  },
  'required after -1': { cas: [[policyConstraints({ 0: -1 })]], leaf: [] },
  'any inhibited after -1': { cas: [[inhibitAnyPolicy(-1)]], leaf: [] },
  'any inhibited, not an integer': { cas: [[extension(OID.inhibitAnyPolicy, true, NULL)]], leaf: [] },
  'critical, with a CPS qualifier': { cas: [[]], leaf: [WITH_QUALIFIER('1.3.6.1.5.5.7.2.1')] },
  'critical, with an unknown qualifier': { cas: [[]], leaf: [WITH_QUALIFIER('1.2.3.4.9')] },
};

/** RFC 5280 §6.1.2–6.1.5: certificate policies, their mappings and limits. */
export function policyCases(): readonly ChainCase[] {
  const anchor = root();
  return Object.entries(ROWS).map(([id, row]) => {
    const cas = row.cas.reduce<readonly Crafted[]>((above, extensions, at) => {
      const issuer = above.at(-1) ?? anchor;
      const own = row.selfIssued?.includes(at + 1) === true ? issuer.subject : plainName(`CA ${at + 1}`);
      return [...above, craftCa({ subject: own }, issuer, extensions)];
    }, []);
    const below = leaf(cas.at(-1) ?? anchor, {}, [SAN, ...row.leaf]);
    return { id: `policy: ${id}`, presented: [below, ...cas.toReversed()], anchors: [anchor] };
  });
}
