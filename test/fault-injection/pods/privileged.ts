import { addIdlePod } from '../support/pods.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'pods',
  what: 'a pod of another namespace is privileged',
  commit: (bench) =>
    addIdlePod(bench, {
      name: 'root',
      namespace: 'default',
      container: { securityContext: { privileged: true } },
    }),
  extended: true,
  turns: { 'MD-EXPO-014': 'fail EXPO_NODE_REACHED' },
  says: { 'MD-EXPO-014': ['Pod default/root', 'privileged'] },
};
