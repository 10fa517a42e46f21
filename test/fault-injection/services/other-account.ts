import type { FaultInjection } from '../support/fault-injection.ts';
import { patchPods } from '../support/services.ts';

export const fault: FaultInjection = {
  category: 'services',
  what: 'the pod of one service runs under the account of another',
  commit: (bench) => patchPods(bench, [['replace', '/spec/template/spec/serviceAccountName', 'stock']]),
  turns: {
    'MD-MESH-002[orders]': 'fail MESH_SERVER_NOT_THE_APP',
    'MD-MESH-013[orders]': 'fail MESH_CLIENT_WEAKENED',
    'MD-DRIFT-001[orders]': 'fail DRIFT_OBJECTS',
    'MD-MESH-011[orders]': 'fail CERT_NAME_MISMATCH',
    'MD-EXPO-014[identities]': 'fail EXPO_IDENTITY_SHARED',
    'MD-EXPO-014[additions]': 'fail EXPO_POD_EXTENDED',
  },
};
