import { type AnyCheck, defineCheck, eachCase, fail, pass, seeing, unknown } from '../check.ts';
import { exchangeItem } from '../evidence-item.ts';
import { wireSeen } from '../describe.ts';
import type { TokenFacts, Walk, WireResult } from '../evidence.ts';
import type { ReasonCode } from '../reasons.ts';
import { notFromApp, RBAC_DENIED, refusedBySidecar, timedOut } from '../refusal.ts';
import { forgedCases } from './forged-cases.ts';
import type { Verdict } from '../verdict.ts';

const DENIED = 'rbac_access_denied_matched_policy[none]';

export const RBAC_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-RBAC-001',
    title: 'every allow cell is allowed: readers read, the admin administers',
    means: 'users are locked out',
    lookAt: 'policies `httpbin-read`, `httpbin-admin`',
    hop: 'gateway->sidecar',
    polarity: 'positive',
    blocking: false,
    evidence: ['walks', 'tokens'],
    judge: ({ walks, tokens: { alice, bob } }) =>
      eachCase([
        ['alice-read', allowed(walks['alice-read'], alice, 'alice on GET /headers')],
        ['bob-read', allowed(walks['bob-read'], bob, 'bob on GET /anything/read')],
        ['alice-admin', allowed(walks['alice-admin'], alice, 'alice on GET /anything/admin')],
        ['alice-body', allowed(walks['alice-body'], alice, 'alice on POST /anything/admin/x')],
      ]),
  }),
  defineCheck({
    id: 'MD-RBAC-002',
    title: 'every deny cell is denied by the sidecar: roles, unlisted paths and methods',
    means: 'someone can do too much',
    lookAt: 'the rule that matched',
    hop: 'gateway->sidecar',
    polarity: 'negative',
    refuser: 'sidecar',
    control: 'MD-RBAC-001',
    blocking: false,
    evidence: ['walks', 'token.walks'],
    judge: ({ walks, 'token.walks': forged }) =>
      eachCase([
        ...forgedCases(forged, 'MD-RBAC-002', 'RBAC_TOO_WIDE'),
        ['bob-admin', denied(walks['bob-admin'], 'bob on the admin path')],
        ['eve-read', denied(walks['eve-read'], 'eve, who has no role')],
        ['machine-read', denied(walks['machine-read'], 'the machine client, which has no role')],
        ['alice-unlisted', denied(walks['alice-unlisted'], 'alice on a path that no policy lists')],
        [
          'alice-wrong-method',
          denied(walks['alice-wrong-method'], 'alice with a method that no policy lists'),
        ],
      ]),
  }),
  defineCheck({
    id: 'MD-RBAC-003',
    title: 'a good token from another workload than the gateway is denied',
    means: 'a stolen token works from any pod',
    lookAt: '`principals` of the policies',
    hop: 'gateway->sidecar',
    polarity: 'negative',
    refuser: 'sidecar',
    control: 'MD-MESH-018',
    blocking: false,
    evidence: ['sidecar.wire'],
    judge: ({ 'sidecar.wire': { otherWorkload } }) =>
      deniedByRbac(
        otherWorkload,
        'RBAC_SOURCE_NOT_CHECKED',
        "alice's token, shown by the caller workload instead of the gateway",
      ),
  }),
  defineCheck({
    id: 'MD-RBAC-008',
    title: 'a workload that no policy names is closed by default',
    means: 'a new workload starts open',
    lookAt: 'policy `default-deny`',
    hop: 'gateway->sidecar',
    polarity: 'negative',
    refuser: 'sidecar',
    control: 'MD-MESH-018',
    blocking: false,
    evidence: ['sidecar.wire'],
    judge: ({ 'sidecar.wire': { unlisted } }) =>
      deniedByRbac(
        unlisted,
        'RBAC_DEFAULT_OPEN',
        'a call to the caller workload, which no ALLOW names (the mesh-wide default deny stands before it)',
      ),
  }),
  defineCheck({
    id: 'MD-HDR-009',
    title: 'every spelling of a protected path is decided as the plain one',
    means: 'an odd spelling goes around a path rule',
    lookAt: '`pathNormalization`',
    hop: 'gateway->sidecar',
    polarity: 'negative',
    refuser: 'sidecar',
    control: 'MD-RBAC-001',
    blocking: false,
    evidence: ['walks'],
    judge: ({ walks }) =>
      eachCase([
        ['encoded', denied(walks['bob-admin-encoded'], 'bob on /anything/%61dmin')],
        ['dots', denied(walks['bob-admin-dots'], 'bob on /anything/read/%2e%2e/admin')],
      ]),
  }),
];

/** Envoy's own words; whatever else came back, the policy did not decide. */
function deniedByRbac(wire: WireResult, code: ReasonCode, who: string): Verdict {
  const unseen = timedOut(wire, who);
  if (unseen !== undefined) return unseen;
  if (wire.ended === 'refused') return unknown('NOT_REACHED', `${who}: ${wireSeen(wire)}`);
  if (wire.status === 403 && wire.body === RBAC_DENIED) return pass(`403 ${RBAC_DENIED}`);
  // 503 of the sidecar itself: the policy let it pass, and behind it nobody listens.
  const served = wire.status !== undefined && (wire.status < 400 || wire.status === 503);
  return fail(
    served ? code : 'REFUSED_FOR_OTHER_REASON',
    `${who}: ${wireSeen(wire)}, wanted 403 ${RBAC_DENIED}`,
  );
}

function allowed(walk: Walk, { subject }: TokenFacts, who: string): Verdict {
  const stranger = notFromApp(walk, `${who} should be allowed`, 'RBAC_LOCKED_OUT');
  if (stranger !== undefined) return stranger;
  const judged = walk.sidecar?.jwt_subject;
  return judged === subject
    ? seeing(pass(`${who}: 200`), exchangeItem(walk))
    : fail(
        'CONT_SUBJECT_DIFFERS',
        `${who}: the token is of ${subject}, the sidecar judged ${judged ?? 'nobody'}`,
      );
}

function denied(walk: Walk, who: string): Verdict {
  return refusedBySidecar(walk, { status: 403, details: DENIED, code: 'RBAC_TOO_WIDE', who });
}
