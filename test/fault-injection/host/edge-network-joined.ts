import { addNeighbour } from '../support/containers.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'host',
  what: 'a container of another project shares the network of the edge',
  commit: (bench) => addNeighbour(bench, ['--network', `container:${bench.lab.containers.edge}`]),
  turns: { 'MD-EXPO-015': 'fail EXPO_NEIGHBOUR' },
  says: { 'MD-EXPO-015': ['container meshdev-neighbour', 'network of'] },
};
