import { addObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';
import { idleContainer } from '../support/pods.ts';

export const fault: FaultInjection = {
  category: 'pods',
  what: 'a CronJob that has no pod yet would mount the CA of istiod',
  commit: async (bench) => {
    const container = await idleContainer(bench, { volumeMounts: [{ name: 'ca', mountPath: '/ca' }] });
    const volumes = [{ name: 'ca', secret: { secretName: 'cacerts' } }];
    return addObject(bench, {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'backup', namespace: 'istio-system' },
      spec: {
        schedule: '0 0 1 1 *',
        suspend: true,
        jobTemplate: {
          spec: { template: { spec: { restartPolicy: 'Never', containers: [container], volumes } } },
        },
      },
    });
  },
  turns: { 'MD-EXPO-014': 'fail EXPO_SECRET_MOUNTED' },
  says: { 'MD-EXPO-014': ['CronJob istio-system/backup', 'cacerts'] },
};
