import { chmod } from 'node:fs/promises';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'host',
  what: 'others may read the kubeconfig of the lab',
  names: /kubeconfig/,
  commit: async ({ context }) => {
    await chmod(context.files.kubeconfig, 0o644);
    return () => chmod(context.files.kubeconfig, 0o600);
  },
  turns: { 'MD-EXPO-008': 'fail EXPO_KEY_READABLE' },
};
