import { patchObject } from '../support/cluster.ts';
import type { Sabotage } from '../support/sabotage.ts';

export const sabotage: Sabotage = {
  category: 'authorisation',
  what: 'the gateway’s own policy lets every host pass',
  commit: (bench) =>
    patchObject(
      bench,
      {
        kind: 'authorizationpolicy',
        namespace: bench.lab.workloads.gateway.namespace,
        name: 'gateway-forwards',
      },
      [['replace', '/spec/rules', [{}]]],
    ),
  turns: { 'MD-GW-005': 'fail REFUSED_FOR_OTHER_REASON', 'MD-DRIFT-001': 'fail DRIFT_OBJECTS' },
};
