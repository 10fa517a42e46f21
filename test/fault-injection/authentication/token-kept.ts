import type { FaultInjection } from '../support/fault-injection.ts';
import { changeTokenRule } from '../support/token-rules.ts';

export const fault: FaultInjection = {
  category: 'authentication',
  what: 'the sidecar keeps the token to itself',
  names: 'RequestAuthentication apps/tokens',
  commit: (bench) => changeTokenRule(bench, ['replace', 'forwardOriginalToken', false]),
  turns: {
    'MD-HDR-008': 'fail HDR_AUTHORIZATION_CHANGED',
    'MD-JWT-019': 'fail JWT_OTHER_TOKEN_RECEIVED',
    'MD-CONT-004': 'fail CONT_SUBJECT_DIFFERS',
    'MD-DRIFT-001': 'fail DRIFT_OBJECTS',
  },
};
