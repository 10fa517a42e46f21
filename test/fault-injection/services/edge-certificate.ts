import type { FaultInjection } from '../support/fault-injection.ts';
import { serveOtherName } from '../support/services.ts';

export const fault: FaultInjection = {
  category: 'services',
  what: 'the edge serves a certificate of another name for one service',
  commit: serveOtherName,
  turns: {
    'MD-EDGE-003[orders]': 'fail CERT_NAME_MISMATCH',
    'MD-EDGE-018[orders]': 'unknown NO_ANSWER',
    'MD-DRIFT-001': 'fail DRIFT_EDGE',
  },
};
