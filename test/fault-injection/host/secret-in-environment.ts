import { addContainer } from '../support/containers.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'host',
  what: 'a password is in the environment of a process',
  names: /sabotage/,
  commit: async (bench) => {
    const { idp } = await bench.context.keys();
    return addContainer(bench, ['--env', `PASSWORD=${idp.passwords['alice'] ?? ''}`]);
  },
  turns: { 'MD-EXPO-010': 'fail EXPO_SECRET_LEAKED' },
};
