import { patchObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';
import { TOKENS } from '../support/services.ts';

export const fault: FaultInjection = {
  category: 'services',
  what: 'the tokens of one service may be for any audience',
  commit: (bench) => patchObject(bench, TOKENS, [['remove', '/spec/jwtRules/0/audiences']]),
  turns: {
    'MD-JWT-016[orders/*]': 'fail JWT_AUDIENCE_NOT_CHECKED',
    'MD-JWT-018[orders/id-token]': 'fail JWT_OTHER_KIND_ACCEPTED',
    'MD-DRIFT-001[orders]': 'fail DRIFT_OBJECTS',
  },
};
