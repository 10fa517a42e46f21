import { DEFAULT_ACCOUNT, grant } from '../support/access.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'access',
  what: 'a service account may issue tokens of the account of the gateway',
  commit: (bench) =>
    grant(bench, {
      name: 'token-issuers',
      namespace: bench.lab.workloads.gateway.namespace,
      rules: [
        {
          apiGroups: [''],
          resources: ['serviceaccounts/token'],
          verbs: ['create'],
          resourceNames: ['gateway'],
        },
      ],
      subject: DEFAULT_ACCOUNT,
    }),
  turns: { 'MD-EXPO-013': 'fail EXPO_ACCESS_GRANTED' },
  says: { 'MD-EXPO-013': ['create serviceaccounts/token', 'named gateway'] },
};
