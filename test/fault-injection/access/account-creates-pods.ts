import { DEFAULT_ACCOUNT, grant } from '../support/access.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'access',
  what: 'a service account may create pods in the namespace of the gateway',
  commit: (bench) =>
    grant(bench, {
      name: 'deployers',
      namespace: bench.lab.workloads.gateway.namespace,
      rules: [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['create'] }],
      subject: DEFAULT_ACCOUNT,
    }),
  extended: true,
  turns: { 'MD-EXPO-013': 'fail EXPO_ACCESS_GRANTED' },
  says: { 'MD-EXPO-013': ['create deployments'] },
};
