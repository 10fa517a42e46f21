import { DEFAULT_ACCOUNT, grant } from '../support/access.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'access',
  what: 'a service account may change the policies of the apps',
  commit: (bench) =>
    grant(bench, {
      name: 'policy-editors',
      namespace: bench.lab.workloads.httpbin.namespace,
      rules: [{ apiGroups: ['security.istio.io'], resources: ['authorizationpolicies'], verbs: ['patch'] }],
      subject: DEFAULT_ACCOUNT,
    }),
  turns: { 'MD-EXPO-013': 'fail EXPO_ACCESS_GRANTED' },
  says: { 'MD-EXPO-013': ['patch authorizationpolicies'] },
};
