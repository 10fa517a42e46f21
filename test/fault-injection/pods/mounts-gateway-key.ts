import { addIdlePod } from '../support/pods.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'pods',
  what: 'a pod mounts the certificate of the gateway',
  commit: (bench) =>
    addIdlePod(bench, {
      name: 'reader',
      namespace: bench.lab.workloads.gateway.namespace,
      spec: { volumes: [{ name: 'key', secret: { secretName: 'gateway-credential' } }] },
      container: { volumeMounts: [{ name: 'key', mountPath: '/key' }] },
    }),
  turns: { 'MD-EXPO-014': 'fail EXPO_SECRET_MOUNTED' },
  // Whatever looks for keys may find the second copy.
  mayTurn: ['MD-EXPO-009', 'MD-EXPO-010'],
  says: { 'MD-EXPO-014': ['Pod istio-ingress/reader', 'gateway-credential'] },
};
