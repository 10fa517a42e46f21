import { addNeighbour } from '../support/containers.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'host',
  what: 'a container of another project mounts the socket of the admin API of Caddy',
  commit: (bench) => addNeighbour(bench, ['--volume', `${bench.lab.containers.edge}-admin:/run/meshdev`]),
  turns: { 'MD-EXPO-015': 'fail EXPO_NEIGHBOUR' },
  says: { 'MD-EXPO-015': ['container meshdev-neighbour', '-edge-admin'] },
};
