import { addIdlePod } from '../support/pods.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'pods',
  what: 'a pod of another namespace mounts the keys of Kubernetes',
  commit: (bench) =>
    addIdlePod(bench, {
      name: 'keys',
      namespace: 'default',
      spec: { volumes: [{ name: 'node', hostPath: { path: '/etc/kubernetes' } }] },
      container: { volumeMounts: [{ name: 'node', mountPath: '/node', readOnly: true }] },
    }),
  turns: { 'MD-EXPO-014': 'fail EXPO_NODE_REACHED' },
  says: { 'MD-EXPO-014': ['Pod default/keys', '/etc/kubernetes'] },
};
