import { type AnyCheck, defineCheck, fail, pass } from '../check.ts';
import { wireSeen } from '../describe.ts';
import type { WireResult } from '../../evidence/wire-result.ts';
import { RBAC_DENIED } from '../../records/rbac-words.ts';
import { nothingSeen } from '../refusal.ts';
import type { Verdict } from '../verdict.ts';

export const GATEWAY_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-GW-005',
    title: 'the policy of the gateway denies an unknown Host, also with the certificate of the edge',
    impact: 'the gateway forwards requests for an undeclared host',
    hint: 'policy `gateway-forwards`',
    hop: 'edge->gateway',
    polarity: 'negative',
    refuser: 'gateway',
    control: 'MD-EGW-003',
    blocking: false,
    evidence: ['gateway.wire'],
    judge: ({ 'gateway.wire': { unknownHost } }) => unrouted(unknownHost),
  }),
];

/**
 * 403 of the gateway itself: its policy names the hosts that it forwards, and Envoy asks that before it
 * looks for a route. An answer that came through the gateway says how long that took.
 */
function unrouted(wire: WireResult): Verdict {
  const who = 'an unknown Host with the certificate of the edge';
  const unseen = nothingSeen(wire, who);
  if (unseen !== undefined) return unseen;
  if (wire.headers['x-envoy-upstream-service-time'] !== undefined)
    return fail('GW_CATCH_ALL', `${who} was forwarded: ${wireSeen(wire)}`);
  if (wire.status === 403 && wire.body === RBAC_DENIED) return pass(`403 ${RBAC_DENIED}`);
  const served = wire.status !== undefined && wire.status < 400;
  return fail(
    served ? 'GW_CATCH_ALL' : 'REFUSED_FOR_OTHER_REASON',
    `${who}: ${wireSeen(wire)}, expected 403 ${RBAC_DENIED}`,
  );
}
