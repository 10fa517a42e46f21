import { addNeighbour } from '../support/containers.ts';
import type { Harmless } from '../support/harmless.ts';

/** On the engine’s own network, with a volume of its own. */
export const harmless: Harmless = {
  what: 'somebody runs a container of another project',
  apply: (bench) => addNeighbour(bench, ['--volume', '/data']),
  concerns: ['MD-EXPO-015', 'MD-EXPO-012'],
};
