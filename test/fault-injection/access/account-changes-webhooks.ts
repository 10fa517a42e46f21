import { DEFAULT_ACCOUNT, grant } from '../support/access.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'access',
  what: 'a service account may change the injector of Istio',
  commit: (bench) =>
    grant(bench, {
      name: 'webhook-editors',

      rules: [
        {
          apiGroups: ['admissionregistration.k8s.io'],
          resources: ['mutatingwebhookconfigurations'],
          verbs: ['update'],
        },
      ],
      subject: DEFAULT_ACCOUNT,
    }),
  extended: true,
  turns: { 'MD-EXPO-013': 'fail EXPO_ACCESS_GRANTED' },
  says: { 'MD-EXPO-013': ['update mutatingwebhookconfigurations'] },
};
