import type { FaultInjection } from '../support/fault-injection.ts';
import { changeTokenRule } from '../support/token-rules.ts';

export const fault: FaultInjection = {
  category: 'authentication',
  what: 'tokens are taken from a cookie too',
  names: 'RequestAuthentication apps/tokens',
  commit: (bench) => changeTokenRule(bench, ['add', 'fromCookies', ['access_token']]),
  extended: true,
  turns: { 'MD-JWT-019': 'fail JWT_OTHER_DELIVERY_TAKEN', 'MD-DRIFT-001': 'fail DRIFT_OBJECTS' },
};
