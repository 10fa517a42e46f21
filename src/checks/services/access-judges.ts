import type { ServiceCellSeen } from '../../evidence/services/service-cells.ts';
import type { PodAnswer } from '../../evidence/services/service-wire.ts';
import { eachCase, fail, pass, seeing, skip, unknown } from '../check.ts';
import type { CheckId } from '../check-id.ts';
import { wireSeen } from '../describe.ts';
import { handshakeItem } from '../evidence-item.ts';
import { COMMON_METHODS } from '../judge-cell.ts';
import type { ReasonCode } from '../reasons.ts';
import { nothingSeen } from '../refusal.ts';
import { type AnyServiceJudge, defineServiceJudge } from '../service-judge.ts';
import type { Verdict } from '../verdict.ts';
import { ofEachPod } from './across-pods.ts';
import { byConfiguration, connectionDenied } from './by-configuration.ts';
import { cellVerdict } from './judge-service-cell.ts';
import { targetOf } from './target-port.ts';
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
    evidence: ['service.wire', 'service.proxies', 'service.pods'],
    judge: ({ 'service.wire': pods, 'service.proxies': { own }, 'service.pods': seen }, { service }) => {
      const who = 'a workload of the mesh that no rule of the service names';
      if (service.protocol !== 'tcp')
        return ofEachPod(service, pods, ({ unlisted }) => denied(unlisted, 'RBAC_DEFAULT_OPEN', who));
      const principal = pods[0]?.unlisted.as ?? '';
      const port = targetOf(seen, service);
      if (typeof port !== 'number' || principal === '')
        return unknown('NOT_REACHED', `${service.id} has no pod that could be asked`);
      return connectionDenied(own, service, { who, principal, port });
    },
  }),
} satisfies Partial<Record<CheckId, AnyServiceJudge>>;

/** A connection of `tcp` has no method that a list could forget. */
function isCommon(method: string | undefined): boolean {
  return method === undefined || COMMON_METHODS.includes(method);
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
          one.how === 'configuration'
            ? byConfiguration(one, proxies.own, service)
            : cellVerdict(one, service),
        ]),
      );
    },
  });
}

/** By the record of the sidecar of that very pod, for want of a policy; or, for `tcp`, by closing the connection. */
function denied(answer: PodAnswer, code: ReasonCode, who: string): Verdict {
  return seeing(judgeDenied(answer, code, who), handshakeItem(answer.wire));
}

function judgeDenied({ wire, record, as }: PodAnswer, code: ReasonCode, who: string): Verdict {
  const told = `${who} (${as})`;
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
