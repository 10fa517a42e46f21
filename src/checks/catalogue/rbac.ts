import { ADMIN, APP_ID, ROLELESS, VIEWER } from '../../sample/names.ts';
import { WALK } from '../../sample/walks.ts';
import { type AnyCheck, defineCheck, eachCase, fail, pass, seeing, skip, unknown } from '../check.ts';
import type { CellRequest, ShotRequest } from '../../evidence/corpora.ts';
import { exchangeItem } from '../evidence-item.ts';
import type { Cell } from '../../cases/matrix/access-matrix.ts';
import { COMMON_METHODS, judgeCell } from '../judge-cell.ts';
import { openRouteCases } from '../open-routes.ts';
import { attachedCases, positiveCases } from '../policies-in-force.ts';
import { wireSeen } from '../describe.ts';
import type { TokenFacts } from '../../evidence/tokens.ts';
import type { TracedRequest } from '../../evidence/traced-request.ts';
import type { WireResult } from '../../evidence/wire-result.ts';
import type { ReasonCode } from '../reasons.ts';
import { notFromApp, refusedBySidecar, nothingSeen } from '../refusal.ts';
import { RBAC_DEFAULT, RBAC_DENIED } from '../../records/rbac-words.ts';
import { forgedCases } from './forged-cases.ts';
import type { Verdict } from '../verdict.ts';

export const RBAC_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-RBAC-001',
    title: 'every allow cell of the access matrix is allowed, by the policy that the matrix names',
    impact: 'users do not have the access that they need',
    hint: `the policies \`${APP_ID}-read\` and \`${APP_ID}-admin\``,
    hop: 'gateway->sidecar',
    polarity: 'positive',
    blocking: false,
    evidence: ['walks', 'tokens', 'rbac.matrix'],
    judge: ({ walks, tokens: { [ADMIN]: admin, [VIEWER]: viewer }, 'rbac.matrix': cells }) =>
      eachCase([
        [WALK.adminRead, allowed(walks[WALK.adminRead], admin, `${ADMIN} on GET /headers`)],
        [WALK.viewerRead, allowed(walks[WALK.viewerRead], viewer, `${VIEWER} on GET /anything/read`)],
        [WALK.adminAdmin, allowed(walks[WALK.adminAdmin], admin, `${ADMIN} on GET /anything/admin`)],
        [WALK.adminBody, allowed(walks[WALK.adminBody], admin, `${ADMIN} on POST /anything/admin/x`)],
        ...cellCases(cells, ({ expected, method }) => expected === 'allow' && isCommon(method)),
      ]),
  }),
  defineCheck({
    id: 'MD-RBAC-002',
    title:
      'the sidecar denies every deny cell of the access matrix, by the policy that the matrix names or by none',
    impact: 'a user has more access than intended',
    hint: 'the rule that matched',
    hop: 'gateway->sidecar',
    polarity: 'negative',
    refuser: 'sidecar',
    control: 'MD-RBAC-001',
    blocking: false,
    evidence: ['walks', 'token.walks', 'rbac.matrix'],
    judge: ({ walks, 'token.walks': forged, 'rbac.matrix': cells }) =>
      eachCase([
        ...forgedCases(forged, 'MD-RBAC-002', 'RBAC_TOO_WIDE'),
        [WALK.viewerAdmin, denied(walks[WALK.viewerAdmin], `${VIEWER} on the admin path`)],
        [WALK.rolelessRead, denied(walks[WALK.rolelessRead], `${ROLELESS}, who has no role`)],
        ['machine-read', denied(walks['machine-read'], 'the machine client, which has no role')],
        [WALK.adminUnlisted, denied(walks[WALK.adminUnlisted], `${ADMIN} on a path that no policy lists`)],
        [
          WALK.adminWrongMethod,
          denied(walks[WALK.adminWrongMethod], `${ADMIN} with a method that no policy lists`),
        ],
        ...cellCases(cells, ({ expected, method }) => expected === 'deny' && isCommon(method)),
      ]),
  }),
  defineCheck({
    id: 'MD-RBAC-003',
    title: 'a valid token from a workload other than the gateway is denied',
    impact: 'a stolen token can be used from any pod',
    hint: '`principals` of the policies',
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
        `${ADMIN}'s token, sent by the caller workload instead of the gateway`,
      ),
  }),
  defineCheck({
    id: 'MD-RBAC-004',
    title: 'HEAD, OPTIONS, TRACE, PATCH and unknown methods follow the access matrix',
    impact: 'a list of methods is incomplete',
    hint: '`methods` of the policies',
    hop: 'gateway->sidecar',
    polarity: 'negative',
    refuser: 'sidecar',
    control: 'MD-RBAC-001',
    blocking: false,
    evidence: ['rbac.matrix'],
    judge: ({ 'rbac.matrix': cells }) => {
      const cases = cellCases(cells, ({ method }) => !isCommon(method));
      return cases.length === 0
        ? skip('the access matrix has no methods but GET, POST, PUT and DELETE')
        : eachCase(cases);
    },
  }),
  defineCheck({
    id: 'MD-RBAC-005',
    title: 'a CORS preflight skips token validation by design, and only the policy decides on it',
    impact: 'requests other than a preflight bypass token validation',
    hint: 'policies that allow OPTIONS',
    hop: 'gateway->sidecar',
    polarity: 'negative',
    refuser: 'sidecar',
    control: 'MD-RBAC-001',
    blocking: false,
    evidence: ['preflights'],
    judge: ({ preflights: { garbage, noToken, [ADMIN]: admin, notPreflight, get } }) =>
      eachCase([
        ['unsigned-token', byPolicy(garbage, 'a preflight with an unsigned token')],
        ['no-token', byPolicy(noToken, 'a preflight without a token')],
        ['good-token', byPolicy(admin, 'a preflight with a valid token, which no filter validates')],
        ['options-only', byToken(notPreflight, 'OPTIONS that is not a preflight, with an unsigned token')],
        ['get', byToken(get, 'GET with the headers of a preflight and an unsigned token')],
      ]),
  }),
  defineCheck({
    id: 'MD-RBAC-006',
    title: 'each policy is in effect on at least one running proxy',
    impact: 'a selector or a namespace has a typo: the policy has no effect',
    hint: 'the selector of the object that the message names',
    hop: 'gateway->sidecar',
    polarity: 'positive',
    mode: 'passive',
    blocking: false,
    evidence: ['policy.state'],
    judge: ({ 'policy.state': state }) => eachCase(attachedCases(state)),
  }),
  defineCheck({
    id: 'MD-RBAC-007',
    title: 'policies allow by positive match, with hosts both with and without port, and none is audit only',
    impact: 'the app appears protected, but is not',
    hint: 'the rule that the message names',
    hop: 'gateway->sidecar',
    polarity: 'positive',
    mode: 'passive',
    blocking: false,
    evidence: ['policy.state'],
    judge: ({ 'policy.state': state }) => eachCase(positiveCases(state)),
  }),
  defineCheck({
    id: 'MD-RBAC-008',
    title: 'a workload that no policy names denies all requests',
    impact: 'a new workload accepts all requests',
    hint: 'policy `default-deny`',
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
        'a call to the caller workload, which no ALLOW policy names (the default deny policy of the mesh applies)',
      ),
  }),
  defineCheck({
    id: 'MD-RBAC-009',
    title: 'no path outside the plan is accessible without a token',
    impact: 'a foreign route of the public name forwards to an app that does not require a token',
    hint: 'the VirtualService that the message names',
    hop: 'gateway->sidecar',
    polarity: 'positive',
    blocking: false,
    evidence: ['open.routes'],
    judge: ({ 'open.routes': routes }) =>
      routes.length === 0
        ? pass('the gateway has only the routes of the plan')
        : eachCase(openRouteCases(routes)),
  }),
];

function isCommon(method: string): boolean {
  return COMMON_METHODS.includes(method);
}

function cellCases(
  cells: readonly CellRequest[],
  isWanted: (cell: Cell) => boolean,
): readonly (readonly [id: string, verdict: Verdict])[] {
  return cells.filter((traced) => isWanted(traced.case)).map((traced) => [traced.case.id, judgeCell(traced)]);
}

/** The token was not looked at: the policy's own answer. */
function byPolicy(traced: ShotRequest, who: string): Verdict {
  return refusedBySidecar(traced, { status: 403, details: RBAC_DEFAULT, code: 'RBAC_PREFLIGHT_PASSES', who });
}

/** The token was looked at before the policy. */
function byToken(traced: ShotRequest, who: string): Verdict {
  const details = 'jwt_authn_access_denied{Jwt_issuer_is_not_configured}';
  return refusedBySidecar(traced, { status: 401, details, code: 'RBAC_PREFLIGHT_PASSES', who });
}

/** Envoy's own words; whatever else came back, the policy did not decide. */
function deniedByRbac(wire: WireResult, code: ReasonCode, who: string): Verdict {
  const unseen = nothingSeen(wire, who);
  if (unseen !== undefined) return unseen;
  if (wire.ended === 'refused') return unknown('NOT_REACHED', `${who}: ${wireSeen(wire)}`);
  if (wire.status === 403 && wire.body === RBAC_DENIED) return pass(`403 ${RBAC_DENIED}`);
  // 503 of the sidecar itself: the policy let it pass, and behind it nobody listens.
  const served = wire.status !== undefined && (wire.status < 400 || wire.status === 503);
  return fail(
    served ? code : 'REFUSED_FOR_OTHER_REASON',
    `${who}: ${wireSeen(wire)}, expected 403 ${RBAC_DENIED}`,
  );
}

function allowed(traced: TracedRequest, { subject }: TokenFacts, who: string): Verdict {
  const stranger = notFromApp(traced, `${who} should be allowed`, 'RBAC_LOCKED_OUT');
  if (stranger !== undefined) return stranger;
  const judged = traced.sidecar?.jwt_subject;
  return judged === subject
    ? seeing(pass(`${who}: 200`), exchangeItem(traced))
    : fail(
        'CONT_SUBJECT_DIFFERS',
        `${who}: the token has the subject ${subject || '(none)'}, the sidecar validated ${judged ?? 'no subject'}`,
      );
}

function denied(traced: TracedRequest, who: string): Verdict {
  return refusedBySidecar(traced, { status: 403, details: RBAC_DEFAULT, code: 'RBAC_TOO_WIDE', who });
}
