import type { ClusterAccess } from '../../evidence/cluster-access.ts';
import type { Lab } from '../../topology/lab.ts';
import { reviewVerdict } from '../access/reviews.ts';
import { strangerVerdict } from '../access/strangers.ts';
import { POWERS } from '../access/powers.ts';
import { type AnyCheck, type Cases, defineCheck, eachCase, unknown } from '../check.ts';
import type { Verdict } from '../verdict.ts';

/** Who reaches the chain through the API server. */
export const ACCESS_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-EXPO-013',
    title:
      'only the parts of the lab may read its secrets, enter or create its pods, issue tokens for its accounts or change its objects through the API server',
    impact: 'somebody who is no part of the lab can take over its identities or its rules',
    hint: 'the binding that the message names',
    hop: 'lab',
    polarity: 'positive',
    mode: 'passive',
    blocking: false,
    evidence: ['cluster.access'],
    judge: ({ 'cluster.access': access }, { lab }) => accessVerdicts(access, lab),
  }),
];

function accessVerdicts(access: ClusterAccess, lab: Lab): Verdict | Cases {
  if (access.roles.length === 0 || access.bindings.length === 0)
    return unknown(
      'EVIDENCE_MISSING',
      'the API server listed no role or no binding, which every cluster has',
    );
  return eachCase([
    ...POWERS.map((power) => [power, strangerVerdict(access, power, lab)] as const),
    ['reviews', reviewVerdict(access)],
  ]);
}
