import { addContainer } from '../support/containers.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'host',
  what: 'a container of the lab mounts the engine’s socket',
  names: /docker\.sock|engine socket/,
  commit: (bench) => addContainer(bench, ['--volume', '/var/run/docker.sock:/var/run/docker.sock']),
  turns: { 'MD-EXPO-012': 'fail EXPO_HOST_MOUNTED' },
};
