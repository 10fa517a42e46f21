import type { ReasonCode } from './reasons.ts';

/**
 * How far a reason speaks for itself.
 * `named`: the verdict names the verdict that it follows from.
 * `unseen`: nothing was observed, so whatever hides it is the cause.
 * `honest`: a valid request did not pass; whatever stopped it is the cause.
 * `elsewhere`: something refused, but not the component or not for the reason that was expected.
 */
export type Consequence = 'named' | 'unseen' | 'honest' | 'elsewhere';

/** The one list of reasons that are consequences of something else. All others are findings of their own. */
const CONSEQUENCES: Readonly<Partial<Record<ReasonCode, Consequence>>> = {
  CONTROL_NOT_GREEN: 'named',
  BEHIND_BROKEN_LINK: 'named',

  CONTROL_NOT_JUDGED: 'unseen',
  EVIDENCE_MISSING: 'unseen',
  EVIDENCE_UNREADABLE: 'unseen',
  TIMED_OUT: 'unseen',
  NOT_REACHED: 'unseen',
  NO_ANSWER: 'unseen',
  NO_RECORD: 'unseen',
  NO_ECHO: 'unseen',
  NO_CASES: 'unseen',
  CASE_NOT_RUN: 'unseen',
  NO_CERTIFICATE: 'unseen',
  NO_PROXIES: 'unseen',
  NO_WORKLOAD_CERTIFICATE: 'unseen',
  NO_SYNC_STATE: 'unseen',
  NAME_NOT_SEEN: 'unseen',
  PATH_BROKEN: 'unseen',
  CLOCK_UNREAD: 'unseen',
  DRIFT_NO_VERSION: 'unseen',

  NOT_THE_APP: 'honest',
  WRK_CHAIN_BROKEN: 'honest',
  EDGE_NOT_SERVING: 'honest',
  EDGE_CLIENT_REFUSES: 'honest',
  EGW_EDGE_REFUSED: 'honest',
  MESH_CONTROL_REFUSED: 'honest',
  MESH_PEER_REFUSED: 'honest',
  MESH_GOOD_SERVER_REFUSED: 'honest',
  JWT_VALID_REFUSED: 'honest',
  JWT_TOLERANCE_MOVED: 'honest',
  RBAC_LOCKED_OUT: 'honest',
  HDR_PATH_OTHERWISE: 'honest',
  HDR_HONEST_LOST: 'honest',
  OIDC_LOGIN_BROKEN: 'honest',
  OIDC_FLOW_BROKEN: 'honest',
  OIDC_NO_TOKEN: 'honest',
  OIDC_GOOD_ISSUER_REFUSED: 'honest',
  EGW_GOOD_GATEWAY_REFUSED: 'honest',
  EDGE_GOOD_SERVER_REFUSED: 'honest',
  CONT_BROKEN: 'honest',
  CONT_NO_ECHO: 'honest',
  CONT_NOT_ONCE: 'honest',
  CONT_UPGRADE_BROKEN: 'honest',

  REFUSED_ELSEWHERE: 'elsewhere',
  REFUSED_FOR_OTHER_REASON: 'elsewhere',
};

/** Undefined: a finding of its own. */
export function consequenceOf(code: ReasonCode): Consequence | undefined {
  return CONSEQUENCES[code];
}

/** Whether the verdict itself names the verdict that it follows from. */
export function namesItsCause(code: ReasonCode): boolean {
  return CONSEQUENCES[code] === 'named';
}
