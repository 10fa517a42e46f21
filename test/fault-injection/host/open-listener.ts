import { addContainer } from '../support/containers.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'host',
  what: 'a container of the lab listens on every address of the machine',
  names: /sabotage/,
  commit: (bench) => addContainer(bench, ['--publish', '0.0.0.0:0:9999']),
  extended: true,
  turns: { 'MD-EXPO-001': 'fail EXPO_NOT_LOOPBACK' },
};
