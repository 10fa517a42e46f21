import { ADMINISTRATOR } from '../../cases/access-questions.ts';
import type { AccessReview, ClusterAccess } from '../../evidence/cluster-access.ts';
import { fail, pass, unknown } from '../check.ts';
import type { Verdict } from '../verdict.ts';
import { isPermitted } from './grants.ts';

/** The API server decides each sample as its RBAC objects say: no other authorizer permits more. Pure. */
export function reviewVerdict(access: ClusterAccess): Verdict {
  const { reviews } = access;
  const silent = reviews.filter(({ allowed }) => allowed === undefined);
  if (reviews.length === 0 || silent.length > 0)
    return unknown(
      'EVIDENCE_MISSING',
      `the API server did not answer: ${silent.map(({ id }) => id).join(', ') || 'no question was asked'}`,
    );
  const wide = reviews.filter((review) => review.allowed === true && !isPermitted(access, review));
  if (wide.length > 0)
    return fail(
      'EXPO_OTHER_AUTHORIZER',
      `the API server permits what no RBAC object permits: ${wide.map(requestText).join(' · ')}`,
      ['meshdev down', 'meshdev up'],
    );
  // Objects may change between the two looks: that is no proof of anything.
  const narrow = reviews.filter((review) => review.allowed === false && isPermitted(access, review));
  const control = reviews.find(({ id }) => id === ADMINISTRATOR);
  if (narrow.length > 0 || control?.allowed !== true)
    return unknown(
      'CONTROL_NOT_GREEN',
      `the API server refuses what an RBAC object permits: ${narrow.map(requestText).join(' · ') || 'an administrator'}`,
    );
  return pass(`${reviews.length} questions`);
}

function requestText({ user, verb, resource, namespace }: AccessReview): string {
  return `${verb} ${resource} in namespace ${namespace} for ${user}`;
}
