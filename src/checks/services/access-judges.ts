import type { ServiceCellSeen } from '../../evidence/services/service-cells.ts';
import type { ServiceProxies } from '../../evidence/services/service-views.ts';
import type { PodAnswer, PodWire } from '../../evidence/services/service-wire.ts';
import type { Service } from '../../topology/service.ts';
import { chainsOfPort } from '../inbound-chains.ts';
import { eachCase, fail, pass, seeing, skip, unknown } from '../check.ts';
import type { CheckId } from '../check-id.ts';
import { wireSeen } from '../describe.ts';
import { handshakeItem } from '../evidence-item.ts';
import { COMMON_METHODS } from '../judge-cell.ts';
import type { ReasonCode } from '../reasons.ts';
import { nothingSeen } from '../refusal.ts';
import { type AnyServiceJudge, defineServiceJudge } from '../service-judge.ts';
import type { Verdict } from '../verdict.ts';
import { acrossPods } from './across-pods.ts';
import { cellVerdict } from './judge-service-cell.ts';
import { rbacDecision } from './rbac-decision.ts';
import { servicePolicyCases } from './service-policies.ts';

/** Who may call what at a service. */
export const ACCESS_JUDGES = {
  'MD-RBAC-001': cells(({ cell }) => cell.expected === 'allow' && isCommon(cell.method)),
  'MD-RBAC-002': cells(({ cell }) => cell.expected === 'deny' && isCommon(cell.method)),
  'MD-RBAC-004': cells(({ cell }) => !isCommon(cell.method)),
  'MD-RBAC-003': defineServiceJudge({
    scope: 'exposed',
    control: 'MD-MESH-018',
    evidence: ['service.wire'],
    judge: ({ 'service.wire': pods }, { service }) =>
      ofEachPod(service, pods, ({ stolenToken }) =>
        stolenToken === undefined
          ? skip(
              `there is no valid token to try; add check: { path: /PATH, as: USER } to services.${service.id}`,
            )
          : denied(
              stolenToken,
              service,
              'RBAC_SOURCE_NOT_CHECKED',
              'a valid token, sent by a workload instead of the gateway',
            ),
      ),
  }),
  'MD-RBAC-006': defineServiceJudge({
    scope: 'service',
    evidence: ['service.policies', 'service.pods'],
    judge: ({ 'service.policies': state, 'service.pods': { pods } }, { service, lab }) =>
      eachCase(servicePolicyCases(state, { service, lab, pods: pods.map(({ name }) => name) })),
  }),
  'MD-RBAC-008': defineServiceJudge({
    scope: 'service',
    control: 'MD-MESH-018',
    evidence: ['service.wire'],
    judge: ({ 'service.wire': pods }, { service }) =>
      ofEachPod(service, pods, ({ unlisted }) =>
        denied(
          unlisted,
          service,
          'RBAC_DEFAULT_OPEN',
          'a workload of the mesh that no rule of the service names',
        ),
      ),
  }),
} satisfies Partial<Record<CheckId, AnyServiceJudge>>;

/** A connection of `tcp` has no method that a list could forget. */
function isCommon(method: string | undefined): boolean {
  return method === undefined || COMMON_METHODS.includes(method);
}

function ofEachPod(service: Service, pods: readonly PodWire[], judge: (pod: PodWire) => Verdict): Verdict {
  return acrossPods(
    service,
    pods.map((one) => ({ pod: one.pod, verdict: judge(one) })),
  );
}

/**
 * Cells of the matrix. The control is the honest identity at the pods: it is judged for services without an honest
 * request too, and every refusal names who refused.
 */
function cells(isWanted: (seen: ServiceCellSeen) => boolean): AnyServiceJudge {
  return defineServiceJudge({
    scope: 'service',
    control: 'MD-MESH-018',
    evidence: ['service.cells', 'service.proxies'],
    judge: ({ 'service.cells': seen, 'service.proxies': proxies }, { service }) => {
      const wanted = seen.filter(isWanted);
      if (wanted.length === 0) return skip(`the access matrix of ${service.id} has no such cell`);
      return eachCase(
        wanted.map((one) => [
          one.cell.id,
          one.how === 'configuration' ? byConfiguration(one, proxies, service) : cellVerdict(one, service),
        ]),
      );
    },
  });
}

/** Not sent: what the running proxies say that they would do, at every pod. */
function byConfiguration(
  { cell, request }: Extract<ServiceCellSeen, { how: 'configuration' }>,
  { own }: ServiceProxies,
  service: Service,
): Verdict {
  const who = `${cell.subject} ${request.method} ${request.path}, by the running RBAC configuration (not sent: active is safe)`;
  return acrossPods(
    service,
    own.map((proxy) => {
      const filters = chainsOfPort(proxy, request.port).flatMap(({ http }) =>
        http?.rbac === undefined ? [] : [http.rbac],
      );
      if (filters.length === 0)
        return {
          pod: proxy.pod,
          verdict: unknown('NO_PROXIES', `${who}: port ${request.port} has no RBAC filter to read`),
        };
      const verdicts = filters.map((each) => decided(who, cell, rbacDecision(each, request)));
      const odd = verdicts.find(({ kind }) => kind !== 'pass');
      return { pod: proxy.pod, verdict: odd ?? verdicts[0] ?? unknown('NO_PROXIES', who) };
    }),
  );
}

function decided(
  who: string,
  { expected, allowedBy }: ServiceCellSeen['cell'],
  decision: ReturnType<typeof rbacDecision>,
): Verdict {
  if (decision.kind === 'unknown')
    return unknown('NO_CASES', `${who}: cannot be evaluated: ${decision.because}`);
  const by = decision.policies.join(', ') || 'none';
  const told = `${who}: expected ${expected}, ${decision.kind} (policy ${by})`;
  if (decision.kind === 'allow' && expected === 'deny') return fail('RBAC_TOO_WIDE', told);
  if (decision.kind === 'deny' && expected === 'allow') return fail('RBAC_LOCKED_OUT', told);
  const strangers = decision.policies.filter((policy) => !allowedBy.includes(policy));
  return strangers.length === 0
    ? pass(told)
    : fail('RBAC_OTHER_POLICY', `${told}; expected ${allowedBy.join(' or ') || 'none'}`);
}

/** By the record of the sidecar of that very pod, for want of a policy; or, for `tcp`, by closing the connection. */
function denied(answer: PodAnswer, service: Service, code: ReasonCode, who: string): Verdict {
  return seeing(judgeDenied(answer, service, code, who), handshakeItem(answer.wire));
}

function judgeDenied(
  { wire, record, as }: PodAnswer,
  { protocol }: Service,
  code: ReasonCode,
  who: string,
): Verdict {
  const told = `${who} (${as})`;
  if (protocol === 'tcp') return connectionDenied(wire, told, code);
  const unseen = nothingSeen(wire, told);
  if (unseen !== undefined) return unseen;
  if (wire.status === undefined)
    return fail('REFUSED_FOR_OTHER_REASON', `${told}: ${wireSeen(wire)}, expected 403`);
  if (record === undefined)
    return unknown('NO_RECORD', `${told}: HTTP ${wire.status}, but the sidecar has no record of the request`);
  const details = record.response_code_details ?? '';
  if (details === 'via_upstream') return fail(code, `${told} reached the app: HTTP ${wire.status}`);
  return details.startsWith('rbac_access_denied')
    ? pass(`${wire.status} ${details}`)
    : fail('REFUSED_FOR_OTHER_REASON', `${told}: ${wireSeen(wire)}, ${details || 'no details'}`);
}

/** A sidecar closes a connection that no rule admits, after the handshake. */
export function connectionDenied(wire: PodAnswer['wire'], who: string, code: ReasonCode): Verdict {
  switch (wire.ended) {
    case 'closed':
    case 'reset':
      return wire.protocol === undefined
        ? unknown('NOT_REACHED', `${who}: ${wireSeen(wire)} before the handshake was done`)
        : pass(wireSeen(wire));
    case 'data':
    case 'timeout':
      return wire.protocol === undefined
        ? unknown('TIMED_OUT', `${who}: ${wireSeen(wire)}`)
        : fail(code, `${who}: the connection stays open`);
    case 'alert':
      return fail('REFUSED_FOR_OTHER_REASON', `${who}: ${wireSeen(wire)}`);
    case 'refused':
    case 'unreachable':
      return unknown('NOT_REACHED', `${who}: ${wireSeen(wire)}`);
  }
}
