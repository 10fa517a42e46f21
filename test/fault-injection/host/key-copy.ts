import { addObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'host',
  what: 'a copy of a CA key is in a secret of the apps',
  names: 'sabotage-backup',
  commit: async (bench) =>
    addObject(bench, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'sabotage-backup', namespace: 'apps' },
      type: 'Opaque',
      stringData: { 'backup.pem': (await bench.context.keys()).mesh.cacerts['ca-key.pem'] },
    }),
  turns: { 'MD-EXPO-009': 'fail EXPO_CA_KEY_COPIED' },
};
