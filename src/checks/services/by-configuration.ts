import type { FilterChain, ProxySeen } from '../../evidence/proxies.ts';
import type { RbacFilter } from '../../evidence/rbac-config.ts';
import type { JudgedRequest, ServiceCellSeen } from '../../evidence/services/service-cells.ts';
import type { Service } from '../../topology/service.ts';
import { fail, pass, unknown } from '../check.ts';
import { chainsOfPort } from '../inbound-chains.ts';
import type { Verdict } from '../verdict.ts';
import { acrossPods } from './across-pods.ts';
import { type RbacDecision, rbacDecision } from './rbac-decision.ts';

type Unsent = Extract<ServiceCellSeen, { how: 'configuration' }>;

/** A cell that was not sent: what the running proxies of all pods would do with it. */
export function byConfiguration(
  { cell, request }: Unsent,
  own: readonly ProxySeen[],
  service: Service,
): Verdict {
  const why =
    service.protocol === 'tcp'
      ? 'a connection is judged with its first bytes, and none are sent'
      : 'not sent: active is safe';
  const what = cell.method === undefined ? 'connects' : `${cell.method} ${cell.path ?? ''}`;
  const who = `${cell.subject} ${what}, by the running RBAC configuration (${why})`;
  return atEveryPod(own, service, request, (decision) => decided(who, cell, decision), who);
}

/** The same of a client that no rule names, for `tcp`. */
export function connectionDenied(
  own: readonly ProxySeen[],
  service: Service,
  { who, principal, port }: { readonly who: string; readonly principal: string; readonly port: number },
): Verdict {
  const told = `${who} (${principal}), by the running RBAC configuration`;
  const request: JudgedRequest = { method: '', path: '', host: '', port, principal };
  return atEveryPod(
    own,
    service,
    request,
    (decision) => {
      if (decision.kind === 'unknown')
        return unknown('EVIDENCE_UNREADABLE', `${told}: cannot be evaluated: ${decision.because}`);
      return decision.kind === 'deny'
        ? pass(`${told}: denied`)
        : fail('RBAC_DEFAULT_OPEN', `${told}: admitted by ${decision.policies.join(', ')}`);
    },
    told,
  );
}

function atEveryPod(
  own: readonly ProxySeen[],
  service: Service,
  request: JudgedRequest,
  judge: (decision: RbacDecision) => Verdict,
  who: string,
): Verdict {
  return acrossPods(
    service,
    own.map((proxy) => {
      const filters = chainsOfPort(proxy, request.port).map((chain) => filtersOf(chain, service));
      const verdicts = filters.map((each) =>
        each === undefined || each.length === 0
          ? unknown('NO_PROXIES', `${who}: port ${request.port} has no RBAC filter to read`)
          : judge(rbacDecision(each, request)),
      );
      const odd = verdicts.find(({ kind }) => kind !== 'pass') ?? verdicts[0];
      const verdict = odd ?? unknown('NO_PROXIES', `${who}: port ${request.port} has no filter chain`);
      return { pod: proxy.pod, verdict };
    }),
  );
}

/** Of requests where the port is HTTP, else of connections. */
function filtersOf({ http, rbac }: FilterChain, { protocol }: Service): readonly RbacFilter[] | undefined {
  return protocol === 'tcp' ? rbac : http?.rbac;
}

function decided(who: string, { expected, allowedBy }: Unsent['cell'], decision: RbacDecision): Verdict {
  if (decision.kind === 'unknown')
    return unknown('EVIDENCE_UNREADABLE', `${who}: cannot be evaluated: ${decision.because}`);
  const by = decision.policies.join(', ') || 'none';
  const told = `${who}: expected ${expected}, ${decision.kind} (policy ${by})`;
  if (decision.kind === 'allow' && expected === 'deny') return fail('RBAC_TOO_WIDE', told);
  if (decision.kind === 'deny' && expected === 'allow') return fail('RBAC_LOCKED_OUT', told);
  const strangers = decision.policies.filter((policy) => !allowedBy.includes(policy));
  return strangers.length === 0
    ? pass(told)
    : fail('RBAC_OTHER_POLICY', `${told}; expected ${allowedBy.join(' or ') || 'none'}`);
}
