import type { ClusterAccess } from '../../evidence/cluster-access.ts';
import type { Lab } from '../../topology/lab.ts';
import { additionVerdict, identityVerdict, nodeVerdict, secretVerdict } from '../access/pods.ts';
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
    impact: 'a user or workload that is no part of the lab can take over its identities or its rules',
    hint: 'the binding that the message names',
    hop: 'lab',
    polarity: 'positive',
    mode: 'passive',
    blocking: false,
    evidence: ['cluster.access'],
    judge: ({ 'cluster.access': access }, { lab }) => accessVerdicts(access, lab),
  }),
  defineCheck({
    id: 'MD-EXPO-014',
    title:
      'only the pods of the plan hold an identity or a secret of the chain, and they hold nothing else; no pod but those of Kubernetes reaches the node',
    impact: 'another program acts as a part of the chain, or reads its keys',
    hint: 'the workload that the message names',
    hop: 'lab',
    polarity: 'positive',
    mode: 'passive',
    blocking: false,
    evidence: ['pod.holders'],
    judge: ({ 'pod.holders': holders }, { lab }) =>
      holders.seen.length === 0
        ? unknown('EVIDENCE_MISSING', 'the API server listed no pod')
        : eachCase([
            ['identities', identityVerdict(holders, lab)],
            ['secrets', secretVerdict(holders)],
            ['node', nodeVerdict(holders, lab)],
            ['additions', additionVerdict(holders)],
          ]),
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
