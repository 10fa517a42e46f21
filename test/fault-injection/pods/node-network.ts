import { addIdlePod } from '../support/pods.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'pods',
  what: 'a pod of another namespace is on the network of the node',
  commit: (bench) =>
    addIdlePod(bench, { name: 'on-node', namespace: 'default', spec: { hostNetwork: true } }),
  turns: { 'MD-EXPO-014': 'fail EXPO_NODE_REACHED' },
  says: { 'MD-EXPO-014': ['Pod default/on-node', 'hostNetwork'] },
};
