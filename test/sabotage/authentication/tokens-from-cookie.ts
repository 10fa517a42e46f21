import type { Sabotage } from '../support/sabotage.ts';
import { changeTokenRule } from '../support/token-rules.ts';

export const sabotage: Sabotage = {
  category: 'authentication',
  what: 'tokens are taken from a cookie too',
  commit: (bench) => changeTokenRule(bench, ['add', 'fromCookies', ['access_token']]),
  extended: true,
  turns: { 'MD-JWT-019': 'fail JWT_OTHER_DELIVERY_TAKEN', 'MD-DRIFT-001': 'fail DRIFT_OBJECTS' },
};
