import { DEFAULT_ACCOUNT, grant } from '../support/access.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'access',
  what: 'a service account may call the kubelet through the API server',
  commit: (bench) =>
    grant(bench, {
      name: 'node-callers',

      rules: [{ apiGroups: [''], resources: ['nodes/proxy'], verbs: ['*'] }],
      subject: DEFAULT_ACCOUNT,
    }),
  extended: true,
  turns: { 'MD-EXPO-013': 'fail EXPO_ACCESS_GRANTED' },
  says: { 'MD-EXPO-013': ['nodes/proxy'] },
};
