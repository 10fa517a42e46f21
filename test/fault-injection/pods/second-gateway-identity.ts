import { addIdlePod } from '../support/pods.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'pods',
  what: 'a pod runs under the account of the gateway',
  commit: (bench) =>
    addIdlePod(bench, {
      name: 'second-gateway',
      namespace: bench.lab.workloads.gateway.namespace,
      spec: { serviceAccountName: bench.lab.workloads.gateway.serviceAccount },
    }),
  turns: { 'MD-EXPO-014': 'fail EXPO_IDENTITY_SHARED' },
  says: { 'MD-EXPO-014': ['Pod istio-ingress/second-gateway', 'istio-ingress/gateway'] },
};
