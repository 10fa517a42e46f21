import { type AnyCheck, defineCheck, fail, pass, seeing } from '../check.ts';
import { walkSeen } from '../describe.ts';
import { exchangeItem } from '../evidence-item.ts';
import { notFromApp } from '../refusal.ts';

export const WORKLOAD_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-WRK-001',
    title: 'the app answers this run’s request through the whole chain',
    means: 'the chain is broken; the first red hop says where',
    lookAt: 'the first red hop',
    hop: 'lab',
    polarity: 'positive',
    blocking: true,
    evidence: ['walks'],
    judge: ({ walks: { 'alice-read': walk } }) => {
      const who = "alice's read should come back from the app";
      if (walk.status !== 200 && walk.ended !== 'timeout')
        return seeing(fail('WRK_CHAIN_BROKEN', `${who}; ${walkSeen(walk)}`), exchangeItem(walk));
      return (
        notFromApp(walk, who, 'WRK_CHAIN_BROKEN') ??
        seeing(pass(`request ${walk.meshdevId ?? ''} came back`), exchangeItem(walk))
      );
    },
  }),
];
