import { EVERY_ACCOUNT, grant } from '../support/access.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'access',
  what: 'every service account may read every secret',
  commit: (bench) =>
    grant(bench, {
      name: 'secret-readers',

      rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list'] }],
      subject: EVERY_ACCOUNT,
    }),
  turns: { 'MD-EXPO-013': 'fail EXPO_ACCESS_GRANTED' },
  says: { 'MD-EXPO-013': ['every service account', 'list secrets', 'ClusterRoleBinding secret-readers'] },
};
