import { CATALOGUE } from '../../../src/checks/catalogue.ts';
import type { TracedRequestId } from '../../../src/cases/traced-requests.ts';
import type { ReasonCode } from '../../../src/checks/reasons.ts';
import { FORGED_TOKENS, TOLERATED_TOKENS } from '../../../src/cases/tokens/token-cases.ts';

import {
  echoHeader,
  everyRequest,
  gatewayDown,
  served,
  sidecarRecord,
  silent,
  tokenRequest,
  traced,
} from '../../support/break-evidence.ts';

import { DETAILS } from '../../support/healthy-requests.ts';
import { row, type Red, type Row, uncontrolled } from './expected.ts';

/** What it means when a forged token of a check is accepted. */
const ACCEPTED: Readonly<Record<string, ReasonCode>> = {
  'MD-JWT-010': 'JWT_UNSIGNED_ACCEPTED',
  'MD-JWT-011': 'JWT_KEY_CONFUSED',
  'MD-JWT-012': 'JWT_FOREIGN_KEY_TAKEN',
  'MD-JWT-013': 'JWT_SIGNATURE_NOT_CHECKED',
  'MD-JWT-014': 'JWT_KID_TOO_LENIENT',
  'MD-JWT-015': 'JWT_ISSUER_TOO_WIDE',
  'MD-JWT-016': 'JWT_AUDIENCE_NOT_CHECKED',
  'MD-JWT-017': 'JWT_TIME_NOT_CHECKED',
  'MD-JWT-018': 'JWT_OTHER_KIND_ACCEPTED',
  'MD-JWT-020': 'JWT_MALFORMED_ACCEPTED',
  'MD-RBAC-002': 'RBAC_TOO_WIDE',
};

/** Who may do what: forged tokens, policies, and who has to refuse. */
export function tokenRows(): readonly Row[] {
  return [...forgeryRows(), ...toleranceRows(), ...policyRows(), ...refuserRows(), ...wholeChainRows()];
}

function forgeryRows(): readonly Row[] {
  const accepted = FORGED_TOKENS.map(({ id, check, why }) => {
    const red: Red = `fail ${ACCEPTED[check] ?? 'NO_CASES'}`;
    return row(`the forged token ${id} reaches the app (${why})`, tokenRequest(id, served), { [check]: red });
  });
  const unsent = [...new Set(FORGED_TOKENS.map(({ check }) => check))].map((check) => {
    const first = FORGED_TOKENS.find((each) => each.check === check);
    return row(
      `the forged token ${first?.id} was not shown`,
      (all) => ({
        ...all,
        'token.walks': all['token.walks'].filter((one) => one.case.id !== first?.id),
      }),
      { [check]: 'unknown CASE_NOT_RUN' },
    );
  });
  return [
    ...accepted,
    ...unsent,
    row(
      'a token past its end is refused for its signature',
      tokenRequest('expired', (one) => ({
        ...one,
        sidecar: { ...one.sidecar, response_code_details: DETAILS.SIGNATURE_BAD },
      })),
      { 'MD-JWT-017': 'fail REFUSED_FOR_OTHER_REASON' },
    ),
    row(
      'a refusal is in words that nobody knows',
      tokenRequest('jku', (one) => ({
        ...one,
        sidecar: { ...one.sidecar, response_code_details: 'something_new' },
      })),
      { 'MD-JWT-012': 'fail REFUSED_FOR_OTHER_REASON' },
    ),
    row('the walk of a forged token times out', tokenRequest('alg-none', silent), {
      'MD-JWT-010': 'unknown NO_ANSWER',
    }),
  ];
}

function toleranceRows(): readonly Row[] {
  const [first] = TOLERATED_TOKENS;
  const id = first?.id ?? '';
  return [
    row(
      'a token that is accepted by design is refused',
      tokenRequest(id, (one) => ({
        ...one,
        status: 401,
        echo: undefined,
        sidecar: { ...one.sidecar, status: '401', response_code_details: DETAILS.EXPIRED },
      })),
      { 'MD-JWT-021': 'fail JWT_TOLERANCE_MOVED' },
    ),
    row(
      'a token that was accepted by design passes as somebody else’s',
      tokenRequest(id, (one) => ({ ...one, sidecar: { ...one.sidecar, jwt_subject: 'bob' } })),
      { 'MD-JWT-021': 'fail JWT_SUBJECT_DIFFERS' },
    ),
    row(
      'a token that was accepted by design was not shown',
      (all) => ({
        ...all,
        'token.walks': all['token.walks'].filter((one) => one.case.id !== id),
      }),
      { 'MD-JWT-021': 'unknown CASE_NOT_RUN' },
    ),
    row('a token that was accepted by design never got to the sidecar', tokenRequest(id, gatewayDown), {
      'MD-JWT-021': 'unknown NO_RECORD',
    }),
  ];
}

function policyRows(): readonly Row[] {
  const opened: readonly (readonly [TracedRequestId, string, Red])[] = [
    ['no-token', 'MD-JWT-002', 'fail JWT_NOT_REQUIRED'],
    ['query-token', 'MD-JWT-002', 'fail JWT_NOT_REQUIRED'],
    ['bob-admin', 'MD-RBAC-002', 'fail RBAC_TOO_WIDE'],
    ['eve-read', 'MD-RBAC-002', 'fail RBAC_TOO_WIDE'],
    ['machine-read', 'MD-RBAC-002', 'fail RBAC_TOO_WIDE'],
    ['alice-unlisted', 'MD-RBAC-002', 'fail RBAC_TOO_WIDE'],
    ['alice-wrong-method', 'MD-RBAC-002', 'fail RBAC_TOO_WIDE'],
    ['bob-admin-encoded', 'MD-HDR-009', 'fail RBAC_TOO_WIDE'],
    ['bob-admin-dots', 'MD-HDR-009', 'fail RBAC_TOO_WIDE'],
  ];
  return [
    ...opened.map(([id, check, red]) => row(`${id} reaches the app`, traced(id, served), { [check]: red })),
    row(
      'an allowed reader is locked out',
      traced('bob-read', (one) => ({
        ...one,
        status: 403,
        echo: undefined,
        sidecar: { ...one.sidecar, status: '403', response_code_details: DETAILS.ACCESS_DENIED },
      })),
      { 'MD-RBAC-001': 'fail RBAC_LOCKED_OUT', ...uncontrolled('MD-RBAC-001') },
    ),
    row('a cached page stands in for the app', echoHeader('bob-read', 'x-meshdev-id', 'id-of-yesterday'), {
      'MD-RBAC-001': 'fail NOT_THE_APP',
      ...uncontrolled('MD-RBAC-001'),
    }),
    row('bob is let in as alice', sidecarRecord('bob-read', { jwt_subject: 'alice' }), {
      'MD-RBAC-001': 'fail CONT_SUBJECT_DIFFERS',
      ...uncontrolled('MD-RBAC-001'),
    }),
    row('an allowed request times out', traced('alice-admin', silent), {
      'MD-RBAC-001': 'unknown TIMED_OUT',
      ...uncontrolled('MD-RBAC-001'),
    }),
    row(
      'a request is denied for its missing token, not by policy',
      sidecarRecord('bob-admin', { response_code_details: DETAILS.MISSING }),
      { 'MD-RBAC-002': 'fail REFUSED_FOR_OTHER_REASON' },
    ),
  ];
}

/** The same 403, but somebody else's. */
function refuserRows(): readonly Row[] {
  return [
    row(
      'the gateway refuses instead of the sidecar',
      traced('eve-read', (one) => ({
        ...one,
        sidecar: undefined,
        gateway: { ...one.gateway, response_code_details: DETAILS.ACCESS_DENIED },
      })),
      { 'MD-RBAC-002': 'fail REFUSED_ELSEWHERE' },
    ),
    row(
      'the edge refuses instead of the sidecar',
      traced('no-token', ({ edge, ...one }) => {
        if (edge === undefined) throw new Error('no record of the edge');
        const { upstream: _, ...own } = edge;
        return { ...one, sidecar: undefined, gateway: undefined, edge: own };
      }),
      { 'MD-JWT-002': 'fail REFUSED_ELSEWHERE' },
    ),
    row(
      'the sidecar’s record of a refusal is not there yet',
      traced('eve-read', (one) => ({ ...one, sidecar: undefined })),
      { 'MD-RBAC-002': 'unknown NO_RECORD' },
    ),
    row(
      'nobody has a record of a refusal',
      traced('eve-read', (one) => ({ ...one, sidecar: undefined, gateway: undefined, edge: undefined })),
      { 'MD-RBAC-002': 'unknown NO_RECORD' },
    ),
    row('the record of a refusal is of another request', sidecarRecord('eve-read', { meshdev_id: 'other' }), {
      'MD-RBAC-002': 'unknown NO_RECORD',
    }),
    row('sidecar and client saw different answers', sidecarRecord('eve-read', { status: '200' }), {
      'MD-RBAC-002': 'fail REFUSED_FOR_OTHER_REASON',
    }),
  ];
}

const NEGATIVES_OF_REQUESTS = CATALOGUE.filter(
  ({ polarity, evidence }) =>
    polarity === 'negative' && evidence.some((key) => key === 'walks' || key === 'token.walks'),
).map(({ id }) => id);

/** Rule 4 on the whole: when nothing passes, no refusal counts and none is blamed. */
function wholeChainRows(): readonly Row[] {
  const turned = (red: Red) => ({
    ...uncontrolled('MD-CONT-001', 'MD-CONT-003', 'MD-RBAC-001', 'MD-JWT-001'),
    ...Object.fromEntries(NEGATIVES_OF_REQUESTS.map((id) => [id, red] as const)),
    'MD-GW-004': 'unknown NO_RECORD' as const,
    'MD-CONT-002': 'unknown NO_RECORD' as const,
  });
  return [
    row('the gateway is down: everybody gets 502 from the edge', everyRequest(gatewayDown), {
      ...turned('unknown CONTROL_NOT_GREEN'),
      'MD-EGW-005': 'unknown NO_RECORD',
      'MD-EGW-006': 'unknown NO_RECORD',
      'MD-EGW-007': 'unknown NO_RECORD',
      'MD-MESH-003': 'unknown NO_RECORD',
      'MD-MESH-002': 'unknown NO_RECORD',
      'MD-JWT-001': 'unknown PATH_BROKEN',
      'MD-JWT-021': 'unknown NO_RECORD',
      'MD-RBAC-001': 'unknown PATH_BROKEN',
      'MD-CONT-003': 'unknown PATH_BROKEN',
      'MD-WRK-001': 'fail WRK_CHAIN_BROKEN',
      'MD-HDR-001': 'unknown NO_ECHO',
      'MD-HDR-002': 'unknown NO_ECHO',
      'MD-HDR-003': 'unknown NO_RECORD',
    }),
    row('no request is answered in time', everyRequest(silent), {
      ...turned('unknown NO_ANSWER'),
      'MD-EGW-005': 'unknown NO_RECORD',
      'MD-EGW-006': 'unknown NO_RECORD',
      'MD-EGW-007': 'unknown NO_RECORD',
      'MD-MESH-002': 'unknown NO_RECORD',
      'MD-MESH-003': 'unknown NO_RECORD',
      'MD-WRK-001': 'unknown TIMED_OUT',
      'MD-JWT-001': 'unknown TIMED_OUT',
      'MD-JWT-021': 'unknown NO_RECORD',
      'MD-RBAC-001': 'unknown TIMED_OUT',
      'MD-CONT-001': 'unknown TIMED_OUT',
      'MD-CONT-003': 'unknown TIMED_OUT',
      'MD-CONT-004': 'unknown NO_RECORD',
      'MD-CONT-005': 'unknown TIMED_OUT',
      'MD-DRIFT-005': 'unknown NO_RECORD',
      'MD-HDR-001': 'unknown NO_ECHO',
      'MD-HDR-002': 'unknown NO_ECHO',
      'MD-HDR-003': 'unknown NO_RECORD',
    }),
    row(
      'an empty 200 stands in for the whole chain',
      everyRequest((one) => ({
        ...one,
        status: 200,
        echo: undefined,
        gateway: undefined,
        sidecar: undefined,
        edge: undefined,
      })),
      {
        ...turned('unknown NO_RECORD'),
        'MD-EGW-005': 'unknown NO_RECORD',
        'MD-EGW-006': 'unknown NO_RECORD',
        'MD-EGW-007': 'unknown NO_RECORD',
        'MD-MESH-002': 'unknown NO_RECORD',
        'MD-MESH-003': 'unknown NO_RECORD',
        'MD-JWT-001': 'fail NOT_THE_APP',
        'MD-JWT-021': 'fail NOT_THE_APP',
        'MD-RBAC-001': 'fail NOT_THE_APP',
        'MD-CONT-001': 'fail CONT_BROKEN',
        'MD-CONT-003': 'fail CONT_NO_ECHO',
        'MD-CONT-005': 'fail CONT_NO_ECHO',
        'MD-WRK-001': 'fail NOT_THE_APP',
        'MD-HDR-001': 'unknown NO_ECHO',
        'MD-HDR-002': 'unknown NO_ECHO',
      },
    ),
  ];
}
