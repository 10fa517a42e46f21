import { fail, pass } from './check.ts';
import type { Shown } from '../evidence/bad-certificates.ts';
import type { Verdict } from './verdict.ts';

/** Undefined when our own judge finds in a bad certificate what is wrong with it. */
export function blindTo({ case: each, found }: Shown): Verdict | undefined {
  if (found.includes(each.reason)) return undefined;
  return fail(
    'CERT_JUDGE_BLIND',
    `the certificate validation of meshdev should find ${each.reason} in ${each.id} (${each.why}) and found ${found.join(', ') || 'nothing'}`,
    [],
  );
}

/** One cell in which a verifier may let a bad certificate pass: our own judge must not. */
export function tolerated(shown: Shown, passed: boolean | undefined): Verdict {
  const verifier =
    passed === undefined ? 'not presented to the verifier' : passed ? 'the verifier accepts it' : 'refused';
  return blindTo(shown) ?? pass(`${verifier}; the certificate validation of meshdev: ${shown.case.reason}`);
}
