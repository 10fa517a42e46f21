import { addIdlePod } from '../support/pods.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'pods',
  what: 'a pod has the key of the CA of istiod in its environment',
  commit: (bench) =>
    addIdlePod(bench, {
      name: 'backup',
      namespace: 'istio-system',
      container: {
        env: [{ name: 'CA', valueFrom: { secretKeyRef: { name: 'cacerts', key: 'ca-key.pem' } } }],
      },
    }),
  turns: { 'MD-EXPO-014': 'fail EXPO_SECRET_MOUNTED' },
  // A key in the environment is a leak as well.
  mayTurn: ['MD-EXPO-009', 'MD-EXPO-010'],
  says: { 'MD-EXPO-014': ['Pod istio-system/backup', 'cacerts'] },
};
