import { DEFAULT_ACCOUNT, grant } from '../support/access.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'access',
  what: 'a service account may run programs in the pod of the gateway',
  commit: (bench) =>
    grant(bench, {
      name: 'debuggers',
      namespace: bench.lab.workloads.gateway.namespace,
      rules: [{ apiGroups: [''], resources: ['pods/exec'], verbs: ['create'] }],
      subject: DEFAULT_ACCOUNT,
    }),
  turns: { 'MD-EXPO-013': 'fail EXPO_ACCESS_GRANTED' },
  says: { 'MD-EXPO-013': ['ServiceAccount default/default', 'create pods/exec'] },
};
