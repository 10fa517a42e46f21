import { ADMIN } from '../../sample/names.ts';
import { WALK } from '../../sample/walks.ts';
import { type AnyCheck, defineCheck, fail, pass, seeing } from '../check.ts';
import { requestSeen } from '../describe.ts';
import { exchangeItem } from '../evidence-item.ts';
import { notFromApp } from '../refusal.ts';

export const WORKLOAD_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-WRK-001',
    title: 'the app answers a request of this run through the whole chain',
    impact: 'the chain is broken; the first hop that is not green shows where',
    hint: 'the first hop that is not green',
    hop: 'lab',
    polarity: 'positive',
    blocking: true,
    evidence: ['walks'],
    judge: ({ walks: { [WALK.adminRead]: traced } }) => {
      const who = `the app should answer ${ADMIN}'s read`;
      if (traced.status !== 200 && traced.ended !== 'timeout')
        return seeing(fail('WRK_CHAIN_BROKEN', `${who}; ${requestSeen(traced)}`), exchangeItem(traced));
      return (
        notFromApp(traced, who, 'WRK_CHAIN_BROKEN') ??
        seeing(pass(`the app answered request ${traced.meshdevId ?? ''}`), exchangeItem(traced))
      );
    },
  }),
];
