import { DEFAULT_ACCOUNT, grant } from '../support/access.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'access',
  what: 'a service account may act as any other',
  commit: (bench) =>
    grant(bench, {
      name: 'actors',

      rules: [{ apiGroups: [''], resources: ['serviceaccounts'], verbs: ['impersonate'] }],
      subject: DEFAULT_ACCOUNT,
    }),
  turns: { 'MD-EXPO-013': 'fail EXPO_ACCESS_GRANTED' },
  says: { 'MD-EXPO-013': ['impersonate serviceaccounts', 'every namespace'] },
};
