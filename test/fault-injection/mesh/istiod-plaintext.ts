import { patchObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'mesh',
  what: 'istiod serves its configuration in plaintext',
  names: 'Deployment istio-system/istiod',
  commit: (bench) =>
    patchObject(bench, { kind: 'deployment', namespace: 'istio-system', name: 'istiod' }, [
      ['remove', '/spec/template/spec/containers/0/args/7'],
    ]),
  extended: true,
  turns: { 'MD-EXPO-004': 'fail EXPO_ISTIOD_OPEN', 'MD-DRIFT-001': 'fail DRIFT_OBJECTS' },
};
