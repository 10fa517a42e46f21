import { addIdlePod } from '../support/pods.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'pods',
  what: 'a pod runs under the account of the app',
  commit: (bench) =>
    addIdlePod(bench, {
      name: 'second-app',
      namespace: bench.lab.workloads.httpbin.namespace,
      spec: { serviceAccountName: bench.lab.workloads.httpbin.serviceAccount },
    }),
  extended: true,
  turns: { 'MD-EXPO-014': 'fail EXPO_IDENTITY_SHARED' },
  says: { 'MD-EXPO-014': ['Pod apps/second-app', 'apps/httpbin'] },
};
