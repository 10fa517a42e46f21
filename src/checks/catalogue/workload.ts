import { type AnyCheck, defineCheck, fail, pass, seeing } from '../check.ts';
import { requestSeen } from '../describe.ts';
import { exchangeItem } from '../evidence-item.ts';
import { notFromApp } from '../refusal.ts';

export const WORKLOAD_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-WRK-001',
    title: 'the app answers this run’s request through the whole chain',
    impact: 'the chain is broken; the first red hop says where',
    hint: 'the first red hop',
    hop: 'lab',
    polarity: 'positive',
    blocking: true,
    evidence: ['walks'],
    judge: ({ walks: { 'alice-read': traced } }) => {
      const who = "alice's read should come back from the app";
      if (traced.status !== 200 && traced.ended !== 'timeout')
        return seeing(fail('WRK_CHAIN_BROKEN', `${who}; ${requestSeen(traced)}`), exchangeItem(traced));
      return (
        notFromApp(traced, who, 'WRK_CHAIN_BROKEN') ??
        seeing(pass(`request ${traced.meshdevId ?? ''} came back`), exchangeItem(traced))
      );
    },
  }),
];
