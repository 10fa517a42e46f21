import type { FaultInjection } from '../support/fault-injection.ts';
import { changeTokenRule } from '../support/token-rules.ts';

export const fault: FaultInjection = {
  category: 'authentication',
  what: 'the audiences of good tokens are removed',
  names: 'RequestAuthentication apps/tokens',
  commit: (bench) => changeTokenRule(bench, ['remove', 'audiences']),
  turns: {
    'MD-JWT-016': 'fail JWT_AUDIENCE_NOT_CHECKED',
    'MD-JWT-018': 'fail JWT_OTHER_KIND_ACCEPTED',
    'MD-DRIFT-001': 'fail DRIFT_OBJECTS',
  },
};
