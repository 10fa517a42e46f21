import { unknown } from '../check.ts';
import type { Service } from '../../topology/service.ts';
import { type Verdict, worstOf } from '../verdict.ts';

/** What was judged of one pod of a service. */
export interface OfPod {
  readonly pod: string;
  readonly verdict: Verdict;
}

/** The worst of a service's pods, which it names; a service without a pod that could be asked proves nothing. */
export function acrossPods({ id }: Pick<Service, 'id'>, judged: readonly OfPod[]): Verdict {
  const kind = worstOf(judged.map(({ verdict }) => verdict.kind));
  const worst = judged.find(({ verdict }) => verdict.kind === kind);
  if (worst === undefined) return unknown('NOT_REACHED', `${id} has no pod that could be asked`);
  const { pod, verdict } = worst;
  if ('message' in verdict) return { ...verdict, message: `pod ${pod}: ${verdict.message}` };
  const pods = judged.map((one) => one.pod).join(', ');
  return {
    ...verdict,
    because: [verdict.because, `(${pods})`].filter((word) => word !== undefined).join(' '),
  };
}

/** The same over what each pod is judged by. */
export function ofEachPod<Seen extends { readonly pod: string }>(
  service: Pick<Service, 'id'>,
  pods: readonly Seen[],
  judge: (seen: Seen) => Verdict,
): Verdict {
  return acrossPods(
    service,
    pods.map((one) => ({ pod: one.pod, verdict: judge(one) })),
  );
}
