import { grant } from '../support/access.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'access',
  what: 'whoever has no credential may read the secrets of the gateway',
  commit: (bench) =>
    grant(bench, {
      name: 'anonymous-readers',
      namespace: bench.lab.workloads.gateway.namespace,
      rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }],
      subject: { kind: 'Group', name: 'system:unauthenticated', apiGroup: 'rbac.authorization.k8s.io' },
    }),
  turns: { 'MD-EXPO-013': 'fail EXPO_ACCESS_GRANTED' },
  says: { 'MD-EXPO-013': ['every client without a credential', 'get secrets'] },
};
