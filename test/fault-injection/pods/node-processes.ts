import { addIdlePod } from '../support/pods.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'pods',
  what: 'a pod of another namespace sees the processes of the node',
  commit: (bench) => addIdlePod(bench, { name: 'watcher', namespace: 'default', spec: { hostPID: true } }),
  extended: true,
  turns: { 'MD-EXPO-014': 'fail EXPO_NODE_REACHED' },
  says: { 'MD-EXPO-014': ['Pod default/watcher', 'hostPID'] },
};
