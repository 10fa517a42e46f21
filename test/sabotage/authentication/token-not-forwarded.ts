import { patchObject } from '../support/cluster.ts';
import type { Sabotage } from '../support/sabotage.ts';

export const sabotage: Sabotage = {
  category: 'authentication',
  what: 'the sidecar keeps the token from the app',
  commit: (bench) =>
    patchObject(
      bench,
      { kind: 'requestauthentication', namespace: bench.lab.workloads.httpbin.namespace, name: 'tokens' },
      [['replace', '/spec/jwtRules/0/forwardOriginalToken', false]],
    ),
  turns: {
    'MD-HDR-008': 'fail HDR_AUTHORIZATION_CHANGED',
    'MD-CONT-004': 'fail CONT_SUBJECT_DIFFERS',
    'MD-DRIFT-001': 'fail DRIFT_OBJECTS',
  },
};
